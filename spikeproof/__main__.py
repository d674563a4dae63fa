"""`python -m spikeproof`, and the command `spikeproof`."""

from spikeproof.app import main

if __name__ == "__main__":
    main()
