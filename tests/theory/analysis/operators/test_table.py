"""The table of operators and the one in the documentation name the same operators, and keep the same eigenvalues."""

import re
from pathlib import Path

from theory import OPERATORS

THEORY = Path(__file__).parents[4] / "docs" / "theory" / "01-rays.md"


def test_the_table_of_the_documentation_is_that_of_the_code():
    rows = re.findall(
        r"^\| `([a-z-]+)` \| .* \| (\S.*?) \| (\S.*?) \|$", THEORY.read_text("utf-8"), re.MULTILINE
    )
    told = {name: (kept, population) for name, kept, population in rows if name in OPERATORS}
    assert list(told) == list(OPERATORS)
    for name, one in OPERATORS.items():
        kept, population = told[name]
        assert kept.split(",")[0].split()[0] == one.takes.split()[0]
        for word in ("rays", "points", "no closed form"):
            assert (word in population) == (word in one.population), (name, word)
