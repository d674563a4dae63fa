"""From studies to tables: tasks, seeds, worker processes, clusters, the store, replay and export."""
