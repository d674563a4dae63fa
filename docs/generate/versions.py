"""Several versions of the site in one folder: each build adds its own, and all of them, old ones too, offer what is there.

`versions.js` lies beside the versions' folders and is read when a page is opened, so that an old version knows of a newer one;
a script and not JSON, since a browser reads no JSON from a disk.
"""

from __future__ import annotations

import json
from pathlib import Path

MARK = "objects.inv"  # every built site holds one


def versions_in(folder: Path) -> list[str]:
    """Return the versions that lie in a folder, newest first."""
    found = [path.parent.name for path in folder.glob(f"*/{MARK}")]
    return sorted(found, key=order, reverse=True)


def order(version: str) -> list[tuple[int, int | str]]:
    """Return what versions are sorted by: numbers as numbers.

    >>> sorted(["0.10.0", "0.9.1", "0.9"], key=order)
    ['0.9', '0.9.1', '0.10.0']
    """
    return [(1, int(part)) if part.isdigit() else (0, part) for part in version.split(".")]


def write_versions(folder: Path) -> None:
    """Write the list of the versions in `folder`, and a first page that leads to the newest."""
    found = versions_in(folder)
    (folder / "versions.js").write_text(f"window.spikeproofVersions = {json.dumps(found)};\n", "utf-8")
    page = f"{found[0]}/index.html"
    (folder / "index.html").write_text(
        '<!doctype html>\n<meta charset="utf-8">\n<title>spikeproof</title>\n'
        f'<meta http-equiv="refresh" content="0; url={page}">\n'
        f'<p><a href="{page}">spikeproof {found[0]}</a></p>\n',
        "utf-8",
    )
