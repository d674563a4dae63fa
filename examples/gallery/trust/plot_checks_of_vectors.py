"""
What is wrong with these vectors?
=================================

Faults are planted in sound vectors, one after the other, and all checks look at each set. Each check finds the fault that it
looks for, and none finds anything in the sound vectors. A check compares with chance at the level 0.001, and says in a sentence
what it found and what to do.
"""

from textwrap import fill

import numpy as np
from spikeproof.experiments.real.faults import checks_of
from spikeproof.simulate.changes import planted_faults as plant
from spikeproof.simulate.sound_vectors import sound_vectors

from spikeproof.reports import COLOURS, picture

rng = np.random.default_rng(0)
sound = sound_vectors("isotropic", 600, 16, rng)  # random directions: noise to one check, which is left out
planted = {
    "a row of zeros": plant.plant_zero_rows(sound, rng),
    "columns that depend on others": plant.plant_dependent_columns(sound),
    "a mean that all share": plant.plant_common_mean(sound, rng),
    "a hub, near to many": plant.plant_hub(sound, rng),
    "near-duplicates": plant.plant_near_duplicates(sound, rng),
}
sets = {"nothing": sound, **{name: one.vectors for name, one in planted.items()}}
checks = [[one for one in checks_of(vectors, rng)[:6] if one.check != "noise"] for vectors in sets.values()]
found = np.array([[check.found for check in row] for row in checks])

(axis,) = picture("Each check finds its own fault, and nothing in sound vectors")
planted_at, check_at = np.nonzero(found)
axis.plot(check_at, planted_at, "o", color=COLOURS[3], markersize=12)
axis.set_xticks(range(5), [fill(check.title, 12) for check in checks[0]], fontsize="small")
axis.set_yticks(range(6), list(sets))
axis.set(xlabel="found", ylabel="planted", xlim=(-0.5, 4.5), ylim=(5.5, -0.5))

assert not found[0].any() and (found[1:] == np.eye(5, dtype=bool)).all()
