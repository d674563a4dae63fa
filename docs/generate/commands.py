"""The reference of the commands, from the commands themselves: what each does, its arguments and options with their defaults."""

from __future__ import annotations

from typing import Any

import typer.main

from spikeproof.app import _register_subcommands, app

ABOUT = (
    "# Commands",
    "",
    "What each command does, from its own help; `spikeproof COMMAND --help` says the same. Exit codes: 0 the run completed,",
    "whatever the verdicts; 1 a trial or a control failed, or a verdict differs from a baseline; 2 bad input; 130",
    "interrupted. What to do about a message: [errors](errors.md).",
)


def commands() -> str:
    """Return the page, a section and a table for every command."""
    _register_subcommands()
    group: Any = typer.main.get_command(app)
    lines = [*ABOUT]
    for name, command in sorted(group.commands.items()):
        lines += ["", f"## spikeproof {name}", "", " ".join((command.help or "").split()), ""]
        lines += ["| argument, option | default | meaning |", "|---|---|---|"]
        lines += [row(parameter) for parameter in command.params if parameter.name != "help"]
    return "\n".join(lines) + "\n"


def row(parameter: Any) -> str:
    """Return the row of an argument, in capitals, or of an option in all its spellings."""
    argument = parameter.param_type_name == "argument"
    spelled = parameter.name.upper() if argument else ", ".join([*parameter.opts, *parameter.secondary_opts])
    default = parameter.default
    unsaid = default is None or default is False or callable(default) or default == ()
    said = (parameter.help or "").replace("|", "\\|")
    return f"| `{spelled}` | {'' if unsaid else f'`{default}`'} | {said} |"
