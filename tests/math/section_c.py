"""Section C, the metric: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

from dataclasses import replace

import numpy as np

import theory

VERDICTS = {
    "C2": "qualified",
}


def one_peak_too_many(patch):
    original = theory.spikiness

    def wrong(vectors, **options):
        found = original(vectors, **options)
        return replace(found, peaks=np.append(found.peaks, found.peaks[-1]))

    patch.setattr(theory, "spikiness", wrong)


PLANTED = [
    ("C2", one_peak_too_many),
]
