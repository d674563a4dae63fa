"""What spoils a graph and how it changes: noise of a known size, growth, thinning."""
