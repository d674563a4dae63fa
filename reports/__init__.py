"""Pages, figures, tables and sentences, drawn from the store and the ledger of a run alone; nothing is computed here."""

from reports.figures.claims import draw
from reports.pages.comparison import write_comparison
from reports.pages.ledger import write_page
from reports.pages.ledger_document import claims_page

__all__ = [
    "claims_page",
    "draw",
    "write_comparison",
    "write_page",
]
