"""The engine that sets formulas, shipped with the site: MathJax from npm, fetched once and kept outside of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "mathjax@3.2.2"
SCRIPT = "tex-svg-full.js"  # one file: no fonts, no parts that are loaded later


def cache_folder() -> Path:
    """Return where the package is kept between builds: the user's folder for caches."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spikeproof-site"


def fetch_mathjax(folder: Path) -> Path:
    """Put the script and its licence into `folder`; return the path of the script.

    Raises
    ------
    RuntimeError
        if npm is missing or cannot fetch the package.
    """
    kept = cache_folder() / PACKAGE.replace("@", "-")
    if not (kept / SCRIPT).is_file():
        with tempfile.TemporaryDirectory() as work:
            packed = pack(Path(work))
            kept.mkdir(parents=True, exist_ok=True)
            with tarfile.open(packed) as archive:
                for member, name in ((f"package/es5/{SCRIPT}", SCRIPT), ("package/LICENSE", "LICENSE")):
                    stream = archive.extractfile(member)
                    assert stream is not None, f"{PACKAGE} holds no {member}"
                    whole = kept / f"{name}.part"
                    whole.write_bytes(stream.read())
                    whole.replace(kept / name)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(kept / "LICENSE", folder / "LICENSE")
    return Path(shutil.copy(kept / SCRIPT, folder / SCRIPT))


def pack(work: Path) -> Path:
    """Return the package as npm gives it."""
    try:
        subprocess.run(["npm", "pack", PACKAGE], cwd=work, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise RuntimeError(
            "formulas need MathJax, which npm fetches: install npm, and run the build again"
        ) from None
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"npm cannot fetch {PACKAGE}: {error.stderr.strip()[-500:]}") from None
    (packed,) = work.glob("*.tgz")
    return packed
