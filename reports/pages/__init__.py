"""What is told of a run? HTML pages and the document of the ledger, written from what the run stored and from nothing else."""
