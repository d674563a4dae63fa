"""No cell is a formula, and every text is told again from its cell."""

import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from experiments import cell_of_text, text_of_cell
from experiments.running.spreadsheet import csv_of

FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1,1)", "-2+3", "\t=1", "\r=1", " =1", "＝1", "-inf", "-1_0"]


def test_formulas_become_text_and_numbers_stay():
    assert all(cell_of_text(text) == f"'{text}" for text in FORMULAS)
    assert [cell_of_text(text) for text in ("-1", "+2.5e-3", "a=b", "", "plain")] == [
        "-1", "+2.5e-3", "a=b", "", "plain",
    ]  # fmt: skip


@given(st.text())
def test_a_text_is_told_again_from_its_cell(text):
    assert text_of_cell(cell_of_text(text)) == text
    assert cell_of_text(text)[:1] not in ("=", "@", "\t", "\r")


def test_a_table_is_read_back_with_the_same_names():
    names = [*FORMULAS, "'quoted", "plain"]
    table = pd.DataFrame({"item": names, "=norm": [-1.5] * len(names), "none": None})
    text = csv_of(table)
    back = pd.read_csv(io.StringIO(text, newline=""), dtype={"item": str}, keep_default_na=False)
    assert back["item"].map(text_of_cell).tolist() == names
    assert list(back.columns) == ["item", "'=norm", "none"] and (back["'=norm"] == -1.5).all()
    assert table["item"].tolist() == names  # the caller's table is not changed
