"""How a file is read: the options that `matrices`, `spk`, `stability` and `compare` share."""

from __future__ import annotations

from typing import Annotated, Any

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


def reading(
    columns: str | None,
    separator: str | None,
    no_header: bool,
    encoding: str,
    skip_bad_rows: bool,
    unpack_limit: int | None = None,
    time_unit: str | None = None,
    format: str | None = None,
    kind: str | None = None,
    vector_columns: str | None = None,
) -> dict[str, Any]:
    """Return the options of `experiments.matrices.load` that differ from its defaults; `vector_columns` of `read_own` alone."""
    given = {
        "columns": tuple(columns.split(",")) if columns else None,
        "separator": separator,
        "header": not no_header,
        "encoding": encoding,
        "skip_bad_rows": skip_bad_rows,
        "unpack_limit": unpack_limit,
        "time_unit": time_unit,
        "format": format,
        "kind": kind,
        "vector_columns": tuple(vector_columns.split(",")) if vector_columns else None,
    }
    usual = {"header": True, "encoding": "utf-8", "skip_bad_rows": False}
    return {name: value for name, value in given.items() if value != usual.get(name)}


def require_known(kind: str | None, operator: str | None) -> None:
    """Raise `ValueError` for a --kind or an --operator that there is not."""
    from experiments.real.nulls import KINDS
    from simulate.validation import require_choice
    from theory import OPERATORS

    if kind is not None:
        require_choice(kind, "--kind", KINDS)
    if operator is not None:
        require_choice(operator, "--operator", tuple(OPERATORS))


def table_of_items(
    items: str | None, id_column: str | None, name_column: str | None, label_column: str | None
) -> dict[str, Any]:
    """Return the options of `experiments.matrices.load` and `experiments.read_own` that say which table of items is joined."""
    given = {"items": items, "id_column": id_column, "name_column": name_column, "label_column": label_column}
    return {name: value for name, value in given.items() if value is not None}
