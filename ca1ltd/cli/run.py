"""``ca1ltd run PROTOCOL``: one subcommand per protocol, its options made from its fields."""

import inspect
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from typer.core import TyperGroup

from ca1ltd import protocols
from ca1ltd.analysis.responses import currents
from ca1ltd.cli.options import Once, whole
from ca1ltd.cli.text import columns
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import INTEGRATORS, ExperimentSpec
from ca1ltd.experiment.sweep.values import settings_of
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.model import drugs
from ca1ltd.model.conditions import Conditions
from ca1ltd.model.conditions import options as condition_options
from ca1ltd.protocols import Option, Protocol


class ProtocolGroup(TyperGroup):
    """Says in one sentence which protocols there are when a name is wrong."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first word names."""
        if args[0] not in self.commands:
            protocols.make(args[0], {})
        return super().resolve_command(ctx, args)


run_app = typer.Typer(
    help="Run a protocol and leave its results in a folder.",
    cls=ProtocolGroup,
    no_args_is_help=True,
)


def run_command(
    protocol: Protocol,
    conditions: Conditions,
    *,
    drug: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=uM][@FROM..TO]",
            help="A drug, its concentration (uM, if no other unit is written), and from when to "
            "when (min from induction).",
        ),
    ] = None,
    cell: Annotated[str, typer.Option(help="Reconstructed cell.")] = "dhc",
    slices: Annotated[int, whole("slices", "Number of slices.")] = 5,
    synapses: Annotated[int, whole("synapses", "Synapses in each pathway.")] = 60,
    seed: Annotated[int, whole("seed", "Seed of all that is random.")] = 1,
    workers: Annotated[int | None, whole("workers", "Slices at once  [default: cores]")] = None,
    integrator: Annotated[str, typer.Option(help=f"{', '.join(INTEGRATORS)}.")] = "efficient",
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A parameter to change; NAME=x1.2 multiplies it."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results  [default: runs/PROTOCOL-SEED]")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Complete the run in that folder.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run an experiment and print its outcome."""
    spec = ExperimentSpec(
        protocol=protocol,
        cell=cell,
        seed=seed,
        slices=slices,
        synapses=synapses,
        drugs=tuple(drugs.parse(text) for text in drug or ()),
        conditions=conditions,
        integrator=integrator,
        parameters=settings_of(set_ or (), cell),
    )
    folder = out or Path("runs", f"{protocol.name}-{seed}")
    with standing_shown(protocol.name) as progress:
        run = run_experiment(spec, folder, workers=workers, resume=resume, progress=progress)
    print(json.dumps(run.summary, indent=2) if as_json else "\n".join(_outcome(run)))


def _outcome(run: Run) -> list[str]:
    """Return what a run came to, in the words of its protocol."""
    curve = run.summary.get("input_output")
    ratio = run.summary.get("paired_pulse_ratio")
    rows: list[tuple[str, ...]]
    if curve is not None:
        rows = [("current (uA)", "EPSP (mV)", "slope (mV/ms)", "fired")]
        rows += [
            (
                f"{row['current_uA']:g}",
                f"{row['epsp_amplitude_mV']:.2f}",
                f"{row['epsp_slope_mV_per_ms']:.2f}",
                f"{row['fired']:.0%}",
            )
            for row in curve
        ]
    elif "epsc_pA" in run.epsp and run.epsp["epsc_pA"].notna().all():
        rows = _currents(run)
    elif ratio is not None:
        error = "not measured" if ratio["sem"] is None else f"{ratio['sem']:.2f}"
        words = (f"{ratio['mean']:.2f}", f"SEM {error}", f"n = {ratio['n_slices']:.0f}")
        rows = [("paired-pulse ratio of EPSP slopes", *words)]
    else:
        windows = [*run.summary.get("phases", ()), run.summary]
        rows = [
            (
                *_when(window["window_min"], among=len(windows)),
                pathway,
                f"{_percent(outcome['percent_of_baseline'])} of baseline",
                f"SEM {_percent(outcome['sem'])}",
                f"without release noise {_percent(outcome['percent_expected'])}",
                f"n = {outcome['n_slices']}",
            )
            for window in windows
            for pathway, outcome in window["pathways"].items()
        ]
    return [*columns(rows), *_errors(run), f"results in {run.path}"]


def _currents(run: Run) -> list[tuple[str, ...]]:
    """Return the currents of a soma that is voltage clamped throughout, inward below 0."""
    table = currents(run.epsp, run.summary["window_min"][0])
    induced = (table["when"] == "before").any()
    head = ("pathway", "potential (mV)", "peak (pA)", "SEM", "50 ms after the pulse (pA)")
    rows: list[tuple[str, ...]] = [(*head, "pairing") if induced else head]
    for _, row in table.iterrows():
        words = (
            str(row["pathway"]),
            f"{row['holding_mV']:g}",
            f"{row['epsc_pA']:z.2f}",
            "not measured" if pd.isna(row["sem_pA"]) else f"{row['sem_pA']:.2f}",
            f"{row['epsc_late_pA']:z.2f}",
        )
        rows.append((*words, str(row["when"])) if induced else words)
    return rows


def _when(window: list[float], *, among: int) -> tuple[str, ...]:
    """Return when an outcome was taken, if there are several."""
    start, end = window
    return (f"{start:.0f} to {end:.0f} min",) if among > 1 else ()


def _errors(run: Run) -> list[str]:
    """Return how wrong the integrator's steps are, if it has measured it."""
    words = {
        "EPSPs": "error_of_epsp_percent",
        "spine calcium": "error_of_spine_ca_percent",
        "calcineurin": "error_of_calcineurin_percent",
    }
    found = [
        f"{name} {run.summary[key]:.2f} %" for name, key in words.items() if key in run.summary
    ]
    return [f"error of the steps: {', '.join(found)}"] if found else []


def _percent(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.1f} %"


def _command_of(protocol: type[Protocol]) -> Callable[..., None]:
    """Return the command of a protocol: its own options, the slice's, then those of every run."""
    own, kept = protocols.options_of(protocol), condition_options()
    parameters = inspect.signature(run_command).parameters.values()
    common = [each for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY]

    # Typer reads options from a signature, and these come from the protocol's fields.
    def command(**values: Any) -> None:
        chosen, conditions = _taken(own, values), _taken(kept, values)
        run_command(
            protocols.make(protocol.name, chosen),
            Conditions.model_validate(conditions),
            **values,
        )

    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*(_parameter(option) for option in (*own, *kept)), *common]
    )
    return command


def _taken(options: Iterable[Option], values: dict[str, Any]) -> dict[str, Any]:
    """Take options out of the values of a command; return those that are said."""
    given = {option.key: values.pop(option.key) for option in options}
    return {key: value for key, value in given.items() if value is not None}


def _parameter(option: Option) -> inspect.Parameter:
    said: Any
    if option.flag:
        said = Annotated[bool | None, typer.Option(f"--{option.word}", help=option.text)]
    else:
        said = Annotated[
            str | None,
            typer.Option(
                f"--{option.word}",
                metavar="VALUE",
                help=f"{option.text} Takes {option.allowed}  [default: {option.default}]",
            ),
        ]
    return inspect.Parameter(
        option.key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=said
    )


for _kind in protocols.PROTOCOLS.values():
    run_app.command(_kind.name, cls=Once, help=f"{_kind.title.capitalize()}.")(_command_of(_kind))
