"""``ca1ltd export``: the model in languages that other simulators read."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from ca1ltd.cli.lazy import application, load_neuron
from ca1ltd.cli.options import Once
from ca1ltd.declared import CELL
from ca1ltd.errors import BadInput
from ca1ltd.experiment.store.run_folder import refuse_unwritable
from ca1ltd.model.settings import settings_of

export_app = application(
    help="Write the model in a language that other simulators read.", no_args_is_help=True
)


@export_app.callback()
def _group() -> None:
    """Keep `sbml` a word of its own while it is the only command."""


@export_app.command("sbml", cls=Once)
def sbml_command(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The SBML file.")] = Path("cascade.xml"),
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter of the cascade, of `ca1ltd info parameters`, to change.",
        ),
    ] = None,
) -> None:
    """Write the signalling cascade of a spine head, at rest, as SBML; calcium is its input."""
    overrides = settings_of(set_ or (), CELL)
    if out.is_dir():
        raise BadInput(f"{out} is a folder: name a file")
    refuse_unwritable(out.parent)
    load_neuron()
    from ca1ltd.export.network import cascade_network

    network = cascade_network(overrides)
    if find_spec("libsbml") is None:
        raise BadInput("SBML needs python-libsbml: pip install 'ca1ltd[sbml]'")
    from ca1ltd.export.sbml import save_sbml

    save_sbml(network, out)
    print(out)
