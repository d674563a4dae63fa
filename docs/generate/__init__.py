"""Pages of the site that follow from the code and from a run: commands, reference, map of the modules, ledger."""
