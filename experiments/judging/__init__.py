"""Is a claim true? From rows to a verdict in words: estimands, criteria, intervals, claims, the ledger."""
