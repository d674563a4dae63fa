"""Names and labels are joined by ids; what has no match is counted and named."""

import numpy as np
import pandas as pd
import pytest

from experiments import load
from experiments.matrices import BadInput
from experiments.matrices.item_table import ItemsFrom, join_items

TABLE = 'movieId;title;genre\n7;Tea for two;comedy\n8;Rum;drama\n9;"Ice; cold";\n7;Tea again;drama\n99;Nobody\'s;drama\n'
IDS = np.array(["9", "7", "8", "5"])


@pytest.fixture
def table(tmp_path):
    (tmp_path / "items.csv").write_text(TABLE)
    return str(tmp_path / "items.csv")


def test_names_and_labels_come_by_id(table):
    found = join_items(IDS, 4, ItemsFrom(table, label_column="genre"))
    assert found.names.tolist() == ["Ice; cold", "Tea for two", "Rum", "5"]
    assert found.labels.tolist() == [-1, 0, 1, -1] and found.label_names.tolist() == ["comedy", "drama"]
    said = "\n".join(found.notes)
    assert "3 of 4 items are in" in said and "ids = movieId, names = title, labels = genre" in said
    assert "1 of 4 items has no row in" in said and "keeps its id: '5'" in said
    assert "1 ids of" in said and "are no items here: '99'" in said
    assert "1 rows of" in said and "an id that came before" in said


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "feather"])
def test_every_format_of_a_table_is_the_same(ending, tmp_path):
    frame = pd.DataFrame({"plays": [3, 1, 2], "id": [9, 7, 8], "name": ["a", "b", None]})
    path = tmp_path / f"items.{ending}"
    {
        "csv": lambda: frame.to_csv(path, index=False),
        "tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        "parquet": lambda: frame.to_parquet(path),
        "feather": lambda: frame.to_feather(path),
    }[ending]()
    assert join_items(IDS, 4, ItemsFrom(path)).names.tolist() == ["a", "b", "", "5"]
    assert join_items(IDS, 4, ItemsFrom(frame)).names.tolist() == ["a", "b", "", "5"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"id_column": "movieid"}, r"a column 'movieid' \(id_column\) \(did you mean 'movieId'"),
        (
            {"id_column": "genre"},
            "with ids of the items; found ids 'comedy', 'drama', '' for items '9', '7', '8'",
        ),
        ({"name_column": "name"}, r"a column 'name' \(name_column\)"),
        ({"label_column": "kind"}, r"a column 'kind' \(label_column\)"),
    ],
)
def test_columns_that_are_not_there_are_refused(columns, message, table):
    with pytest.raises(BadInput, match=message):
        join_items(IDS, 4, ItemsFrom(table, **columns))


def test_a_table_of_other_items_is_refused(table):
    with pytest.raises(BadInput, match="for items 'x', 'y'"):
        join_items(np.array(["x", "y"]), 2, ItemsFrom(table))
    with pytest.raises(ValueError, match="label_column is a column of a table of items; give the table too"):
        load("davis", label_column="genre")


def test_a_matrix_without_names_takes_the_numbers_of_its_items():
    frame = pd.DataFrame({"id": range(3), "title": ["a", "b", "c"]})
    real = load(np.array([[1, 0, 1], [1, 1, 0]]), items=frame, name_column="title", label_column="title")
    assert real.items.tolist() == ["a", "b", "c"] and real.labels.tolist() == [0, 1, 2]
    assert "their numbers from 0 were taken as ids" in real.notes[-1]


def test_a_matrix_of_the_catalogue_takes_names_too():
    davis = load("davis")
    frame = pd.DataFrame({"event": davis.items, "date": [f"day {k}" for k in range(davis.n_items)]})
    assert load("davis", items=frame, name_column="date").items.tolist() == frame["date"].tolist()


def test_ids_of_the_other_column_are_refused_with_the_columns_that_were_taken(tmp_path):
    table = tmp_path / "meta.csv"
    table.write_text("id,title\nann,Ann\n")
    with pytest.raises(
        ValueError, match=r"taken contexts = actor, items = film; --columns CONTEXT,ITEM swaps them"
    ):
        join_items(np.array(["x", "y"]), 2, ItemsFrom(table), ("contexts = actor, items = film",))
