"""What a sample of a model will show, before it is drawn: visible directions, angles to the rays, Spk, stability."""
