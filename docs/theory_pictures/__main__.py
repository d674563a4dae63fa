"""Draw the pictures beside the pages: run it as `python -m theory_pictures` in the folder `docs`."""

from pathlib import Path

from theory_pictures import draw_all

draw_all(Path(__file__).parents[1] / "theory" / "pictures")
