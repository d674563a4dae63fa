"""Exact samples of a model: graphs, bipartite graphs and interaction logs, in time proportional to their edges."""
