"""How a file is read: the options that `matrices`, `spk`, `stability` and `compare` share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

Columns = Annotated[
    str | None,
    typer.Option(
        help="CSV, TSV, Parquet: columns of context, item and perhaps time, as user,song,date; names, or numbers from 1."
    ),
]
Separator = Annotated[
    str | None,
    typer.Option(help="What separates the fields of a CSV or an edge list: a character, tab or space."),
]
NoHeader = Annotated[
    bool, typer.Option("--no-header", help="The first row of a CSV holds data, not column names.")
]
Encoding = Annotated[str, typer.Option(help="Text encoding of the file, such as latin-1.")]
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Skip rows that cannot be read, and say how many there were.")
]

NameColumn = Annotated[
    str | None,
    typer.Option(
        help="With --items: its column of names. Else, of vectors: the column, or the array, that holds the names.",
        show_default=False,
    ),
]
Items = Annotated[
    str | None,
    typer.Option(
        help="A table of the items (CSV, TSV, Parquet, Feather) with their ids, names and perhaps labels.",
        show_default=False,
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(
        help="Column of ids in --items. Default: the one in which most items are found.", show_default=False
    ),
]
LabelColumn = Annotated[
    str | None, typer.Option(help="Column of labels in --items, such as a genre.", show_default=False)
]
VectorColumns = Annotated[
    str | None,
    typer.Option(
        help="Vectors: the columns of numbers, such as x,y,z or pca_* or 2-65, or the array of a file of several.",
        show_default=False,
    ),
]

UnpackLimit = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Most bytes to which a packed file may unpack. Default: 100 times its size, at least 64 MiB.",
        show_default=False,
    ),
]

Operator = Annotated[
    str | None,
    typer.Option(
        help="The matrix of the data that is embedded. Graphs: adjacency (default), normalised-laplacian, random-walk, "
        "regularised-laplacian, regularised-walk, modularity, ppmi, counts, non-backtracking or bethe-hessian. "
        "Interactions: ppmi (default) or counts.",
        show_default=False,
    ),
]

Kind = Annotated[
    str | None,
    typer.Option(
        help="What the file holds, if its format does not tell: graph or interactions; for compare also embedding.",
        show_default=False,
    ),
]
AnyKind = Annotated[
    str | None,
    typer.Option(help="What a file holds, if its format does not tell: embedding, graph or interactions."),
]
TimeUnit = Annotated[
    str | None,
    typer.Option(
        help="Unit of numbers in the column of times: days, s, ms, us, ns (since 1970), years or yyyymmdd.",
        show_default=False,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        help="Format of the file where its name does not say it: csv, tsv, txt, edges, parquet, npz, mtx, graphml, "
        "or that of a data set, such as movielens.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Reading:
    """How the files of a command are read: a field for each option, in the order of the help (`takes_reading`)."""

    items: Items = None
    id_column: IdColumn = None
    name_column: NameColumn = None
    label_column: LabelColumn = None
    vector_columns: VectorColumns = None
    columns: Columns = None
    separator: Separator = None
    no_header: NoHeader = False
    encoding: Encoding = "utf-8"
    skip_bad_rows: SkipBadRows = False
    unpack_limit: UnpackLimit = None
    time_unit: TimeUnit = None
    format: Format = None

    def options(self, kind: str | None = None) -> dict[str, Any]:
        """Return the options of `experiments.read_own` that differ from its defaults."""
        return {**self.of_items(), **self.of_file(kind)}

    def of_items(self) -> dict[str, Any]:
        """Return the options that say which table of items is joined."""
        return {key: getattr(self, key) for key in OF_ITEMS if getattr(self, key) is not None}

    def of_file(self, kind: str | None = None) -> dict[str, Any]:
        """Return the other options."""
        usual = {"header": True, "encoding": "utf-8", "skip_bad_rows": False}
        given = {
            "columns": tuple(self.columns.split(",")) if self.columns else None,
            "separator": self.separator,
            "header": not self.no_header,
            "encoding": self.encoding,
            "skip_bad_rows": self.skip_bad_rows,
            "unpack_limit": self.unpack_limit,
            "time_unit": self.time_unit,
            "format": self.format,
            "kind": kind,
            "vector_columns": tuple(self.vector_columns.split(",")) if self.vector_columns else None,
        }
        return {name: value for name, value in given.items() if value != usual.get(name)}


OF_ITEMS = ("items", "id_column", "name_column", "label_column")
AS_USUAL = Reading()


def takes_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has the options of a `Reading` in the place of its parameter `how`, and hands it on."""
    parameters: list[inspect.Parameter] = []
    hints = get_type_hints(Reading, include_extras=True)
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        if name != "how":
            parameters.append(parameter)
            continue
        for field in fields(Reading):
            of_field = {"default": field.default, "annotation": hints[field.name]}
            parameters.append(inspect.Parameter(field.name, parameter.kind, **of_field))

    @wraps(command)
    def with_options(**given: Any) -> None:
        how = Reading(**{field.name: given.pop(field.name) for field in fields(Reading)})
        command(**given, how=how)

    with_options.__annotations__ = {one.name: one.annotation for one in parameters}
    with_options.__dict__["__signature__"] = inspect.Signature(parameters)
    return with_options


def require_known(kind: str | None, operator: str | None) -> None:
    """Raise `ValueError` for a --kind or an --operator that there is not."""
    from experiments.real.nulls import KINDS
    from simulate.validation import require_choice
    from theory import OPERATORS

    if kind is not None:
        require_choice(kind, "--kind", KINDS)
    if operator is not None:
        require_choice(operator, "--operator", tuple(OPERATORS))
