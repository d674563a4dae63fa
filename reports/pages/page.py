"""Self-contained pages: one HTML file, no request to anywhere, a strict Content-Security-Policy.

Styles and scripts are inlined and allowed by their SHA-256 alone; figures are images in data URIs, so nothing inside
them can run; everything that comes from data is escaped by the template engine.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from experiments.running.files import write_whole
from experiments.running.output_places import require_ours, require_own_folder
from simulate.optional import missing

BEGINNING = "<!doctype html>\n<!-- written by spikeproof -->\n"  # of templates/base.html


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    template: str, *, styles: tuple[str, ...] = (), scripts: tuple[str, ...] = (), **context: Any
) -> str:
    """Return the page that `template` makes of `context`, with its styles, scripts and policy inlined.

    `styles`, beside that of all pages, and `scripts` name files of `templates/`; data reaches scripts as JSON in elements that
    never execute.
    """
    style = "".join(map(_asset, ("page.css", *styles)))
    code = [_asset(name) for name in scripts]
    policy = "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"style-src {_source(style)}",
            f"script-src {' '.join(map(_source, code)) or chr(39) + 'none' + chr(39)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return (
        _environment()
        .get_template(template)
        .render(style=Markup(style), code=[Markup(text) for text in code], policy=policy, **context)
    )


def write(page: str, path: Path) -> Path:
    """Write `page` to `path`, whole or not at all, and return the path.

    A lone surrogate, which no encoding carries, is written as a replacement mark.
    """
    return write_whole(path, page.encode("utf-8", errors="replace"))


def can_draw() -> bool:
    """Say whether the packages that draw figures are installed; a page without them has none."""
    return not missing("figures", "drawing figures")


def places(
    folder: Path, name: str, out: str | os.PathLike[str] | None, overwrite: bool
) -> tuple[Path, Path | None]:
    """Return where the page `name` of a run's `folder` goes, and its figures: both into the folder, or the page alone to `out`.

    A page holds its figures, so that it is whole without their files.

    Raises
    ------
    ValueError
        if a file of that name in `out` is no page of ours, unless it may be overwritten; if `folder/figures` is a link.
    """
    if out is None:
        return folder / name, require_own_folder(folder / "figures")
    target = Path(out)
    target.mkdir(parents=True, exist_ok=True)
    require_ours({target / name: (BEGINNING,)}, overwrite=overwrite)
    return target / name, None


def save_figure(svg: str, images: Path | None, name: str, caption: str) -> dict[str, str]:
    """Write a figure into the folder `images`, where there is one, and return it as the templates want it.

    That is `image`, a data URI, and `caption`.
    """
    if images is not None:
        write_whole(images / name, svg)
    return {"image": data_uri(svg), "caption": caption}


def data_uri(svg: str) -> str:
    """Return an SVG as a data URI for an `img`.

    >>> data_uri("<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _asset(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
