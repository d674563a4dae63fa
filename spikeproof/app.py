"""The command `spikeproof`: its subcommands, one file each, and the one place where errors become exit codes.

Exit code 0: the run completed, whatever the verdicts; 1: a trial or a control failed, a verdict changed, or a fault of our own;
2: bad input, told in one sentence; 130: interrupted.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
import warnings
from typing import Annotated, Any, Literal

import typer


class Screen:
    """A rich console, made when something is first printed: `--help` does without it, and so starts fast."""

    def __init__(self, stderr: bool = False) -> None:
        self._stderr = stderr

    def __getattr__(self, name: str) -> Any:
        """Make the console when one of its methods is first needed."""
        if "_console" not in self.__dict__:
            from rich.console import Console

            # a pipe or a file has no width of its own; tables need more than the 80 columns that would be assumed
            width = None if self._stderr or sys.stdout.isatty() else 120
            self._console = Console(stderr=self._stderr, highlight=False, width=width)
            self._console.on_broken_pipe = self._go_on_unheard  # type: ignore[method-assign]
        return getattr(self._console, name)

    def _go_on_unheard(self) -> None:
        """Finish the run in silence when the program that read our output has ended."""
        self._console.quiet = True
        _discard_output()


def tell_missing(*extras: Literal["figures", "parquet"]) -> None:
    """Print one line for each of these extras that is not installed: what stands in place of what it would write."""
    from rich.markup import escape

    from simulate.optional import missing

    features = {
        "figures": ("drawing figures", "the page has no figures"),
        "parquet": ("results.parquet", "results.csv is written instead"),
    }
    for extra in extras:
        what, instead = features[extra]
        if sentence := missing(extra, what):
            console.print(f"[yellow]{instead}:[/] {escape(sentence)}", soft_wrap=True)


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # a locale without a sign shows "?" instead of failing
console = Screen()
errors = Screen(stderr=True)

app = typer.Typer(
    name="spikeproof",
    help="When do the vectors of a truncated SVD line up in spikes, what do the spikes mean, "
    "and does the published theory of them hold?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: formatting it costs more time than all the rest of --help
    context_settings={"max_content_width": 110},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        console.print(f"spikeproof {version('spikeproof')}")
        raise typer.Exit()


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _register_subcommands() -> None:
    """Add the command of every module in this package that defines `register`; these modules import nothing heavy."""
    package = importlib.import_module("spikeproof")
    for module_info in pkgutil.iter_modules(package.__path__):
        if module_info.name not in {"__main__", "app"}:
            module = importlib.import_module(f"spikeproof.{module_info.name}")
            if hasattr(module, "register"):
                module.register(app)


def main() -> None:
    """Run the command; bad input gives one sentence and exit code 2, never a traceback.

    With `SPIKEPROOF_TRACEBACK=1` errors show their traceback.
    """
    _register_subcommands()
    warnings.showwarning = _show_warning
    if os.environ.get("SPIKEPROOF_TRACEBACK"):
        app()
    try:
        app()
    except (KeyboardInterrupt, SystemExit) as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            # the program that read the help has ended, which is no error
            _discard_output()
            raise SystemExit(0) from None
        # the parser turns Ctrl-C into this exit code by itself
        if isinstance(ended, KeyboardInterrupt) or ended.code == 130:
            errors.print("interrupted; what had finished is kept, and the same command continues from there")
            raise SystemExit(130) from None
        raise
    except (ValueError, TypeError, OSError, MemoryError, ModuleNotFoundError) as error:
        errors.print(f"[bold red]error:[/] {_one_line(error)}", soft_wrap=True)
        raise SystemExit(2) from None
    except Exception as error:
        errors.print(
            f"[bold red]a fault of spikeproof's own:[/] {type(error).__name__}: {_one_line(error)}; what had finished is kept. "
            "Please report it with what SPIKEPROOF_TRACEBACK=1 shows",
            soft_wrap=True,
        )
        raise SystemExit(1) from None


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    from rich.markup import escape

    if issubclass(
        category, UserWarning
    ):  # ours; those of libraries to their developers are not for whoever runs a command
        errors.print(f"[yellow]warning:[/] {escape(' '.join(str(message).split()))}", soft_wrap=True)


def _one_line(error: BaseException) -> str:
    from rich.markup import escape

    if isinstance(error, MemoryError):
        return f"the memory ran out ({escape(str(error)) or 'no size given'}); use a smaller input or a lower rank"
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return escape(f"{error.filename}: {error.strerror}")
    return escape(" ".join(str(error).split()) or type(error).__name__)
