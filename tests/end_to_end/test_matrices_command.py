"""`spikeproof matrices`: the catalogue, a matrix, and bad input told in one line with exit code 2."""

import pytest

from experiments.matrices import DATASETS


def test_the_catalogue_names_owner_licence_files_and_presence(spikeproof, tmp_path):
    (tmp_path / "ml-100k").mkdir()
    for name in ("u.data", "u.item"):
        (tmp_path / "ml-100k" / name).write_text("x")
    done = spikeproof("matrices", SPIKEPROOF_DATA=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "none"))
    assert done.returncode == 0 and not done.stderr
    for dataset in DATASETS:
        assert f"owners: {dataset.owner}" in done.stdout and dataset.licence in done.stdout
    lines = done.stdout.splitlines()
    state = {
        line.split("  ")[0]: line.split("  ")[1] for line in lines if line and line[0] != " " and "  " in line
    }
    assert (
        state["movielens-100k"] == "here" and state["spotify-mpd"] == "not here" and state["davis"] == "here"
    )


def test_one_matrix(spikeproof, tmp_path):
    path = tmp_path / "[red]a.csv"
    path.write_text("u,i\na,x\nb\na,y\nb,y\n")
    done = spikeproof("matrices", path, "--skip-bad-rows")
    assert done.returncode == 0
    assert "[red]a.csv: 2 x 2 contexts x items, 3 stored pairs" in done.stdout
    assert "1 bad row skipped" in done.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [("u,i\na,x\nb\n", "line 3, column 1: expected 2 fields, as the header has"), ("", "an empty file")],
)
def test_bad_input_is_one_line_and_exit_code_2(content, message, spikeproof, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(content)
    done = spikeproof("matrices", path)
    assert done.returncode == 2 and message in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_name_is_answered_with_the_nearest(spikeproof):
    done = spikeproof("matrices", "film-actors")
    assert done.returncode == 2 and "did you mean 'films-actors'" in done.stderr
