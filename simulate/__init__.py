"""Models with known truth, exact samplers, noise, interaction logs, growth and matched nulls."""
