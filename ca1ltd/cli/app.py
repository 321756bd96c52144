"""The commands, put together, and what becomes of their errors."""

import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import ca1ltd
from ca1ltd.cli.cell import cell_app
from ca1ltd.cli.experiment import experiment_app
from ca1ltd.cli.export import export_app
from ca1ltd.cli.figure import figure_command
from ca1ltd.cli.info import build_command, info_command
from ca1ltd.cli.options import Once
from ca1ltd.cli.run import run_app
from ca1ltd.cli.sweep import sweep_app
from ca1ltd.errors import BadInput, Ca1ltdError, Interrupted, RunError

# Typer raises the errors of the click that it is built on, its own or the installed one.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    help="A CA1 pyramidal cell in NEURON whose synapses undergo long-term depression.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
app.command("build")(build_command)
app.command("info")(info_command)
app.add_typer(run_app, name="run")
app.add_typer(sweep_app, name="sweep")
app.add_typer(experiment_app, name="experiment")
app.command("figure", cls=Once)(figure_command)
app.add_typer(cell_app, name="cell")
app.add_typer(export_app, name="export")


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
    words = None if arguments is None else list(arguments)
    try:
        status = app(words, prog_name="ca1ltd", standalone_mode=False)
    except Ca1ltdError as error:
        print(f"ca1ltd: {error}", file=sys.stderr)
        return error.exit_status
    except _UsageError as error:
        print(_usage_text(error), file=sys.stderr)
        return BadInput.exit_status
    except OSError as error:  # a full disk, a folder that went away
        print(f"ca1ltd: {error}", file=sys.stderr)
        return RunError.exit_status
    except KeyboardInterrupt:
        print("ca1ltd: stopped", file=sys.stderr)
        return Interrupted.exit_status
    return status if isinstance(status, int) else 0


def _usage_text(error: Exception) -> str:
    text = str(error.format_message() if hasattr(error, "format_message") else error)
    if text.startswith("Usage:"):  # a group without a command shows its help
        return text
    return f"ca1ltd: {' '.join(text.split())}"
