"""A small matrix whose item names try to break out of the page."""

import csv

import numpy as np

SCRIPT = "<script>document.title='broken'</script>"
NAMES = [
    SCRIPT,
    "\"quoted\" & 'single' </script><!--",
    "\u202eright to left\u202c",
    "x" * 10_000,
    "]]>&amp;&#x3c;b&#x3e;",
]


def write_hostile(path, contexts=300, items=40):
    """Write interactions of two communities as CSV; the first items have hostile names."""
    rng = np.random.default_rng(0)
    names = NAMES + [f"item {k}" for k in range(len(NAMES), items)]
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["context", "item"])
        for context in range(contexts):
            half = np.arange(items)[np.arange(items) % 2 == context % 2]
            for item in rng.choice(half, 8, replace=False):
                out.writerow([f"c{context}", names[item]])
    return path
