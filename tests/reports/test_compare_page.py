"""The page of a comparison, from the store alone: escaping, policy, tables, partial and empty stores."""

import base64
import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest

from experiments.real.comparison import compare
from reports.pages.comparison import write_comparison
from reports.sentences import overview, predictive_p

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("hostile", HERE / "hostile.py")
hostile = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hostile)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    base = tmp_path_factory.mktemp("compare")
    log = hostile.write_hostile(base / "log.csv")
    compare([str(log), "davis"], twins=2, out=base / "out")
    write_comparison(base / "out")
    return base / "out"


def test_nothing_of_the_data_can_run_or_leave_its_place(folder):
    page = (folder / "compare.html").read_text("utf-8")
    assert hostile.SCRIPT not in page
    assert page.count("<script>") == 1  # ours, allowed by its hash
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)
    assert "default-src &#39;none&#39;" in policy and "unsafe" not in policy and "http" not in policy
    for text in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, flags=re.S):
        points = json.loads(text)
        assert len(points["names"]) == len(points["spike"])
        assert "<" not in text
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)


def test_a_name_with_nul_is_shown_with_a_mark(tmp_path):
    import pandas as pd

    rng = np.random.default_rng(0)
    items = [f"it\0em {k}" for k in range(20)]
    rows = [(f"c{c}", items[i]) for c in range(60) for i in rng.choice(20, 5, replace=False)]
    pd.DataFrame(rows, columns=["context", "item"]).to_parquet(tmp_path / "log.parquet")
    compare([str(tmp_path / "log.parquet")], twins=1, out=tmp_path / "out")
    page = write_comparison(tmp_path / "out").read_text("utf-8")
    assert "\0" not in page and "it\ufffdem 3" in page


def test_tables_come_as_csv_too(folder):
    page = (folder / "compare.html").read_text("utf-8")
    links = re.findall(r'download="[^"]+\.csv" href="data:text/csv;base64,([^"]+)"', page)
    assert len(links) >= 10
    assert base64.b64decode(links[0]).decode().startswith("matrix,items,contexts")


def test_the_same_bytes_again_from_the_store_alone(folder):
    before = (folder / "compare.html").read_bytes()
    (folder / "compare.html").unlink()
    write_comparison(folder)
    assert (folder / "compare.html").read_bytes() == before


def test_a_store_without_twins_is_drawn_too(folder, tmp_path):
    from experiments.real.comparison import comparison
    from experiments.running.runner import run_all

    run_all(comparison("davis", 4, "spikes", 1)[:1], store=tmp_path)
    manifest = {"matrices": ["davis", "gone"], "blocks": "spikes", "twins": 1, "seed": 0}
    manifest |= {"ranks": {"davis": 4, "gone": 4}, "rank": "asked for"}
    (tmp_path / "compare.json").write_text(json.dumps(manifest))
    assert "davis" in write_comparison(tmp_path).read_text("utf-8")


@pytest.mark.parametrize(
    ("spk", "words"),
    [
        (0.30, "as spiky as twins of its block model are (20.00% to 40.00%, p = 1)"),
        (0.20, "as spiky as twins of its block model are (20.00% to 40.00%, p = 1)"),
        (
            0.10,
            "spikier than every twin of its block model (20.00% to 40.00%, p = 0.5, the least that 3 twins can show)",
        ),
        (
            0.50,
            "less spiky than every twin of its block model (20.00% to 40.00%, p = 0.5, the least that 3 twins can show)",
        ),
    ],
)
def test_the_headline_says_which_way_a_matrix_departs_from_its_twins(spk, words):
    twins = [{"spk_at_rank": value} for value in (0.2, 0.3, 0.4)]
    real = {"spk_at_rank": spk, "peaks_at_rank": 7, "items": 90, "zero_rows": 20}
    line = overview("m", real, {"null": [{"spk_at_rank": 0.6}], "twin": twins}, {"rank": 5})
    assert line.startswith(f"m: at f = 5, 7 peaks hold half of 70 rows (Spk {spk:.2%})") and words in line
    assert ("no spikier" if spk > 0.5 else "spikier than its degrees alone") in line or spk == 0.5


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"no compare\.json"):
        write_comparison(tmp_path)


def test_p_values_by_hand():
    assert predictive_p(None, [1.0]) is None
    assert predictive_p(2.5, [1.0, 2.0, 3.0, 4.0]) == 1.0
    assert predictive_p(9.0, [1.0] * 19) == pytest.approx(0.1)
