"""Configuration of Sphinx; `docs/build.py` copies it beside the sources that it writes, and says where the tree is."""

import os
import re
import tomllib
from pathlib import Path

from generate.docstrings import as_rest, written_signature
from generate.reference import links
from sphinx_gallery.sorting import ExplicitOrder

ROOT = Path(os.environ["SPIKEPROOF_SITE_ROOT"])
SMALL = bool(os.environ.get("SPIKEPROOF_SITE_SMALL"))

GALLERY = ROOT / "examples" / "gallery"
SHOWN = re.findall(r"sphx_glr_(plot_\w+)_\d+\.png", (Path(__file__).parent / "index.md").read_text("utf-8"))
SECTIONS = ("spikes", "popularity", "noise", "choices", "own_data", "trust", "theorems", "scale")

project = "spikeproof"
author = "The spikeproof authors"
copyright = "The spikeproof authors, MIT licence"
release = version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
]
root_doc = "index"
exclude_patterns = ["gallery/**/*.ipynb", "gallery/**/*.py", "gallery/**/*.md5", "**/GALLERY_HEADER.rst"]
templates_path = ["_templates"]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
nb_execution_mode = "off" if SMALL else "cache"
nb_execution_cache_path = str(Path(__file__).parent.parent / "notebooks")
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js = {}
nb_number_source_lines = False

mathjax_path = "mathjax/tex-svg-full.js"
# no menu and no speech, which would load further files
mathjax3_config = {
    "options": {"enableMenu": False, "processHtmlClass": "tex2jax_process|mathjax_process|math|output_area"},
    "svg": {"fontCache": "global"},
}

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
maximum_signature_line_length = 88
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
default_role = "code"
smartquotes = False  # an option keeps its two hyphens
toc_object_entries = False

sphinx_gallery_conf = {
    "examples_dirs": [str(GALLERY)],
    "gallery_dirs": ["gallery"],
    # the smallest site runs the scripts whose pictures the first page shows
    "filename_pattern": f"/({'|'.join(SHOWN)})" if SMALL else "/plot_",
    "min_reported_time": 1e9,
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
    "download_all_examples": False,
    "image_srcset": ["2x"],
    "abort_on_example_error": True,
    "remove_config_comments": True,
    "backreferences_dir": None,
    "nested_sections": True,
    "subsection_order": ExplicitOrder(
        [
            os.path.relpath(GALLERY / name, Path(__file__).parent)
            for name in SECTIONS
            if (GALLERY / name).is_dir()
        ]
        + ["*"]
    ),
    "within_subsection_order": "generate.gallery_order.ReadingOrder",
    "plot_gallery": True,
}

html_theme = "pydata_sphinx_theme"
html_title = f"spikeproof {release}"
html_static_path = ["_static"]
html_favicon = "_static/logo.svg"
html_css_files = ["site.css"]
html_js_files = ["../../versions.js", "site.js"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_sidebars = {"index": [], "start": []}
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "spikeproof", "image_light": "_static/logo.svg", "image_dark": "_static/logo.svg"},
    "navbar_end": ["versions", "theme-switcher"],
    "navbar_align": "left",
    "header_links_before_dropdown": 8,
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_nav_level": 1,
    "navigation_depth": 2,
    "search_bar_text": "Search",
}


def _read_docstring(app, what, name, obj, options, lines):
    """Hand numpydoc each docstring as it reads them."""
    lines[:] = as_rest("\n".join(lines), LINKS).split("\n")


def _read_signature(app, what, name, obj, options, signature, result):
    """Show parameters and result as they are written in the source."""
    return written_signature(obj, what) or (signature, result)


LINKS = links()


def setup(app):
    """Connect the readers of signatures and docstrings, the latter before numpydoc's."""
    app.connect("autodoc-process-signature", _read_signature)
    app.connect("autodoc-process-docstring", _read_docstring, priority=100)
