"""`spikeproof.theory` is the module `theory`, and ours, also beside modules of the user that have the same names.

What is imported first decides, so every test starts a process of its own, in a folder that may hold such modules.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments, folder):
    """Run Python in `folder`, which comes first on its `sys.path`; the project comes next."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def said(code, folder):
    """Return the words that `code` prints."""
    done = python("-c", code, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def others(tmp_path):
    """A folder with modules of the names of rooms: packages, a module, scripts without `__init__.py`, and data."""
    for name in ("theory", "experiments"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("mine = 1\n")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "draw.py").write_text("mine = 2\n")
    (tmp_path / "simulate.py").write_text("mine = 3\n")
    return tmp_path


def test_importing_the_root_imports_no_room_and_no_numpy(tmp_path):
    code = (
        "import spikeproof, sys; "
        "print(sorted({'numpy', 'typer', 'simulate', 'theory', 'experiments', 'reports'} & set(sys.modules)))"
    )
    assert said(code, tmp_path) == ["[]"]


@pytest.mark.parametrize(
    "first",
    [
        "import spikeproof.theory.analysis.spikes",
        "import theory.analysis.spikes",
        "import spikeproof.simulate, theory, spikeproof.theory.analysis.spikes",
        "from spikeproof import theory as t",
        "import spikeproof; spikeproof.theory.analysis",
    ],
)
def test_both_names_mean_one_module_whichever_is_imported_first(first, tmp_path):
    code = f"""
{first}
import sys, theory, simulate, spikeproof.theory, spikeproof.simulate
import spikeproof.theory.analysis.spikes as long, theory.analysis.spikes as short
from spikeproof.theory import Spikes
both = [name for name in sys.modules if name.startswith("spikeproof.theory") or name.startswith("spikeproof.simulate")]
assert len(both) >= 4, both
assert all(sys.modules[name] is sys.modules[name.removeprefix("spikeproof.")] for name in both)
assert long is short and Spikes is short.Spikes and Spikes.__module__ == short.__name__ == short.__spec__.name
assert short.__spec__.loader is short.__loader__ and short.__spec__.origin == short.__file__
assert spikeproof.theory is theory and theory.analysis.spikes is long
print("same")
"""
    assert said(code, tmp_path) == ["same"]


def test_all_four_rooms_and_their_sub_rooms_have_the_second_name(tmp_path):
    code = """
import spikeproof.reports, spikeproof.experiments.matrices, spikeproof.experiments.running.store, sys
import experiments.matrices, experiments.running.store, reports
assert sys.modules["spikeproof.reports"] is reports
assert spikeproof.experiments.matrices is experiments.matrices
assert sys.modules["spikeproof.experiments.running.store"] is experiments.running.store
print("same")
"""
    assert said(code, tmp_path) == ["same"]


def test_pickles_made_under_either_name_load_in_another_process(tmp_path):
    make = (
        "import pickle; from spikeproof.simulate import LogNormal; "
        "plain = pickle.dumps(LogNormal(0.5), protocol=0); "
        "module = LogNormal.__module__.encode(); "
        "long = plain.replace(module, b'spikeproof.' + module); assert long != plain; "
        "open('plain', 'wb').write(plain); open('long', 'wb').write(long)"
    )
    said(make, tmp_path)
    load = (
        "import pickle; one, two = (pickle.load(open(name, 'rb')) for name in ('long', 'plain')); "
        "from spikeproof.simulate import LogNormal; print(one == two == LogNormal(0.5), type(one) is LogNormal)"
    )
    assert said(load, tmp_path) == ["True", "True"]


def test_an_unknown_module_below_a_room_is_not_found(tmp_path):
    done = python("-c", "import spikeproof.simulate.nothing", folder=tmp_path)
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: No module named 'spikeproof.simulate.nothing'"
    )


