"""Pages of HTML, drawn from a store alone."""
