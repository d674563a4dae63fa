"""The two notebooks run from top to bottom, show their pictures, and stand in the tree without outputs."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
SAID = {  # what a reader is told that the cells show
    "theorist": ["least cosine to the ray: 1.0", "inconclusive", "'qualified'", "fails at"],
    "engineer": ["spiky: at f = 16", "Daniel Radcliffe, Rupert Grint", "cosine: ", "checked on the dates"],
}


def cells_of(path, kind="code"):
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def test_these_are_the_notebooks():
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_the_tree_holds_no_outputs(name):
    path = FOLDER / f"{name}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells_of(path))
    assert all(not cell["metadata"] for cell in notebook["cells"])
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert cells_of(path, "markdown")[0]["source"][0].startswith("# ")
    assert max(len(cell["source"]) for cell in cells_of(path)) <= 65, "one thing to see in a cell"


@pytest.mark.slow
@pytest.mark.parametrize("name", SAID)
def test_a_notebook_runs_from_top_to_bottom(name, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()

    shown = ""
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        texts = [output.get("text", "") for output in cell.outputs]
        data = [output.get("data", {}) for output in cell.outputs]
        assert not [out for out in cell.outputs if out.get("name") == "stderr"], cell.source
        assert ("picture(" in cell.source) == any("image/png" in one for one in data), cell.source
        shown += "\n".join([*texts, *(one.get("text/plain", "") for one in data)])
    assert not [words for words in SAID[name] if words not in shown]
    assert not list(tmp_path.iterdir()), "the notebook left files"