def test_rooms_come_from_the_folder_of_the_root_that_no_path_names(tmp_path):
    """An editable installation finds `spikeproof` by a table, and its folder is not on `sys.path`."""
    code = f"""
import importlib.util, sys
sys.path = [entry for entry in sys.path if entry != {str(ROOT)!r}]
spec = importlib.util.spec_from_file_location("spikeproof", {str(ROOT / "spikeproof/__init__.py")!r})
sys.modules["spikeproof"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
import simulate
from spikeproof.simulate import dcbm
assert dcbm is simulate.dcbm
print(simulate.__file__)
"""
    assert said(code, tmp_path) == [str(ROOT / "simulate/__init__.py")]


# Python prefers a package, wherever it is, to a folder without `__init__.py`: this one is imported where ours is not on the path
# a folder without `__init__.py` is found only where no package of that name is, in the tree or among what is installed
SCRIPTS = "import sys; path = sys.path[:]; sys.path[1:] = []; import reports.draw; sys.path[:] = path"


def test_a_module_that_was_imported_before_under_a_rooms_name_is_an_error_that_names_it(others):
    for code, name in (
        ("import simulate; import spikeproof.simulate", "simulate.py"),
        ("import simulate; from spikeproof import theory", "simulate.py"),
        ("import simulate, spikeproof, theory", "simulate.py"),
        ("import theory, spikeproof; spikeproof.experiments", "theory/__init__.py"),
        (f"{SCRIPTS}; import spikeproof.reports.pages", "reports"),
    ):
        done = python("-c", code, folder=others)
        error = done.stderr.splitlines()[-1]
        assert error.startswith("ImportError: spikeproof needs its own module"), done.stderr
        assert f"from {others / name}; rename that one" in error
    code = f"{SCRIPTS}; from spikeproof.simulate import dcbm; print(reports.draw.mine)"
    assert said(code, others) == ["2"]  # what needs no such room works


def test_a_hidden_module_of_the_user_is_warned_of_once_for_each_name(others):
    code = (
        "import spikeproof.simulate, spikeproof.theory, theory, spikeproof.reports; "
        "import simulate.validation, reports; print(theory.__file__, reports.__file__)"
    )
    done = python("-c", code, folder=others)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(ROOT / room / "__init__.py") for room in ("theory", "reports")]
    warnings = [line for line in done.stderr.splitlines() if "HiddenModuleWarning: " in line]
    hidden = {"simulate": "simulate.py", "theory": "theory/__init__.py", "reports": "reports"}
    for name, file in hidden.items():
        words = (
            f"spikeproof's module {name!r} ({ROOT / name}) hides {others / file}, which cannot be imported"
        )
        assert sum(words in line for line in warnings) == 1, done.stderr


def test_neither_folders_of_data_nor_modules_later_on_the_path_are_warned_of(tmp_path, others):
    data = tmp_path / "data"
    (data / "theory").mkdir(parents=True)
    (data / "theory" / "table.csv").write_text("a,b\n")
    code = f"import sys; sys.path.append({str(others)!r}); import spikeproof.theory; print('fine')"
    done = python("-c", code, folder=data)
    assert (done.stdout.split(), done.stderr) == (["fine"], "")


SWEEP = "sweep noise --set n=200 --set noise=0.0 --set mean_degree=20.0 --set replicates=1"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("spk davis --rank 3", "peaks"),
        (f"{SWEEP} --workers 2", "0 failed"),
        pytest.param(f"{SWEEP} --dask local:1", "0 failed", marks=pytest.mark.slow),
    ],
)
def test_the_command_runs_ours_in_a_folder_that_holds_the_same_names(line, words, others):
    """In worker processes too, which find modules anew. The folder is data to the command, so it hides nothing there."""
    done = python("-m", "spikeproof", *line.split(), folder=others)
    assert done.returncode == 0 and words in done.stdout, done.stdout + done.stderr
    assert "hides" not in done.stderr, done.stderr
