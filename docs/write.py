"""Writes what follows from the code: `docs/commands.md`, `docs/api.md`, the map in `docs/design.md`.

Run it as `python docs/write.py`. A test compares them with what this script would write.
"""

import ast
import importlib
import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("simulate", "theory", "experiments", "reports", "spikeproof")
PUBLIC = (
    "spikeproof",
    "spikeproof.simulate",
    "spikeproof.theory",
    "spikeproof.experiments",
    "spikeproof.experiments.matrices",
    "spikeproof.reports",
)
BEGIN, END = "<!-- modules -->", "<!-- end of modules -->"


def first_sentence(path: Path) -> str:
    """Return what a module's docstring says first: a sentence, or a question and, if it is short, its answer.

    A claim's id before it is left out.
    """
    paragraph = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]
    text = re.sub(r"^[A-Z]\d+\. ", "", " ".join(paragraph.split()))
    first, *rest = re.split(r"(?<=[.?])(?<!et al\.)\s", text)
    answered = f"{first} {rest[0]}" if rest else first
    return answered if first.endswith("?") and len(answered) < 180 else first


def sub_rooms(room: str) -> list[Path]:
    """Return the sub-rooms of a room in the order in which data flow, which its import contract states, each before its own."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    layers = [c["layers"] for c in tool["importlinter"]["contracts"] if c.get("containers") == [room]]
    names = [name.strip() for layer in reversed(*layers) for name in layer.split("|")]
    found = [ROOT / room / name for name in names if (ROOT / room / name / "__init__.py").exists()]
    return [path.parent for sub in found for path in sorted(sub.rglob("__init__.py"))]


def module_map() -> str:
    """Return a heading and a table for every room and sub-room: the question it answers, and what each file is about."""
    lines: list[str] = []
    for room in ROOMS:
        lines += section(ROOT / room, "###")
        for sub in sub_rooms(room):
            lines += section(sub, "####")
    return "\n".join(lines) + "\n\n"


def section(folder: Path, level: str) -> list[str]:
    """Return the lines of one room: its name, its own sentence, and a row for each file."""
    name = folder.relative_to(ROOT).as_posix()
    lines = ["", f"{level} `{name}/`", "", first_sentence(folder / "__init__.py"), ""]
    files = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
    rows = [f"| `{path.name}` | {first_sentence(path).replace('|', chr(92) + '|')} |" for path in files]
    return [*lines, "| file | |", "|---|---|", *rows] if rows else lines[:-1]


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


def api() -> str:
    """Return the reference of everything that the rooms export, from its docstrings."""
    lines = [
        "# The interface",
        "",
        "Written by `python docs/write.py` from the docstrings. What is not listed here may change without notice. The short",
        "name of a room works too: `from theory import embed` gives the same function as `from spikeproof.theory import embed`.",
    ]
    for name in PUBLIC:
        module = importlib.import_module(name)
        lines += ["", f"## `{name}`", "", first_paragraph(module)]
        for exported in sorted(module.__all__, key=str.lower):
            lines += ["", f"### {exported}", "", *entry(exported, getattr(module, exported))]
    return "\n".join(lines) + "\n"


def entry(name: str, value: Any) -> list[str]:
    """Return the lines about one public name: signature, description and members, or a constant's value."""
    if not (inspect.isfunction(value) or inspect.isclass(value)):
        shown = str(value).replace("typing.", "")
        return ["```py", f"{name} = {shown}" if len(shown) < 200 else f"{name}: {kind_of(value)}", "```"]
    lines = ["```py", signature(name, value), "```", "", description(value)]
    for method, member in sorted(vars(value).items()) if inspect.isclass(value) else ():
        plain = member.__func__ if isinstance(member, classmethod) else member
        if method.startswith("_") or not (inspect.isfunction(plain) or isinstance(plain, property)):
            continue
        call = "" if isinstance(plain, property) else "()"
        lines.append(f"- `.{method}{call}` {first_paragraph(plain)}")
    return lines


def kind_of(value: Any) -> str:
    """Return the type of a constant that is too long to show, such as `tuple[Dataset, ...]`."""
    return f"tuple[{type(value[0]).__name__}, ...]" if isinstance(value, tuple) else type(value).__name__


def signature(name: str, value: Any) -> str:
    """Return `name(parameters) -> result` as it stands in the source, on as many lines as it needs."""
    if inspect.isclass(value) and getattr(value, "_is_protocol", False):
        return f"class {name}"
    if inspect.isclass(value) and issubclass(value, Exception):
        return f"class {name}({value.__base__.__name__})"
    found = inspect.signature(value)
    parts = [str(p).replace("'", "") for p in found.parameters.values()]
    stars = [k for k, p in enumerate(found.parameters.values()) if p.kind is p.KEYWORD_ONLY]
    if stars and not any(p.kind is p.VAR_POSITIONAL for p in found.parameters.values()):
        parts.insert(stars[0], "*")
    result = "" if inspect.isclass(value) else f" -> {found.return_annotation}"
    line = f"{name}({', '.join(parts)}){result}"
    if len(line) <= 100:
        return line
    return f"{name}(\n    " + ",\n    ".join(parts) + f",\n){result}"


def first_paragraph(value: Any) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())


def description(value: Any) -> str:
    """Return a docstring without its examples; its sections stay as they are, in a block."""
    text = (inspect.getdoc(value) or "").split("Examples\n---")[0].split("\n>>>")[0].rstrip()
    prose, *sections = re.split(r"\n(?=(?:Parameters|Raises|Returns)\n-+\n)", text)
    return "\n\n".join([prose.rstrip(), *(f"```text\n{part.rstrip()}\n```" for part in sections)])


def main() -> None:
    """Write the documents."""
    (ROOT / "docs/api.md").write_text(api(), encoding="utf-8")
    (ROOT / "docs/commands.md").write_text(commands(), encoding="utf-8")
    path = ROOT / "docs/design.md"
    path.write_text(design(path.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
