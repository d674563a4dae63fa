"""What does it take to say of a matrix what is said of no twin of it? As long as some ten analyses of it.

The spectrum at 128 dimensions, second eigenvalues of draws of the null, an analysis of each fold of hidden pairs and of each
thinned data set, the neighbours in these, and what follows the number of items (`experiments.real.description`).
"""

from __future__ import annotations

from experiments.estimates.embedding import embedding
from experiments.estimates.looking import Looked
from experiments.estimates.of_stability import SECONDS_OF_A_SCORE, Analysing, analysing
from experiments.estimates.plan import Step
from experiments.estimates.products import SomeRows
from experiments.matrices.published_spectra import TOP
from experiments.real.beyond_chance import MORE, SMALL
from experiments.real.hidden_pairs import FOLDS, TESTED
from experiments.real.hidden_pairs import SCORES as OF_FOLDS
from experiments.real.trust import DRAWS, FEW, LARGE
from experiments.real.trust import SCORES as OF_DRAW

REPLICATES = 3  # draws of the null by which a rank is chosen (`theory.parallel_analysis`)
SECONDS_OF_AN_ITEM = 200e-6  # its questions, spikes and place on the page
SPECTRUM = 1e-4  # tolerance of the 128 eigenvalues


def seconds_of_all(of: Analysing) -> float | None:
    """Return the processor time of an analysis; None where it is not known."""
    times = [part.seconds for part in of.steps]
    return None if None in times else sum(time for time in times if time is not None)


def seconds_to_choose(one: Looked, drawn: float, some: SomeRows | None) -> float | None:
    """Return the processor time of the second eigenvalues of some draws of the null, each drawn in so many seconds."""
    each = seconds_of_all(analysing(one, 2, 0.0, 0.0, some, null=True))
    return None if each is None else REPLICATES * (each + drawn)


def describing(
    one: Looked, of: tuple[Analysing, Analysing], kept: float, drawn: float, some: SomeRows | None
) -> Step:
    """Return the step of describing a matrix; `kept` bytes are held besides.

    Parameters
    ----------
    of : its analysis at the rank that is described, and at the ranks of the curve.
    drawn : seconds of a draw of the null.
    """
    small, folds = of
    n, entries = small.items, small.entries
    choosing, of_one, of_fold = (
        seconds_to_choose(one, drawn, some), seconds_of_all(small), seconds_of_all(folds),
    )  # fmt: skip
    spectrum = embedding(n, entries, TOP, kept, SPECTRUM, some=some)
    seconds = None
    if choosing is not None and of_one is not None and of_fold is not None:
        more = MORE / REPLICATES * choosing if entries <= SMALL else 0.0
        draws = FEW if entries > LARGE else DRAWS
        scores = draws * min(OF_DRAW, n**2) + min(OF_FOLDS, 2 * TESTED * n)
        seconds = (
            (spectrum.seconds or 0.0)
            + choosing
            + more
            + FOLDS * of_fold
            + draws * of_one
            + SECONDS_OF_A_SCORE * scores
            + SECONDS_OF_AN_ITEM * n
        )
    memory = max(step.memory for step in (spectrum, *folds.steps, *small.steps))
    size = f"{n:,.0f} items; {FOLDS} folds, thinned data, and a spectrum of {TOP}"
    return Step(f"describe {one.name}", memory, seconds, "sparse product", size, small.steps[-1].bound)
