"""How far out does a real matrix lie among draws of a null, or among the samples of a model?

The answer is the two-sided posterior predictive p-value (Gelman, Meng and Stern 1996) of one statistic T. Of R samples
(twins), count those with T at most the real value, and those with T at least the real value; let m be the smaller count.
Then

    p = min(1, 2 (1 + m) / (R + 1)).

Equal values count on both sides, so that a statistic which takes few values cannot look extreme by ties. The least p that
R twins can show is 2 / (R + 1). It is exact where the matrix is drawn as the samples are, as under a null that keeps what it
conditions on. Where the model was fitted to the same matrix, it rejects a true model too often or too rarely, and
`twin_p_value` is to be used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def predictive_p_value(
    real: float | None, twins: Sequence[float], *, at_least: Sequence[bool] = ()
) -> float | None:
    """Return the two-sided posterior predictive p-value of a statistic, in (0, 1].

    Parameters
    ----------
    real
        the statistic of the real matrix; None where it has none.
    twins
        (R,) the same statistic of R twins.
    at_least
        (R,) whether that of each twin is only known to be so large or larger; without, all are numbers.

    Returns
    -------
    float or None
        None without a real value or without twins.

    Raises
    ------
    ValueError
        for a lower bound that is not above the real value: only the number itself would tell on which side the twin lies.

    Examples
    --------
    >>> predictive_p_value(5.0, [1.0, 2.0, 3.0])
    0.5
    >>> predictive_p_value(2.0, [2.0, 2.0, 2.0])
    1.0
    >>> predictive_p_value(5.0, [50.0, 50.0, 48.0], at_least=[True, True, False])
    0.5
    """
    if real is None or not len(twins):
        return None
    values = np.asarray(twins, dtype=np.float64)
    if len(at_least):
        bounds = np.asarray(at_least, dtype=bool)
        if bounds.shape != values.shape:
            raise ValueError(f"at_least must have one entry per twin, {len(values)}; got {len(bounds)}")
        if (unclear := values[bounds & (values <= real)]).size:
            raise ValueError(
                f"at_least may mark twins above the real value {real:g} only; got a lower bound of {unclear[0]:g}"
            )
    rarer = min(int((values <= real).sum()), int((values >= real).sum()))
    return min(1.0, 2 * (1 + rarer) / (len(values) + 1))
