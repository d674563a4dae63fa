"""Which trials may a study file name? Those of the suite, of files and modules that the caller names, and of installed packages.

A module offers the public functions `trial(cell, rngs)` that it defines, under their names, and what its dict `TRIALS` holds: a
`Registered` for a trial that declares its parameters with defaults and its roles. A function alone takes whatever parameters the
study file gives it, and each source of randomness that it asks for depends on all of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from experiments.judging.origin import line_of_function
from experiments.running.entry_points import Group, load_offered, offered
from experiments.running.given_modules import load_file, load_module
from experiments.studies.trials import TRIALS, Registered
from simulate.plain_text import printable
from simulate.validation import did_you_mean

GROUP: Group = "spikeproof.trials"


def chosen_trials(words: Iterable[str]) -> dict[str, Registered]:
    """Return the trials of these Python files and dotted modules, by name.

    Raises
    ------
    ValueError
        for a file or module that cannot be loaded or has no trial, or a name that another one has or that is one of the suite's.
    """
    found: dict[str, Registered] = {}
    for word in [words] if isinstance(words, str) else words:
        is_module = "." in word and "/" not in word and not word.endswith(".py")
        module = (
            load_module(word)
            if is_module and all(map(str.isidentifier, word.split(".")))
            else load_file(word)
        )
        offers = _trials_in(module)
        if not offers:
            raise ValueError(
                f"{printable(word)} holds no trial; a trial is a public function `trial(cell, rngs)` that it defines"
            )
        for name, registered in offers.items():
            if name in TRIALS or name in found:
                place = line_of_function(registered.trial)
                whose = "of spikeproof's own" if name in TRIALS else "of another file"
                raise ValueError(
                    f"{place}: the trial {name!r} has the name of one {whose}; give it another name"
                )
        found |= offers
    return found


def trial_named(name: Any, given: Mapping[str, Registered]) -> Registered:
    """Return the trial of that name: of the suite, of `given`, or of an installed package.

    Raises
    ------
    ValueError
        for a name that none of them has; the nearest is named.
    """
    known = {**TRIALS, **given}
    if isinstance(name, str):
        if name in known:
            return known[name]
        if name in (packages := offered(GROUP)):
            return _registered(load_offered(GROUP, name), f"{name!r} of the package {packages[name]}")
    raise ValueError(
        f"trial must be one of {', '.join(known)}, or one of a file of your own that --trials names; "
        f"got {name!r}{did_you_mean(name, list(known)) if isinstance(name, str) else ''}"
    )


def _trials_in(module: ModuleType) -> dict[str, Registered]:
    declared = getattr(module, "TRIALS", {})
    found = {
        str(name): _registered(value, f"TRIALS[{name!r}] of {module.__file__}")
        for name, value in (declared.items() if isinstance(declared, dict) else ())
    }
    taken = [registered.trial for registered in found.values()]
    for name, value in vars(module).items():
        own = inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        if own and value not in taken and _takes_two(value):
            found.setdefault(name, _registered(value, name))
    return found


def _registered(thing: Any, what: str) -> Registered:
    if isinstance(thing, Registered):
        return thing
    if not callable(thing):
        raise ValueError(
            f"{what} must be a function `trial(cell, rngs)` or a `Registered`; got {type(thing).__name__}"
        )
    return Registered(thing, 1, None, None)


def _takes_two(function: Any) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        return False
    return True
