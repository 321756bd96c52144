"""``ca1ltd sweep``: a grid of one protocol's values, a list of runs, or the table of a sweep."""

import inspect
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from typer.core import TyperCommand

from ca1ltd import protocols
from ca1ltd.cli.lazy import announce, application, command
from ca1ltd.cli.options import AsDrawnOption, DryRunOption, Once, say_notices, whole
from ca1ltd.cli.run import ProtocolGroup
from ca1ltd.declared import CELL, INTEGRATOR, SEED, SLICES, SYNAPSES
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import INTEGRATORS
from ca1ltd.experiment.store.run_folder import refuse_unwritable
from ca1ltd.experiment.store.sweep_folder import TABLE_FILE, SweepStore, refuse_taken
from ca1ltd.experiment.sweep.grid import alternatives, experiments
from ca1ltd.experiment.sweep.rows import read_rows
from ca1ltd.experiment.sweep.sweep import Sweep, sweep
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.model.conditions import options as condition_options
from ca1ltd.protocols import Option, Protocol
from ca1ltd.text import columns

MAX_ROWS = 40
"""Most rows of the table that are printed."""
SHOWN = (
    "conditioned_percent_of_baseline",
    "conditioned_sem",
    "conditioned_percent_expected",
    "control_percent_expected",
)
"""Outcomes that are printed beside what was swept."""
SPIKES = (
    "conditioned_fired_percent",
    "conditioned_local_spike_percent",
    "control_fired_percent",
    "control_local_spike_percent",
)
"""What is printed if any test pulse set off a spike."""
VALUES = "VALUES"
JsonOption = Annotated[bool, typer.Option("--json", help="Print the whole table as JSON.")]


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
    _print(found, as_json=as_json)


def _cells(protocol: str, cells: list[str] | None) -> list[dict[str, str]]:
    return [{"cell": name} for name in (alternatives(protocol, "cell", cells) if cells else ())]


def table_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep, which may be at work.")],
    as_json: JsonOption = False,
) -> None:
    """Write and print the table of the runs that are finished."""
    store = SweepStore.load(folder)
    found = Sweep(table=store.write_table(), path=store.path, swept=store.swept)
    _print(found, as_json=as_json)


def plot_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep, which may be at work.")],
    x: Annotated[
        str | None,
        typer.Option(help="What lies along the axis, of what was swept.  [default: a guess]"),
    ] = None,
    y: Annotated[
        str | None, typer.Option(help="A column of the table.  [default: the outcome]")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the plot.")] = Path("figures"),
) -> None:
    """Plot the outcomes of the runs that are finished against what was swept."""
    caption, files = plotted(folder, out, x=x, y=y)
    print(caption)
    print("\n".join(str(file) for file in files))


def plotted(
    folder: Path, out: Path, *, x: str | None = None, y: str | None = None
) -> tuple[str, tuple[Path, ...]]:
    """Plot a sweep; return the caption and the files."""
    from ca1ltd.experiment.sweep.axes import lay_out
    from ca1ltd.figures.sweep import save_sweep  # loads matplotlib

    refuse_unwritable(out)
    store = SweepStore.load(folder)
    names = {spec.protocol.name for spec in store.specs}
    protocol = names.pop() if len(names) == 1 else None
    layout = lay_out(store.table(), store.swept, protocol, along=x)
    return save_sweep(
        layout.table,
        out,
        f"sweep-{store.path.name}",
        title=layout.title,
        log=layout.log,
        column=y,
    )


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


def _print(found: Sweep, *, as_json: bool) -> None:
    print(json.dumps(_told(found), indent=2, allow_nan=False) if as_json else _text(found))


def _told(found: Sweep) -> dict[str, Any]:
    """Return the whole table as JSON values: null where nothing was measured."""
    rows = found.table.astype(object).to_dict("records")
    return {
        "folder": str(found.path),
        "table": str(found.path / TABLE_FILE),
        "swept": list(found.swept),
        "runs": [
            {str(name): None if pd.isna(value) else value for name, value in row.items()}
            for row in rows
        ],
    }


def _text(found: Sweep) -> str:
    return "\n".join(shown(found))


def shown(found: Sweep) -> list[str]:
    """Return the table's first rows: what was swept and the size of the EPSP."""
    table = found.table
    names = [str(name) for name in table.columns]
    outcome = next((k for k, name in enumerate(names) if name.startswith("conditioned_")), 10)
    spiked = [name for name in names if name in SPIKES and (table[name] > 0).any()]
    wanted = [name for k, name in enumerate(names) if k < outcome or name in (*SHOWN, *spiked)]
    rows = [tuple(wanted)]
    rows += [
        tuple(_cell(value) for value in row)
        for row in table[wanted].head(MAX_ROWS).itertuples(index=False)
    ]
    lines = columns(rows)
    if len(table) > MAX_ROWS:
        lines.append(f"and {len(table) - MAX_ROWS} more")
    return [*lines, f"results of {_words(len(table))} in {found.path / TABLE_FILE}"]


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "not measured"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


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
