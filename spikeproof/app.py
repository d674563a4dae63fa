"""The command `spikeproof`: its subcommands, one file each, the one function that prints, and where errors become exit codes.

Exit code 0: the run completed, whatever the verdicts; 1: a trial or a control failed, a verdict changed, or a fault of our own;
2: bad input, told in one sentence; 130, 143 and 129: ended by Ctrl-C, SIGTERM and SIGHUP.
"""

from __future__ import annotations

import functools
import importlib
import io
import os
import pkgutil
import re
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from rich.segment import Segment
    from rich.text import Text


Part = str | tuple[str, str]


class Screen:
    """A rich console, made when something is first printed: `--help` does without it, and so starts fast.

    Whatever is printed is text: there is no markup, and a sign that a terminal would obey is shown instead. `say` prints a
    line; everything else is a method of the console.
    """

    def __init__(self, stderr: bool = False) -> None:
        self._stderr = stderr

    def say(self, *parts: Part, wrap: bool = False, lines: bool = False) -> None:
        """Print a line made of `parts`, each a text or a text and its style; line ends inside it are shown as `\\n`.

        With `wrap` a long line is broken between words, with `lines` the parts may hold line ends.
        """
        self.print(styled(*parts, lines=lines), soft_wrap=not wrap)

    def __getattr__(self, name: str) -> Any:
        """Make the console when one of its methods is first needed."""
        if "_console" not in self.__dict__:
            self._console = _console(self._stderr)
            self._console.on_broken_pipe = self._go_on_unheard
        return getattr(self._console, name)

    def _go_on_unheard(self) -> None:
        """Finish the run in silence when the program that read our output has ended."""
        self._console.quiet = True
        _discard_output()


def styled(*parts: Part, lines: bool = False) -> Text:
    """Return `parts`, as `Screen.say` takes them, for a cell of a table or anything else that rich lays out."""
    from rich.text import Text

    from simulate.plain_text import printable

    told = Text()
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        told.append(printable(text, lines=lines), style)
    return told


def _console(stderr: bool) -> Any:
    """Return a console without markup, to which nothing but its own styles and movements can send control characters."""
    from rich.console import Console
    from rich.segment import Segment

    from simulate.plain_text import printable

    class PlainConsole(Console):
        def render(self, renderable: Any, options: Any = None) -> Iterator[Segment]:
            for segment in super().render(renderable, options):
                if segment.control:
                    yield segment
                else:
                    yield Segment(printable(segment.text, lines=True), segment.style)

    # a pipe or a file has no width of its own; tables need more than the 80 columns that would be assumed
    width = None if stderr or sys.stdout.isatty() else 120
    return PlainConsole(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)


def tell_missing(*extras: Literal["figures", "parquet"]) -> None:
    """Print one line for each of these extras that is not installed: what stands in place of what it would write."""
    from simulate.optional import missing

    features = {
        "figures": ("drawing figures", "the page has no figures"),
        "parquet": ("results.parquet", "results.csv is written instead"),
    }
    for extra in extras:
        what, instead = features[extra]
        if sentence := missing(extra, what):
            console.say((f"{instead}:", "yellow"), f" {sentence}")


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # a locale without a sign shows "?" instead of failing
console = Screen()
errors = Screen(stderr=True)

OF_FILES = (
    "--items",
    "--log",
    "--held-out",
    "--claims",
    "--trials",
    "--check",
)  # options that name a file to read
LONGEST_ERROR = 2000  # characters: a name or a number from data may have millions

