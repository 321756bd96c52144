"""``ca1ltd sweep``: a grid of one protocol's values, a list of runs, or the table of a sweep."""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ca1ltd import protocols
from ca1ltd.cli.lazy import announce, application, command
from ca1ltd.cli.options import AsDrawnOption, DryRunOption, Once, say_notices, whole
from ca1ltd.cli.run import ProtocolGroup
from ca1ltd.cli.swept import JsonOption, plot_command, print_table, table_command
from ca1ltd.declared import CELL, INTEGRATOR, SEED, SLICES, SYNAPSES
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import INTEGRATORS
from ca1ltd.experiment.store.sweep_folder import SweepStore, refuse_taken
from ca1ltd.experiment.sweep.grid import alternatives, experiments
from ca1ltd.experiment.sweep.rows import read_rows
from ca1ltd.experiment.sweep.sweep import sweep
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.model.conditions import options as condition_options
from ca1ltd.protocols import Option, Protocol

VALUES = "VALUES"


class _Sweep(ProtocolGroup):
    """The commands of ``ca1ltd sweep``."""

    def make(self, protocol: type[Protocol]) -> TyperCommand:
        """Return the command of a protocol."""
        return command(_command_of(protocol), cls=Once, help=f"Sweep {protocol.title}.")


sweep_app = application(
    cls=_Sweep,
    help=(
        "Run every combination of values, or a list of runs, and leave a table. Where `run` takes "
        "a value, `sweep` takes several: 0.5,1,5 or FROM:TO:N or FROM:TO:N:log; an option may also "
        "be repeated."
    ),
    no_args_is_help=True,
)


