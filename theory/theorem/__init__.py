"""Theorem 3.4 both ways: the rays of a block model, the block model of rays, and what imperfect spikes certify."""