app = typer.Typer(
    name="spikeproof",
    help="When do the vectors of a truncated SVD line up in spikes, what do the spikes mean, "
    "and does the published theory of them hold?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: formatting it costs more time than all the rest of --help
    context_settings={"max_content_width": 110},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        console.say(f"spikeproof {version('spikeproof')}")
        raise typer.Exit()


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@functools.cache
def _register_subcommands() -> None:
    """Add the command of every module in this package that defines `register`, once; these modules import nothing heavy."""
    package = importlib.import_module("spikeproof")
    for module_info in pkgutil.iter_modules(package.__path__):
        if module_info.name not in {"__main__", "app", "pytest_plugin"}:
            module = importlib.import_module(f"spikeproof.{module_info.name}")
            if hasattr(module, "register"):
                module.register(app)


def main() -> None:
    """Run the command; bad input gives one sentence and exit code 2, never a traceback.

    With `SPIKEPROOF_TRACEBACK=1` errors show their traceback.
    """
    _register_subcommands()
    warnings.showwarning = _show_warning
    with _signals_that_end() as seen:
        if os.environ.get("SPIKEPROOF_TRACEBACK"):
            app()
        _run(seen)


def _run(seen: list[int]) -> None:
    """Run the command that is asked for, and turn what it raises into words and an exit code."""
    try:
        code = app(standalone_mode=False)
    except (KeyboardInterrupt, SystemExit) as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            # the program that read the help has ended, which is no error
            _discard_output()
            raise SystemExit(0) from None
        if isinstance(ended, KeyboardInterrupt):
            _say_interrupted(seen)
        raise
    except (ValueError, TypeError, OSError, MemoryError, ModuleNotFoundError) as error:
        errors.say(("error:", "bold red"), f" {one_line(error)}")
        raise SystemExit(2) from None
    except Exception as error:
        _show_usage_error(error)
        errors.say(
            ("a fault of spikeproof's own:", "bold red"),
            f" {type(error).__name__}: {one_line(error)}{'; what had finished is kept' if _keeps() else ''}. "
            "Please report it with what SPIKEPROOF_TRACEBACK=1 shows",
        )
        raise SystemExit(1) from None
    if code == 130:  # the parser turns Ctrl-C into this exit code by itself
        _say_interrupted(seen)
    raise SystemExit(code or 0)


@contextmanager
def _signals_that_end() -> Iterator[list[int]]:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does; yield the list in which they are noted.

    One that the caller ignores, as `nohup` does, stays ignored.
    """
    seen: list[int] = []

    def end(number: int, frame: Any) -> None:
        seen.append(number)
        raise KeyboardInterrupt

    ours = [
        number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL
    ]
    for number in ours:
        signal.signal(number, end)
    try:
        yield seen
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _keeps() -> bool:
    """Tell whether the command keeps what has finished, so that the same command continues it."""
    words = {word.partition("=")[0] for word in sys.argv[2:]}
    kept = {"sweep": True, "verify": True, "compare": True, "analyse": True}
    kept |= {"sample": "--shards" in words, "stability": "--out" in words}
    return kept.get("".join(sys.argv[1:2]), False) and "--dry-run" not in words


def _say_interrupted(seen: list[int]) -> None:
    number = signal.Signals(seen[0]) if seen else signal.SIGINT
    how = "interrupted" if number == signal.SIGINT else f"ended by {number.name}"
    kept = "what had finished is kept, and the same command continues from there"
    errors.say(f"{how}; {kept if _keeps() else 'nothing is kept of what this command had begun'}")
    raise SystemExit(128 + number)


def _show_usage_error(error: Exception) -> None:
    """End with what the parser says of a wrong command line, where `error` is one; the words on it may be names of files."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or not isinstance(code, int):
        return
    from simulate.plain_text import printable

    said = io.StringIO()
    show(file=said)
    sys.stderr.write(printable(said.getvalue(), lines=True))
    raise SystemExit(code)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    if issubclass(
        category, UserWarning
    ):  # ours; those of libraries to their developers are not for whoever runs a command
        errors.say(("warning:", "yellow"), f" {' '.join(str(message).split())}")


def _as_typed(text: str) -> str:
    """A message in which the parameters of the library that were given as options have the names of these options.

    Names of one word are left, but where a sentence begins with one and says what it is for: they are words of sentences too.
    A file that was given with an option is called with it.
    """
    for word, following in zip(sys.argv[1:], [*sys.argv[2:], ""]):
        option, _, value = word.partition("=")
        if option in OF_FILES and text.startswith(f"{value or following}: "):
            text = f"{option} {text}"
        if option.startswith("--") and text.startswith(f"{option[2:]} is for "):
            text = f"--{text}"
        if option.startswith("--") and "-" in option[2:]:
            text = re.sub(rf"(?<![\w./'\"-]){option[2:].replace('-', '_')}(?![\w./'\"-])", option, text)
    return text


def one_line(error: BaseException) -> str:
    """Return what an exception says, on one line and at most so long as somebody reads."""
    if isinstance(error, MemoryError):
        return f"the memory ran out ({str(error) or 'no size given'}); use a smaller input or a lower rank"
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        text = _as_typed(f"{error.filename}: {error.strerror}")
    else:
        text = _as_typed(" ".join(str(error).split())) or type(error).__name__
    if len(text) <= LONGEST_ERROR:
        return text
    return f"{text[: LONGEST_ERROR // 2]} ... {text[-LONGEST_ERROR // 2 :]} ({len(text):,} characters)"
