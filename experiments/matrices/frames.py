"""Data frames of pandas and polars in place of a file: they are handed to the readers of Parquet, which know all their types.

Whatever has columns by name and writes itself to Parquet is a frame. An index of pandas that is no count of the rows becomes
the first column.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from experiments.matrices.named_vectors import name_of
from experiments.matrices.reading import BadInput, shown
from simulate.optional import require_extra


def is_frame(data: Any) -> bool:
    """Whether an object is a data frame of pandas or polars; neither is imported for that.

    >>> import pandas as pd
    >>> is_frame(pd.DataFrame({"a": [1]})), is_frame([[1]])
    (True, False)
    """
    return any(
        module is not None and isinstance(data, module.DataFrame)
        for module in (sys.modules.get("pandas"), sys.modules.get("polars"))
    )


@contextmanager
def as_parquet(frame: Any) -> Iterator[Path]:
    """Yield the path of a Parquet file, named frame.parquet, that holds the frame; it is gone afterwards.

    Raises
    ------
    BadInput
        for a frame that Parquet cannot hold: two columns of one name, or a column of mixed types.
    ModuleNotFoundError
        without pyarrow (extra `parquet`).
    """
    require_extra("parquet", "reading a data frame")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "frame.parquet"
        try:
            if hasattr(frame, "write_parquet"):
                frame.write_parquet(path)
            else:
                _of_pandas(frame).to_parquet(path, index=False)
        except (ValueError, TypeError) as error:
            raise BadInput(
                "frame", "columns of different names and of one type each", shown(str(error), 200)
            ) from None
        yield path


def text_columns(frame: Any) -> dict[str, list[str]]:
    """Return the columns of a frame as text; a missing value is the empty text.

    >>> import pandas as pd
    >>> text_columns(pd.DataFrame({"id": [1.0, None], "name": ["a", "b"]}))
    {'id': ['1', ''], 'name': ['a', 'b']}
    """
    whole = _of_pandas(frame) if not hasattr(frame, "write_parquet") else frame
    return {str(name): [_text(value) for value in whole[name].to_list()] for name in whole.columns}


def _text(value: Any) -> str:
    missing = value is None or value != value or str(value) in ("<NA>", "NaT")
    return "" if missing else name_of(value)


def _of_pandas(frame: Any) -> Any:
    """The frame with its index as a column unless it counts the rows, and with names of columns that are text."""
    import pandas as pd

    plain = frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index(names=_index_name(frame))
    return plain.set_axis([str(name) for name in plain.columns], axis=1)


def _index_name(frame: Any) -> list[str]:
    taken = set(map(str, frame.columns))
    return [
        str(name) if name is not None and str(name) not in taken else "__index_level_0__"
        for name in frame.index.names
    ]
