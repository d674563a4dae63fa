"""How is text that came from outside shown? As itself, with every sign that a terminal or a shell would obey made visible.

Names of files, items, studies and hosts are data. Control characters (ESC begins a command to the terminal) and marks that
change the direction of writing are shown as Python writes them, and commands that somebody may copy are quoted for the shell.
"""

from __future__ import annotations

import math
import re
import shlex

# controls (C0, DEL, C1); marks of direction; line and paragraph separators; lone surrogates; invisible tags
_OBEYED = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\ufeff\U000e0000-\U000e007f"
_IN_A_LINE = re.compile(f"[{_OBEYED}]")
_IN_LINES = re.compile(f"(?![\n\t])[{_OBEYED}]")


def printable(text: str, *, lines: bool = False) -> str:
    r"""Return `text` with each sign that would be obeyed instead of shown written as `\x1b`, `\n` or `\u202e`.

    With `lines`, a text of several lines keeps its line ends and tabs.

    >>> print(printable("a\x1b[2Jb\nc"))
    a\x1b[2Jb\nc
    """
    return (_IN_LINES if lines else _IN_A_LINE).sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


def command(*words: object) -> str:
    """Return a command of these words as somebody may copy it into a shell.

    >>> print(command("spikeproof", "status", "my; touch x"))
    spikeproof status 'my; touch x'
    """
    return printable(shlex.join(map(str, words)))


def per_cent(share: float) -> str:
    """Return a share in per cent, with three decimals or, where these would be zeros, with two digits of it.

    >>> per_cent(0.0123456), per_cent(4e-6), per_cent(0.0)
    ('1.235%', '0.0004%', '0.000%')
    """
    return (
        f"{share:.3%}"
        if share == 0 or share >= 1e-4
        else f"{float(f'{100 * share:.1e}'):.10f}".rstrip("0") + "%"
    )


def per_cents_apart(share: float, *others: float) -> list[str]:
    """Return shares in per cent, with as many decimals, six at most, as tell the first from the others, from none and from all.

    >>> per_cents_apart(0.904, 0.91, 0.914), per_cents_apart(0.1893, 0.1811, 0.1887), per_cents_apart(0.9997, 0.12)
    (['90%', '91%', '91%'], ['18.93%', '18.11%', '18.87%'], ['99.97%', '12%'])
    """
    beside = max((_decimals_apart(share, other) for other in others), default=0)
    own = max(beside, _decimals_apart(share, 0.0), _decimals_apart(share, 1.0))
    return [f"{share:.{own}%}", *(f"{other:.{beside}%}" for other in others)]


def _decimals_apart(one: float, other: float) -> int:
    """The least number of decimals with which two shares in per cent differ, at most 6; 0 for equal ones."""
    apart = (k for k in range(6) if f"{one:.{k}%}" != f"{other:.{k}%}")
    return 0 if one == other else next(apart, 6)


_PARTS = {
    "nine tenths": 9 / 10,
    "three quarters": 3 / 4,
    "two thirds": 2 / 3,
    "half": 1 / 2,
    "a third": 1 / 3,
    "a quarter": 1 / 4,
    "a fifth": 1 / 5,
    "a sixth": 1 / 6,
    "a seventh": 1 / 7,
    "an eighth": 1 / 8,
    "a ninth": 1 / 9,
    "a tenth": 1 / 10,
}


def part_in_words(share: float) -> str:
    """Return a share between 0 and 1 in words that stand before "of": the nearest plain fraction.

    >>> [part_in_words(share) for share in (0.13, 0.72, 0.98, 0.031)]
    ['an eighth', 'three quarters', 'nearly all', '1/32']
    """
    if share > 0.95:
        return "nearly all"
    if share < 0.095:
        return f"1/{round(1 / share):,}" if share > 0 else "none"
    return min(_PARTS, key=lambda words: abs(math.log(_PARTS[words] / share)))
