"""Runs every benchmark, or those that are named, and writes their rows into the table of `README.md`.

python benchmarks/all.py               # half an hour on two cores
python benchmarks/all.py spk ppmi      # these alone; the other rows stay as they are
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine import ROWS, machine

HERE = Path(__file__).parent

SCRIPTS = (
    "sampling",
    "sampling_models",
    "shards",
    "interaction_logs",
    "spk",
    "spk_of_file",
    "embedding",
    "operators",
    "ppmi",
    "larger_than_memory",
    "predictions",
    "runner",
    "ratios",
    "growth",
    "first_page",
    "estimates",
)
BEGIN, END = "<!-- rows -->", "<!-- end of rows -->"


def rows_of(script: str, size: str) -> list[tuple[str, str, str]]:
    """Run one script and return what it recorded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        path.touch()
        command = [sys.executable, str(HERE / f"{script}.py"), "--size", size]
        subprocess.run(command, check=True, env={**os.environ, ROWS: str(path)})
        return [tuple(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def table(rows: dict[str, list[tuple[str, str, str]]]) -> str:
    """Return the table in Markdown, the scripts in their order."""
    lines = ["| script | what | measured | target |", "|---|---|---|---|"]
    for script in SCRIPTS:
        for number, row in enumerate(rows.get(script, ())):
            name = f"`{script}.py`" if number == 0 else ""
            lines.append(f"| {name} | {' | '.join(cell.replace('|', '/') for cell in row)} |")
    return "\n".join(lines)


def read_table(text: str) -> dict[str, list[tuple[str, str, str]]]:
    """Return the rows that a table holds, by script."""
    rows: dict[str, list[tuple[str, str, str]]] = {}
    script = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 4 or cells[1] in ("what", "---"):
            continue
        script = cells[0].strip("`").removesuffix(".py") or script
        rows.setdefault(script, []).append((cells[1], cells[2], cells[3]))
    return rows


def main() -> None:
    """Run, and write after each script, so that nothing measured is lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scripts", nargs="*", choices=[*SCRIPTS, []], help="all of them without")
    parser.add_argument("--size", choices=("small", "full"), default="full")
    asked = parser.parse_args()
    readme = HERE / "README.md"
    for script in asked.scripts or SCRIPTS:
        found = rows_of(script, asked.size)
        head, rest = readme.read_text("utf-8").split(BEGIN)
        old, tail = rest.split(END)
        rows = {**read_table(old), script: found}
        head = re.sub(r"Machine of the last run: .*", f"Machine of the last run: {machine()}.", head)
        if asked.size == "full":
            readme.write_text(f"{head}{BEGIN}\n{table(rows)}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
