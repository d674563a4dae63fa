"""One instant, however it is written; a unit that is not clear is refused."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.matrices import BadInput, load
from experiments.matrices.clocks import (
    LAST,
    SCALES,
    USUAL,
    Clock,
    NotATime,
    days_of_seconds,
    in_days,
    usual_unit,
)

NOON = 1704110400  # 2024-01-01 12:00 UTC


@pytest.mark.parametrize("unit", SCALES)
def test_the_unit_of_a_clock_is_told_by_its_size(unit):
    clock = Clock()
    assert clock.day(f"{NOON * SCALES[unit]:.0f}") == 19723.5 and clock.unit == unit


@given(st.floats(-1e20, 1e20))
def test_no_number_is_usual_in_two_units(number):
    assert sum(low <= number <= high for low, high in USUAL.values()) <= 1
    days = None if usual_unit(number) is None else in_days(np.array([number]), usual_unit(number))
    assert days is None or -40_000 < days[0] < 50_000  # 1860 to 2106


@pytest.mark.parametrize(
    "text", ["2024", "45292", "1e6", "57000", "20240101120000", "nan", "", "01/02/2024", "1_000"]
)
def test_what_is_unclear_is_refused(text):
    with pytest.raises(NotATime):
        Clock().day(text)


@pytest.mark.parametrize(
    ("unit", "text", "day"),
    [
        ("years", "2024", 19723.0),
        ("yyyymmdd", "20240101", 19723.0),
        ("days", "45292", 45292.0),
        ("s", "86400", 1.0),
        ("ms", "-86400000", -1.0),
    ],
)
def test_a_unit_that_is_given_is_believed(unit, text, day):
    assert Clock(unit, given=True).day(text) == day


@pytest.mark.parametrize(
    ("unit", "text"), [("s", "1704110400000"), ("yyyymmdd", "20230229"), ("years", "0"), ("ms", "2024-01-01")]
)
def test_no_unit_gives_a_year_that_is_none(unit, text):
    with pytest.raises(NotATime):
        Clock(unit, given=True).day(text)


def test_one_column_has_one_unit():
    clock = Clock()
    clock.day(str(NOON))
    for other in (f"{NOON}000", "2024-01-01", "19723"):
        with pytest.raises(NotATime, match="Unix seconds, as the first time is"):
            clock.day(other)


@given(st.datetimes(datetime.datetime(1, 1, 2), datetime.datetime(9999, 12, 30)))
def test_iso_dates_are_their_instants(when):
    days = (when - datetime.datetime(1970, 1, 1)).total_seconds() / 86_400
    assert Clock().day(when.isoformat()) == days
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    assert Clock().day(when.replace(tzinfo=zone).isoformat()) == pytest.approx(days - 5.5 / 24, abs=1e-9)


def test_seconds_of_a_data_set_are_bounded():
    assert days_of_seconds(NOON) == 19723.5
    with pytest.raises(NotATime):
        days_of_seconds(int(LAST + 1) * 86_400)


class TestInTables:
    def log(self, tmp_path, *times):
        rows = "".join(f"{'ab'[k % 2]},{'xy'[k // 2 % 2]},{time}\n" for k, time in enumerate(times))
        path = tmp_path / "a.csv"
        path.write_text("user,item,when\n" + rows)
        return path

    def test_the_unit_is_said(self, tmp_path):
        found = load(self.log(tmp_path, *[NOON * 1000] * 4))
        assert found.times.tolist() == [19723.5] * 4
        assert found.notes[0] == "contexts = user, items = item, times = when (Unix milliseconds)"

    def test_a_time_of_another_unit_is_a_bad_row(self, tmp_path):
        path = self.log(tmp_path, *[NOON] * 4, NOON * 1000)
        asked = {"columns": ("user", "item", "when")}
        with pytest.raises(
            BadInput, match=r"line 6, column 3: expected a time in Unix seconds.*1704110400000"
        ):
            load(path, **asked)
        assert "1 bad row skipped" in load(path, **asked, skip_bad_rows=True).notes[1]

    def test_times_that_nobody_asked_for_are_left_out_and_told(self, tmp_path):
        found = load(self.log(tmp_path, *["2024"] * 4))
        assert found.times is None and found.interactions.nnz == 4
        assert found.notes[0] == "contexts = user, items = item" and "--time-unit" in found.notes[1]
        assert load(self.log(tmp_path, *["2024"] * 4), time_unit="years").times.tolist() == [19723] * 4

    def test_a_unit_is_obeyed_or_refused(self, tmp_path):
        with pytest.raises(BadInput, match=r"expected a time in Unix milliseconds \(--time-unit ms\)"):
            load(self.log(tmp_path, *["2024-01-01"] * 4), time_unit="ms")
        with pytest.raises(ValueError, match="time_unit needs a column of times"):
            load(self.log(tmp_path, *[NOON] * 4), columns=("user", "item"), time_unit="s")
