"""The grid of a study file: a range is the list that one would write down, and is counted before it is made."""

import math

import pytest

from experiments.studies.study_file import MOST_OF_ALL, read_study, shipped_studies

HEAD = 'trial = "spikes_of_a_block_model"\n'


@pytest.fixture
def study(tmp_path):
    def read(text, **options):
        path = tmp_path / "mine.toml"
        path.write_text(HEAD + text)
        return read_study(path, **options)

    return read


def keys(study):
    return [task.key for task in study.tasks(0)]


@pytest.mark.parametrize(
    ("range_", "values"),
    [
        ("{ from = 0.0, to = 1.0, steps = 11 }", [k / 10 for k in range(11)]),
        ("{ from = 0, to = 1, steps = 11 }", [k / 10 for k in range(11)]),
        ("{ from = 1.0, to = 0.0, steps = 11 }", [k / 10 for k in range(10, -1, -1)]),
        ("{ from = 0.7, to = 0.1, steps = 7 }", [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
        ('{ from = 0.001, to = 1.0, steps = 4, spacing = "log" }', [0.001, 0.01, 0.1, 1.0]),
        ("{ from = 0.2, to = 0.9, steps = 1 }", [0.2]),
    ],
)
def test_a_range_and_the_list_of_its_points_are_the_same_cells(range_, values, study):
    ranged, listed = study(f"[grid]\nnoise = {range_}"), study(f"[grid]\nnoise = {values}")
    assert [cell["noise"] for cell in ranged.grid] == values
    assert keys(ranged) == keys(listed)


def test_a_whole_number_parameter_takes_whole_numbers_and_never_fewer_than_asked_for_in_silence(study):
    assert [cell["n"] for cell in study("[grid]\nn = { from = 100, to = 400, steps = 4 }").grid] == [
        100,
        200,
        300,
        400,
    ]
    with pytest.raises(ValueError, match="from 2 to 4 has fewer than 11 different ones"):
        study("[grid]\nblocks = { from = 2, to = 4, steps = 11 }")


def test_negative_zero_is_zero(study):
    assert keys(study("[grid]\nnoise = [-0.0]")) == keys(study("[grid]\nnoise = [0.0]"))
    with pytest.raises(ValueError, match="same cell twice"):
        study("[grid]\nnoise = [0.0, -0.0]")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[grid]\nnoise = [nan]", "noise must be a finite number; got nan"),
        ("[fixed]\nnoise = inf", "noise must be a finite number; got inf"),
        ("[grid]\nnoise = { from = 'a', to = 1, steps = 2 }", "noise.from must be a finite number; got 'a'"),
        (
            '[grid]\nnoise = { from = 0, to = 1, steps = 3, spacing = "log" }',
            "needs from and to above 0; got 0 and 1",
        ),
        ("[grid]\nnoise = { from = 0, to = 1, steps = 1000000000000 }", "noise.steps must be an integer"),
    ],
)
def test_values_that_are_no_points_are_refused_by_name(text, words, study):
    with pytest.raises((ValueError, TypeError), match=words):
        study(text)


def test_a_grid_is_counted_before_it_is_made(study):
    axes = "\n".join(
        f"{name} = {{ from = 0.0, to = 1.0, steps = 1000 }}"
        for name in ("noise", "sigma", "mixing", "coverage")
    )
    with pytest.raises(ValueError, match="has 1,000,000,000,000 tasks, more than 100,000,000"):
        study(f"[grid]\n{axes}")
    assert len(study(f"[grid]\n{axes.splitlines()[0]}").grid) == 1000
    assert math.log10(MOST_OF_ALL) == 8


@pytest.mark.parametrize("name", shipped_studies())
def test_every_cell_of_a_shipped_study_has_all_parameters(name):
    found = read_study(name)
    assert found.count() == len(list(found.tasks(0)))
    assert all(cell.keys() == found.grid[0].keys() for cell in found.grid)
