"""From rows to a verdict in words: estimands, criteria, claims, intervals, the ledger."""
