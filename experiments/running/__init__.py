"""How does a study become a table? Tasks, seeds, worker processes, clusters, the store, replay and export; it knows no claim."""
