"""Columns are known by their names; where two could be meant, the caller is asked."""

from pathlib import Path

import pytest

from experiments.matrices import BadInput
from experiments.matrices.column_names import known_columns, named_columns

LOG = Path("log.csv")


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        ("date,user_id,item_id", ("user_id", "item_id", "date")),
        ("userId,movieId,rating,timestamp", ("userId", "movieId", "timestamp")),
        ("track,playlist", ("playlist", "track")),
        ("USER ID,ITEM ID,SCORE", ("USER ID", "ITEM ID")),
        ("session_id,timestamp_ms,item", ("session_id", "item", "timestamp_ms")),
        ("user_name,user_id,track_name,track_id", ("user_id", "track_id")),
        (",user,item", ("user", "item")),
        ("Unnamed: 0,user,item", ("user", "item")),
        ("InvoiceNo,StockCode,Quantity,InvoiceDate", ("InvoiceNo", "StockCode", "InvoiceDate")),
        ("who,what", ("who", "what")),
        ("who,what,when", ("who", "what", "when")),
        ("user,thing,rating", ("user", "thing")),
        ("thing,item", ("thing", "item")),
        ("isbn,user,created_at", ("user", "isbn", "created_at")),
        ("user,item,start_time,end_time", ("user", "item")),
        ("user,item,birth_date", ("user", "item")),
    ],
)
def test_known_names(names, taken):
    assert known_columns(LOG, names.split(",")).names == taken


@pytest.mark.parametrize(
    "names",
    [
        "a,b,c",
        "user,playlist,track",
        "user,artist,track",
        "user,user,item",
        "user,rating",
        "date,item",
        "source,target",
        "from,to",
        "user",
    ],
)
def test_unclear_names_are_asked_for(names):
    with pytest.raises(BadInput, match="--columns"):
        known_columns(LOG, names.split(","))


def test_named_columns_are_found_by_name_or_number():
    names = ["id", "user", "item", "when"]
    assert named_columns(LOG, names, ("user", "3", "when")).places == (1, 2, 3)
    assert named_columns(LOG, names, ("2", "3"), header=False).names == ("column 2", "column 3")


@pytest.mark.parametrize(
    ("names", "wanted", "message"),
    [
        (["user", "item"], ("user", "itm"), "did you mean 'item'"),
        (["user", "item"], ("user", "3"), "a column '3'"),
        (["user", "item", "item"], ("user", "item"), "one column 'item'"),
        (["user", "item"], ("user", "user"), "each another column"),
        (["user", "item"], ("user", "1"), "different columns"),
        (["user", "item"], ("user",), "context, item and perhaps time"),
    ],
)
def test_wrong_columns_are_refused(names, wanted, message):
    with pytest.raises(ValueError, match=message):
        named_columns(LOG, names, wanted)
