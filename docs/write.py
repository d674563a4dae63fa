"""Writes what follows from the code: `docs/commands.md`, and the module map in `docs/design.md`.

Run it as `python docs/write.py`. A test compares both with what this script would write.
"""

import ast
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("simulate", "theory", "experiments", "reports", "spikeproof")
BEGIN, END = "<!-- modules -->", "<!-- end of modules -->"


def first_sentence(path: Path) -> str:
    """Return the first sentence of a module's docstring, on one line."""
    text = " ".join((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split())
    return re.split(r"(?<=[.?])\s", text, maxsplit=1)[0]


def module_map() -> str:
    """Return a table a room: each module with what its docstring says it holds."""
    lines = []
    for room in ROOMS:
        lines += ["", f"### `{room}/`", "", "| module | holds |", "|---|---|"]
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT / room).as_posix()
            said = first_sentence(path).replace("|", "\\|")
            lines.append(f"| `{name}` | {said} |")
    return "\n".join(lines) + "\n\n"


def design(text: str) -> str:
    """Return `docs/design.md` with its module map written anew."""
    head, rest = text.split(BEGIN)
    return head + BEGIN + "\n" + module_map() + END + rest.split(END)[1]


def commands() -> str:
    """Return the reference of every command, from the commands themselves."""
    import typer.main

    from spikeproof.app import _register_subcommands, app

    _register_subcommands()
    group: Any = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "Written by `python docs/write.py` from the commands' own help. Exit codes: 0 the run completed, whatever the",
        "verdicts; 1 a trial or a control failed, or a verdict differs from a baseline; 2 bad input; 130 interrupted.",
    ]
    for name, command in sorted(group.commands.items()):
        lines += ["", f"## spikeproof {name}", "", " ".join((command.help or "").split()), ""]
        lines += ["| | default | |", "|---|---|---|"]
        for parameter in command.params:
            if parameter.name == "help":
                continue
            argument = parameter.param_type_name == "argument"
            spelled = (
                parameter.name.upper()
                if argument
                else ", ".join([*parameter.opts, *parameter.secondary_opts])
            )
            default = parameter.default
            shown = (
                ""
                if default is None or default is False or callable(default) or default == ()
                else f"`{default}`"
            )
            said = (parameter.help or "").replace("|", "\\|")
            lines.append(f"| `{spelled}` | {shown} | {said} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both documents."""
    (ROOT / "docs/commands.md").write_text(commands(), encoding="utf-8")
    path = ROOT / "docs/design.md"
    path.write_text(design(path.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
