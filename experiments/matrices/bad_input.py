"""The one error that says where a file is not what its format asks for, and what is done with a row that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


class BadInput(ValueError):
    """A file is not what its format asks for: where, what was expected, what was found.

    >>> print(BadInput("plays.tsv", "an integer", "'many'", line=3, column=4))
    plays.tsv, line 3, column 4: expected an integer; found 'many'
    """

    def __init__(
        self,
        path: Path | str,
        expected: str,
        found: str,
        *,
        line: int | None = None,
        column: int | str | None = None,
    ) -> None:
        self.path, self.expected, self.found, self.line, self.column = (
            str(path),
            expected,
            found,
            line,
            column,
        )
        where = str(path) + (f", line {line}" if line is not None else "")
        where += f", column {column}" if column is not None else ""
        super().__init__(f"{where}: expected {expected}; found {found}")


def expected_and_found(text: str) -> tuple[str, str]:
    """Return what was expected and what was found, from the words of an error that knows no path.

    >>> expected_and_found("expected a graph; found none")
    ('a graph', 'none')
    """
    expected, between, found = text.partition("; found ")
    return (expected.removeprefix("expected "), found) if between else ("a matrix of use", text)


@dataclass
class BadRows:
    """What to do with a row that cannot be read: raise, or skip, count and report it."""

    skip: bool = False
    count: int = 0
    first: list[str] = field(default_factory=list)

    def meet(self, error: BadInput) -> None:
        """Raise the error, or count it."""
        if not self.skip:
            raise error
        self.count += 1
        if len(self.first) < 3:
            self.first.append(str(error))

    def notes(self) -> tuple[str, ...]:
        """Return one sentence about the rows skipped, or nothing."""
        if not self.count:
            return ()
        listed = "; ".join(self.first) + ("; ..." if self.count > len(self.first) else "")
        return (f"{self.count:,} bad row{'s' * (self.count > 1)} skipped: {listed}",)


def shown(value: object, most: int = 60) -> str:
    """Return `value` quoted for a message, cut where it is long.

    >>> shown("x" * 100)
    "'xxxxxxxxxxxxxxxxxxxx'... (100 characters)"
    """
    try:
        text = str(value)
    except ValueError:  # Python writes no integer of more than some thousand digits
        text = f"an integer of {value.bit_length():,} bits" if isinstance(value, int) else "an odd value"
    return repr(text) if len(text) <= most else f"{text[:20]!r}... ({len(text):,} characters)"
