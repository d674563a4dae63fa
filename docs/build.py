"""Builds the documentation site: `python docs/build.py -o site`, after `pip install '.[docs]'`.

The folder then holds the site of this version, and a first page that leads to it. The ledger's pages are made of runs that are
there (`--ledger FOLDER`), or of one that the build makes: all claims at the default size, or, with `--small`, a few at the
smallest. `--work FOLDER` keeps what was computed, so that the next build goes on from there. Warnings are errors.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMALL = ("A1", "B3")  # a claim that holds and one that is refuted, in a few seconds


def main(arguments: list[str] | None = None) -> int:
    """Build the site; return the exit code: 2 for bad input or a tool that is missing, otherwise that of what failed."""
    given = parser().parse_args(arguments)
    try:
        for folder in given.ledger:
            if not (folder / "ledger.json").is_file():
                raise ValueError(
                    f"--ledger must be a folder of `spikeproof verify`, with its ledger.json; got {folder}"
                )
        if given.work:
            return build(given, given.work.resolve())
        with tempfile.TemporaryDirectory(prefix="spikeproof-site-") as work:
            return build(given, Path(work))
    except (ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        return error.returncode


def parser() -> argparse.ArgumentParser:
    """Return what the command takes."""
    made = argparse.ArgumentParser(description="Build the documentation site.")
    made.add_argument(
        "-o", "--out", type=Path, default=Path("site"), help="the folder of the site; default: site"
    )
    made.add_argument(
        "--small", action="store_true", help="the smallest site: few claims are judged, few examples run"
    )
    made.add_argument(
        "--ledger", type=Path, action="append", default=[], help="a folder of `spikeproof verify`; repeatable"
    )
    made.add_argument("--work", type=Path, help="keep what is computed in this folder, outside of the tree")
    return made


def build(given: argparse.Namespace, work: Path) -> int:
    """Judge claims where no ledger is given, write the sources, and run Sphinx; return its exit code."""
    sys.path[:0] = [str(ROOT), str(ROOT / "docs")]
    from generate.sources import write_sources
    from generate.versions import write_versions

    sources = work / "sources"
    for path in sorted(sources.rglob("*"), reverse=True) if sources.is_dir() else ():
        if path.is_file() and "gallery" not in path.relative_to(sources).parts:
            path.unlink()
    sources.mkdir(parents=True, exist_ok=True)
    write_sources(sources, [folder.resolve() for folder in given.ledger] or [judge(work, given.small)])
    out = given.out.resolve() / version()
    environment = {
        **os.environ,
        "SPIKEPROOF_SITE_SMALL": "1" if given.small else "",
        "SPIKEPROOF_SITE_ROOT": str(ROOT),
    }
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT), str(ROOT / "docs"), os.environ.get("PYTHONPATH", "")]
    )
    sphinx = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(work / "doctrees")]
    code = subprocess.run([*sphinx, str(sources), str(out)], env=environment).returncode
    if code == 0:
        write_versions(given.out.resolve())
        print(out / "index.html")
    return code


def judge(work: Path, small: bool) -> Path:
    """Judge the claims whose pages show figures; return the folder of the run."""
    out = work / ("ledger-small" if small else "ledger")
    which = [*SMALL, "--quick"] if small else []
    verify = [
        sys.executable,
        "-m",
        "spikeproof",
        "verify",
        *which,
        "--out",
        str(out),
        "--accept-other-version",
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    subprocess.run(verify, check=True, env=environment, stdout=subprocess.DEVNULL)
    return out


def version() -> str:
    """Return the version of this tree."""
    import tomllib

    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


if __name__ == "__main__":
    sys.exit(main())
