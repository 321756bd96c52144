"""The commands, put together, and what becomes of their errors."""

import errno
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, Final

import typer

import ca1ltd
from ca1ltd.cli.lazy import LazyGroup, announce, application
from ca1ltd.errors import BadInput, Ca1ltdError, Interrupted, RunError
from ca1ltd.text import printable
from ca1ltd.threads import take_one_thread

# Typer raises the errors of the click that it is built on, its own or the installed one.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]

_COMMANDS: Final = {
    "build": ("info:build_app", "Compile the mechanisms, if they are not compiled already."),
    "info": ("info:info_app", "Say what this installation is made of, or list what there is."),
    "run": ("run:run_app", "Run a protocol and leave its results in a folder."),
    "sweep": (
        "sweep:sweep_app",
        "Run every combination of values, or a list of runs, and leave a table.",
    ),
    "experiment": (
        "experiment:experiment_app",
        "Published experiments: list them, run them, score the model on them.",
    ),
    "figure": ("figure:figure_app", "Draw a figure, after making the runs that it needs."),
    "cell": ("cell:cell_app", "The reconstructed cells."),
    "export": ("export:export_app", "Write the model in a language that other simulators read."),
}
"""What each command is loaded from, and its help."""


_OF_THE_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE)
"""What is wrong with the machine; any other file that cannot be used was named by the user."""


class _Commands(LazyGroup):
    """The group of all commands."""

    def load(self, name: str) -> Any:
        """Return the command of a name that is known."""
        place, _ = _COMMANDS[name]
        module, _, part = place.partition(":")
        return typer.main.get_command(getattr(import_module(f"ca1ltd.cli.{module}"), part))


app = application(
    cls=_Commands,
    help="A CA1 pyramidal cell in NEURON whose synapses undergo long-term depression.",
    no_args_is_help=True,
    add_completion=True,
)
announce(app, {name: text for name, (_, text) in _COMMANDS.items()})


def _version(wanted: bool) -> None:
    if wanted:
        print(ca1ltd.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``ca1ltd``; by default those of the process.
    """
    # A shell that starts a job in the background has it ignore Ctrl-C: heed it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    take_one_thread()
    _print_anywhere()
    words = None if arguments is None else list(arguments)
    try:
        status = app(words, prog_name="ca1ltd", standalone_mode=False)
    except Ca1ltdError as error:
        print(f"ca1ltd: {printable(str(error))}", file=sys.stderr)
        return error.exit_status
    except _UsageError as error:
        print(_usage_text(error), file=sys.stderr)
        return BadInput.exit_status
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        print(f"ca1ltd: {printable(f'{where}{error.strerror or error}')}", file=sys.stderr)
        return RunError.exit_status if error.errno in _OF_THE_DISK else BadInput.exit_status
    except KeyboardInterrupt:
        print("ca1ltd: stopped", file=sys.stderr)
        return Interrupted.exit_status
    return status if isinstance(status, int) else 0


def _print_anywhere() -> None:
    """Let a letter that the terminal does not have be a question mark rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def _usage_text(error: Exception) -> str:
    text = str(error.format_message() if hasattr(error, "format_message") else error)
    if text.startswith("Usage:"):  # a group without a command shows its help
        return text
    return f"ca1ltd: {printable(' '.join(text.split()))}"
