"""What is said to whoever installs, packs or cites the project agrees with `pyproject.toml`."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMMAND = "import sys; sys.argv[0] = 'spikeproof'; from spikeproof.__main__ import main; main()"


def names(requirements):
    found = {re.split(r"[\[<>=!~; ]", requirement)[0].lower() for requirement in requirements}
    return found - {PROJECT["name"]}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("CITATION.cff", r"^ *version: (\S+)$"),
        ("packaging/conda/recipe.yaml", r'^ *version: "(\S+)"$'),
        ("CHANGELOG.md", r"^## (\d+\.\d+\.\d+)"),
    ],
)
def test_every_file_names_the_version(file, said):
    found = re.findall(said, (ROOT / file).read_text("utf-8"), flags=re.M)
    assert found and (found[0] if file == "CHANGELOG.md" else {*found}) in (
        PROJECT["version"],
        {PROJECT["version"]},
    )


def test_the_conda_package_needs_what_the_wheel_needs():
    text = (ROOT / "packaging/conda/recipe.yaml").read_text("utf-8")
    run = text.split("  run:\n")[1].split("\n\n")[0]
    needs = {line.strip("- ").replace(" ", "") for line in run.splitlines()}
    assert needs == {*PROJECT["dependencies"], f"python{PROJECT['requires-python']}"}
    entry = re.findall(r"- (spikeproof = \S+)", text)
    assert entry == [f"{name} = {place}" for name, place in PROJECT["scripts"].items()]


def test_the_image_installs_extras_that_exist():
    text = (ROOT / "packaging/Containerfile").read_text("utf-8")
    (extras,) = re.findall(r"/source\[([\w,]+)\]", text)
    assert {*extras.split(",")} <= {*PROJECT["optional-dependencies"]}
    (version,) = set(re.findall(r"^FROM python:(\d+\.\d+)", text, flags=re.M))
    assert any(line.endswith(f":: {version}") for line in PROJECT["classifiers"])


def test_every_requirement_has_its_licence_in_the_table():
    table = (ROOT / "docs/licences.md").read_text("utf-8").split("## Data")[0]
    listed = {
        name.strip()
        for line in table.splitlines()
        if line.startswith("| ") and not line.startswith("| package")
        for name in re.sub(r"\(.*?\)", "", line.split("|")[1]).split(",")
    }
    extras = PROJECT["optional-dependencies"].values()
    assert names([*PROJECT["dependencies"], *(one for extra in extras for one in extra)]) <= listed


def test_every_data_set_has_its_licence_in_the_table(spikeproof):
    said = spikeproof("matrices").stdout
    data = (ROOT / "docs/licences.md").read_text("utf-8").split("## Data")[1].lower()
    for word in ("cc0", "bsd-3-clause", "research", "not commercial"):
        assert word in data
    licences = set(re.findall(r"licence: (\S+)", said))
    assert licences <= {
        "CC0",
        "BSD-3-Clause",
        "MIT",
        "research;",
        "research,",
        "non-commercial,",
        "non-commercial",
    }


@pytest.mark.parametrize(
    ("typed", "position", "completed"),
    [("spikeproof ver", "1", ["verify"]), ("spikeproof compare --tw", "2", ["--twins"])],
)
def test_a_shell_completes_commands_and_options(typed, position, completed, tmp_path):
    asked = {"COMP_WORDS": typed, "COMP_CWORD": position, "_SPIKEPROOF_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == completed and done.stderr == "" and done.returncode == 0


def test_the_paper_cites_what_its_bibliography_holds():
    text, entries = ((ROOT / "paper" / name).read_text("utf-8") for name in ("paper.md", "paper.bib"))
    body = text.split("---", 2)[2]
    assert set(re.findall(r"@([a-z]+\d*)", body)) == set(re.findall(r"^@\w+\{(\w+),", entries, flags=re.M))
    assert 750 <= len(body.split()) <= 1250
