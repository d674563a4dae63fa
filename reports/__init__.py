"""Pages, figures, tables and sentences, drawn from the store and the ledger of a run alone; nothing is computed here."""

from typing import TYPE_CHECKING, Any

from reports.pages.claim_map import write_map
from reports.pages.comparison import write_comparison
from reports.pages.ledger import write_page
from reports.pages.ledger_document import claims_page

if TYPE_CHECKING:
    from reports.figures.claims import draw
    from reports.figures.pictures import COLOURS, GREY, draw_rows, picture

__all__ = [
    "COLOURS",
    "GREY",
    "claims_page",
    "draw",
    "draw_rows",
    "picture",
    "write_comparison",
    "write_map",
    "write_page",
]


def __getattr__(name: str) -> Any:
    """Import what draws when it is first used: pages are written also where the packages that draw are not installed."""
    if name == "draw":
        from reports.figures.claims import draw

        return draw
    if name in ("COLOURS", "GREY", "draw_rows", "picture"):
        from reports.figures import pictures

        return getattr(pictures, name)
    raise AttributeError(f"module 'reports' has no attribute {name!r}")
