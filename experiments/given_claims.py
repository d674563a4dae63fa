"""Which claims does the caller mean? Words and objects become claims here, for every command and function that takes them.

| given | means |
|---|---|
| `A1`, `B` | a claim of the suite by its id, all of a section by its letter |
| `my_claims.py`, `package.module` | all claims of a Python file, or of a module with a dot in its name |
| `my_claims.py::gap` | one of them, by its id |
| `gap` | what an installed package offers under that name (`experiments.running.entry_points`), or else with that id |
| a `Claim`, a module, a path | from Python: that claim, or those of the module or file |
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from experiments.claims import our_ids, registry, select
from experiments.judging.claim import Claim
from experiments.judging.origin import claims_in, place_of
from experiments.running.entry_points import Group, load_offered, offered
from experiments.running.given_modules import load_file, load_module
from simulate.plain_text import printable

Given = str | os.PathLike[str] | ModuleType | Claim
GROUP: Group = "spikeproof.claims"


def chosen_claims(given: Given | Iterable[Given] = ()) -> list[Claim]:
    """Return the claims that the caller means: those of the suite in the order of its ledger, then the others as they are given.

    Without any, all claims of the suite.

    Raises
    ------
    ValueError
        for a word that means no claim, a file or module that cannot be loaded or has no claim, an id that is one of the suite's,
        or two claims of one id; with the file and line.
    TypeError
        for an object that names no claim, such as a number.

    Examples
    --------
    >>> [claim.id for claim in chosen_claims(["b3", "A1"])]
    ['A1', 'B3']
    """
    if isinstance(given, str | os.PathLike | ModuleType | Claim) or not isinstance(given, Iterable):
        given = [given]
    listed = list(given)
    for one in listed:
        if not isinstance(one, str | os.PathLike | ModuleType | Claim):
            raise TypeError(f"a claim is given as a Claim, an id, a file or a module; got {one!r}")
    words = [one for one in listed if isinstance(one, str) and _is_ours(one)]
    theirs: list[Claim] = []
    for one in listed:
        if not (isinstance(one, str) and _is_ours(one)):
            theirs += [claim for claim in _claims_of(one) if not any(claim is known for known in theirs)]
    own = [claim for claim in theirs if claim.id in our_ids() and claim is registry()[claim.id]]
    theirs = [claim for claim in theirs if not any(claim is known for known in own)]
    _require_ids(theirs)
    ours = select([*words, *(claim.id for claim in own)]) if words or own or not listed else []
    return [*ours, *theirs]


def chosen_claim(given: Given) -> Claim:
    """Return the one claim that the caller means.

    Raises
    ------
    ValueError
        as `chosen_claims`, and for a section, or a file or module of several claims.
    """
    found = chosen_claims(given)
    if len(found) == 1:
        return found[0]
    if isinstance(given, str) and _is_ours(given):
        raise ValueError(f"claim must be one id, such as {found[0].id}; got the section {given!r}")
    name = printable(str(given))
    raise ValueError(
        f"{name} holds {len(found)} claims ({', '.join(claim.id for claim in found)}); name one, such as {name}::{found[0].id}"
    )


def _is_ours(word: str) -> bool:
    return bool(re.fullmatch("[A-Za-z]", word)) or word.upper() in our_ids()


def _claims_of(given: Given) -> list[Claim]:
    if isinstance(given, Claim):
        return [given]
    if isinstance(given, ModuleType):
        return _held(given, given.__name__)
    if not isinstance(given, str):
        return _held(load_file(given), str(given))
    place, separator, name = given.partition("::")
    found = _claims_named(place)
    if not separator:
        return found
    chosen = [claim for claim in found if claim.id == name]
    if not chosen:
        raise ValueError(
            f"{printable(place)} holds no claim {name!r}; it holds {', '.join(claim.id for claim in found)}"
        )
    return chosen


def _claims_named(word: str) -> list[Claim]:
    """Return the claims of a file, of a module, or of an installed package."""
    shown = printable(word)
    if word.endswith(".py") or os.sep in word:
        return _held(load_file(word), shown)
    if "." in word:
        if Path(word).exists():
            return _held(load_file(word), shown)  # refused there: it is no Python file
        if not all(part.isidentifier() for part in word.split(".")):
            raise ValueError(
                f"claim must be an id, a section letter, a Python file or a module; got {word!r}"
            )
        return _held(load_module(word), shown)
    if found := _offered(word):
        return found
    if Path(f"{word}.py").is_file():
        raise ValueError(
            f"claim must be an id, or a file by its whole name; got {word!r} (did you mean {shown}.py?)"
        )
    if Path(word).is_dir():
        raise ValueError(
            f"claim must be an id or a Python file; {shown} is a folder: name the Python files in it"
        )
    return select([word])  # says which are known


def _offered(word: str) -> list[Claim]:
    """Return the claims that an installed package offers under a name, or else the claim of that id among all of them."""
    names = offered(GROUP)
    if word in names:
        thing = load_offered(GROUP, word)
        return _held(thing, f"{word}, of the package {names[word]},")
    for name in names:
        try:
            found = _held(load_offered(GROUP, name), name)
        except ValueError as error:
            warnings.warn(f"{error}; it is left out", stacklevel=2)
            continue
        if same := [claim for claim in found if claim.id == word]:
            return same
    return []


def _held(thing: object, name: str) -> list[Claim]:
    """Return the claims in a module, a list or a claim itself, which is called `name`."""
    if isinstance(thing, Claim):
        return [thing]
    if isinstance(thing, ModuleType):
        found = list(claims_in(thing).values())
    else:
        found = [one for one in thing if isinstance(one, Claim)] if isinstance(thing, list | tuple) else []
    if not found:
        raise ValueError(
            f"{name} holds no claim; a claim is a `Claim(...)` that stands under a name without a leading underscore "
            "(`spikeproof new-claim NAME` writes one to start from)"
        )
    _require_ids(found)
    return found


def _require_ids(claims: list[Claim]) -> None:
    known: dict[str, Claim] = {}
    for claim in claims:
        place = f"{place}: " if (place := place_of(claim)) else ""
        if claim.id.upper() in our_ids():
            raise ValueError(
                f"{place}the id {claim.id!r} is that of a claim of spikeproof; give yours another one"
            )
        other = known.setdefault(claim.id.casefold(), claim)
        if other is not claim:
            where = place_of(other)
            raise ValueError(
                f"{place}two claims have the id {claim.id!r}{f'; the other one is at {where}' if where else ''}: give each "
                "its own, or let a name that is no claim to judge begin with an underscore"
            )


def is_of_caller(claim: Claim) -> bool:
    """Tell whether a claim that was chosen is the caller's, not the suite's."""
    return claim.id not in our_ids()