def sweep_command(
    rows: Sequence[dict[str, str]],
    own: dict[str, list[str]],
    folder: Path,
    source: str | None,
    *,
    drug: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=uM,...][@FROM..TO]",
            help="A condition, of drugs of `ca1ltd info drugs`; repeat it for others. Drugs given "
            "together have a + between, 'none' is no drug.",
        ),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE,...@FROM..TO",
            help="Conditions of a window: mg or ca (mM) or holding (mV), from when to when (min "
            "from induction); repeat it for others. Those given together have a + between, 'none' "
            "is none.",
        ),
    ] = None,
    cell: Annotated[
        list[str] | None,
        typer.Option(
            metavar=VALUES, help=f"Reconstructed cells, of `ca1ltd info cells`.  [default: {CELL}]"
        ),
    ] = None,
    swc: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE, repeated", help="Reconstructions of your own."),
    ] = None,
    as_drawn: AsDrawnOption = False,
    slices: Annotated[
        list[str] | None,
        typer.Option(metavar=VALUES, help=f"Number of slices.  [default: {SLICES}]"),
    ] = None,
    synapses: Annotated[
        list[str] | None,
        typer.Option(
            metavar=VALUES,
            help=f"Synapses in each pathway; max, as many as fit.  [default: {SYNAPSES}]",
        ),
    ] = None,
    seed: Annotated[
        list[str] | None,
        typer.Option(metavar=VALUES, help=f"Seed of all that is random.  [default: {SEED}]"),
    ] = None,
    integrator: Annotated[
        list[str] | None,
        typer.Option(metavar=VALUES, help=f"{', '.join(INTEGRATORS)}.  [default: {INTEGRATOR}]"),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUES",
            help="Values of a parameter of `ca1ltd info parameters`.",
        ),
    ] = None,
    workers: Annotated[
        int | None, whole("workers", "Slices at once on this machine.  [default: cores]")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Run on the workers of a Dask scheduler (or its file)."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results.  [default: in sweeps/]")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Complete the sweep in that folder.")
    ] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run a sweep and print its table."""
    refuse_taken(out or folder, resume=resume)  # before many runs are described
    protocol = rows[0].get("protocol", "")
    given = {
        **own,
        "drug": drug,
        "condition": condition,
        "slices": slices,
        "synapses": synapses,
        "seed": seed,
        "integrator": integrator,
        **_settings(set_ or ()),
    }
    axes = [
        [{name: value} for value in alternatives(protocol, name, texts)]
        for name, texts in given.items()
        if texts
    ]
    if cell or swc:
        axes.append([*_cells(protocol, cell), *({"swc": str(file)} for file in swc or ())])
    if as_drawn:
        axes.append([{"as-drawn": "yes"}])
    specs = experiments(rows, axes, source=source)
    for spec in dict.fromkeys((spec.cell, spec.as_drawn) for spec in specs):
        say_notices(*spec)
    if dry_run:
        from ca1ltd.cli.plan import print_plan

        store = SweepStore.open(out or folder, specs, resume=resume)
        print_plan(store.stores(), workers=workers, as_json=as_json)
        return
    with standing_shown(_words(len(specs))) as progress:
        found = sweep(
            specs,
            out or folder,
            workers=workers,
            scheduler=scheduler,
            resume=resume,
            progress=progress,
        )
    print_table(found, as_json=as_json)


def _cells(protocol: str, cells: list[str] | None) -> list[dict[str, str]]:
    return [{"cell": name} for name in (alternatives(protocol, "cell", cells) if cells else ())]


def _settings(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of each parameter, from ``NAME=VALUES``."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, _, values = text.partition("=")
        if "." not in name or not values:
            raise BadInput(f"the setting '{text}' is not written NAME=VALUE")
        found.setdefault(name, []).append(values)
    return found


def _words(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs} runs"


def _command_of(protocol: type[Protocol]) -> Callable[..., None]:
    """Return the command of a protocol: its own options, then those of every sweep."""
    own = protocols.options_of(protocol)

    # Typer reads options from a signature, and these come from the protocol's fields.
    def call(**values: Any) -> None:
        given = _taken(own, values)
        rows = [{"protocol": protocol.name}]
        sweep_command(rows, given, Path("sweeps", protocol.name), None, **values)

    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*(_parameter(option) for option in own), *_common()]
    )
    return call


def _list_command() -> Callable[..., None]:
    def command(file: Path, **values: Any) -> None:
        sweep_command(
            read_rows(file), _taken((), values), Path("sweeps", file.stem), str(file), **values
        )

    file = inspect.Parameter(
        "file",
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        annotation=Annotated[
            Path,
            typer.Argument(
                help="CSV, JSON or TOML: a row for each run, columns named as the options, "
                "'protocol' among them, and as the parameters."
            ),
        ],
    )
    command.__signature__ = inspect.Signature([file, *_common()])  # type: ignore[attr-defined]
    return command


def _common() -> list[inspect.Parameter]:
    """Return the options of every sweep: the slice's conditions, then the rest."""
    parameters = inspect.signature(sweep_command).parameters.values()
    common = [each for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY]
    return [*map(_parameter, condition_options()), *common]


def _taken(own: Sequence[Option], values: dict[str, Any]) -> dict[str, list[str]]:
    """Take the options of a protocol and the conditions out of the values of a command."""
    return {option.word: values.pop(option.key) for option in (*own, *condition_options())}


def _parameter(option: Option) -> inspect.Parameter:
    each = f"Each takes {option.allowed}" if option.several else f"Takes {option.allowed}"
    return inspect.Parameter(
        option.key,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            list[str] | None,
            typer.Option(
                f"--{option.word}",
                metavar="VALUE, repeated" if option.several else VALUES,
                help=f"{option.text} {each}  [default: {option.default}]",
            ),
        ],
    )


announce(sweep_app, {name: f"Sweep {kind.title}." for name, kind in protocols.PROTOCOLS.items()})
sweep_app.command("list", cls=Once, help="Run a list of runs, of any protocols, from a file.")(
    _list_command()
)
sweep_app.command("table", cls=Once)(table_command)
sweep_app.command("plot", cls=Once)(plot_command)
