"""``ca1ltd experiment``: the published experiments, and how the model does on them."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ca1ltd.cli.lazy import application
from ca1ltd.cli.options import (
    AsDrawnOption,
    CellOption,
    Once,
    SwcOption,
    SynapsesOption,
    chosen_cell,
    whole,
)
from ca1ltd.declared import INTEGRATOR, SEED, SYNAPSES
from ca1ltd.errors import BadInput
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import INTEGRATORS
from ca1ltd.experiment.store.files import write_json
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.literature import page as scorecard
from ca1ltd.literature.experiments import SLICES, Experiment, Setting, chosen
from ca1ltd.literature.history import histories
from ca1ltd.literature.published import Published, published
from ca1ltd.literature.scorecard import cache
from ca1ltd.literature.scorecard import scorecard as scored
from ca1ltd.model.settings import settings_of
from ca1ltd.text import columns, count

RUNS = Path("runs", "experiments")

experiment_app = application(
    help="Published experiments: list them, run them, score the model on them.",
    no_args_is_help=True,
)

Out = Annotated[Path, typer.Option(help="Folder of the runs and the scorecard.")]
Slices = Annotated[int, whole("slices", "Slices of each experiment.")]
Seed = Annotated[int, whole("seed", "Seed of all that is random.")]
Integrator = Annotated[str, typer.Option(help=f"{', '.join(INTEGRATORS)}.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter of `ca1ltd info parameters` to change in all of them.",
    ),
]


@experiment_app.command("list", cls=Once)
def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the published conditions, and what is run for each or why it cannot be."""
    every = chosen(())
    if as_json:
        print(json.dumps([_described(key, each) for key, each in every.items()], indent=2))
        return
    rows = [("condition", "published", "seen by the fits", "experiment")]
    rows += [
        (key, _found(published()[key]), histories().get(key, ""), _words(each))
        for key, each in every.items()
    ]
    print("\n".join(columns(rows)))


@experiment_app.command("run", cls=Once)
def run_command(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="Conditions of `ca1ltd experiment list`, or all."),
    ],
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    slices: Slices = SLICES,
    synapses: SynapsesOption = SYNAPSES,
    seed: Seed = SEED,
    integrator: Integrator = INTEGRATOR,
    set_: Settings = None,
    workers: Annotated[
        int | None, whole("workers", "Slices at once on this machine.  [default: cores]")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Run on the workers of a Dask scheduler (or its file)."
        ),
    ] = None,
    drives: Annotated[
        int,
        whole(
            "drives", "Slices of each run that keep what drove their spines, for published rules."
        ),
    ] = 0,
    out: Out = RUNS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the folders as JSON.")] = False,
) -> None:
    """Run experiments that have not been run; what is there stays, equal runs are run once."""
    setting = _setting(
        cell, swc, as_drawn, set_,
        slices=slices, synapses=synapses, seed=seed, integrator=integrator,
    )  # fmt: skip
    wanted = chosen(tuple(ids))
    for key, each in wanted.items():
        if each.out_of_scope and key in ids:
            raise BadInput(f"{key} is out of scope: the model lacks {each.out_of_scope}")
    runs = cache(out, setting, wanted)
    number = count(len(runs.specs), "run")
    with standing_shown(number) as progress:
        run_missing(runs, workers=workers, scheduler=scheduler, progress=progress, drives=drives)
    if as_json:
        places = {store.spec: str(store.path) for store in runs.stores()}
        folders = {key: [places[spec] for spec in setting.specs(wanted[key])] for key in wanted}
        print(json.dumps({"folder": str(runs.path), "runs": folders}, indent=2))
        return
    print(f"{number} in {runs.path}; ca1ltd experiment score makes the scorecard")


@experiment_app.command("score", cls=Once)
def score_command(
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    slices: Slices = SLICES,
    synapses: SynapsesOption = SYNAPSES,
    seed: Seed = SEED,
    integrator: Integrator = INTEGRATOR,
    set_: Settings = None,
    out: Out = RUNS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scorecard as JSON.")] = False,
) -> None:
    """Score what has been run, with the same options as it was run, and say what is missing."""
    setting = _setting(
        cell, swc, as_drawn, set_,
        slices=slices, synapses=synapses, seed=seed, integrator=integrator,
    )  # fmt: skip
    card = scored(out, setting)
    if not card.judged:
        raise BadInput(
            f"{out} holds no finished run of these experiments with these options: "
            "ca1ltd experiment run all makes them"
        )
    *_, page = scorecard.write(card, out)
    described = scorecard.as_dict(card)
    if as_json:
        print(json.dumps(described, indent=2))
        return
    lines = columns(scorecard.summary(described))
    if card.missing:
        lines.append(f"not run: {', '.join(card.missing)}")
    lines.append(f"{len(card.out_of_scope)} conditions are out of scope; all is in {page}")
    print("\n".join(lines))


@experiment_app.command("rules", cls=Once)
def rules_command(
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    slices: Slices = SLICES,
    synapses: SynapsesOption = SYNAPSES,
    seed: Seed = SEED,
    integrator: Integrator = INTEGRATOR,
    set_: Settings = None,
    out: Out = RUNS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Score published rules of plasticity on the drives of what has been run, beside the model."""
    from ca1ltd.rules import page, score  # loads and compiles the rules

    setting = _setting(
        cell, swc, as_drawn, set_,
        slices=slices, synapses=synapses, seed=seed, integrator=integrator,
    )  # fmt: skip
    found = score.compare(out, setting)
    file = out / f"{score.NAME}.json"
    write_json(found, file)
    if as_json:
        print(json.dumps(found, indent=2))
        return
    lines = [*columns(page.directions(found)), "", *columns(page.common(found)), ""]
    lines += [page.only(found)]
    if found["missing"]:
        lines.append(
            f"no drives of {', '.join(found['missing'])}: "
            "ca1ltd experiment run all --drives 1 records them"
        )
    print("\n".join([*lines, f"ca1ltd figure rules --from {out} draws {file}"]))


@experiment_app.command("report", cls=Once)
def report_command(
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    slices: Slices = SLICES,
    synapses: SynapsesOption = SYNAPSES,
    seed: Seed = SEED,
    integrator: Integrator = INTEGRATOR,
    set_: Settings = None,
    workers: Annotated[
        int | None, whole("workers", "Replays at once on this machine.  [default: cores]")
    ] = None,
    out: Out = RUNS,
) -> None:
    """Write a page of every measure: scorecard, rules, numbers that move, molecules."""
    from ca1ltd.appraisal.report import report  # loads and compiles rules and replay

    setting = _setting(
        cell, swc, as_drawn, set_,
        slices=slices, synapses=synapses, seed=seed, integrator=integrator,
    )  # fmt: skip
    page = report(out, setting, workers or os.cpu_count() or 1, _told)
    print(f"all is in {page}")


def _told(measure: str) -> None:
    print(f"{measure} ...", file=sys.stderr, flush=True)


def _setting(
    cell: str | None, swc: Path | None, as_drawn: bool, set_: list[str] | None, **values: Any
) -> Setting:
    said = chosen_cell(cell, swc, as_drawn=as_drawn)
    parameters = tuple(sorted(settings_of(set_ or (), said)))
    return Setting(cell=said, as_drawn=as_drawn, parameters=parameters, **values)


def _described(key: str, experiment: Experiment) -> dict[str, Any]:
    condition = published()[key]
    return {
        **asdict(condition),
        "band": condition.band,
        "seen_by_the_fits": histories().get(key),
        "experiment": experiment.model_dump(mode="json", exclude_defaults=True),
    }


def _found(condition: Published) -> str:
    """Return what was found, as "LTD 68 ± 8 %"."""
    words = [" or ".join(condition.accepted)] if condition.accepted else []
    if condition.mean is not None:
        unit = "" if condition.unit == "1" else f" {condition.unit}"
        half = (condition.stated or (0.0, 0.0))[1] - condition.mean
        words.append(f"{condition.mean:g} ± {half:.3g}{unit}")
        words += [] if condition.number_seen else ["(recollected)"]
    return " ".join(words)


def _words(experiment: Experiment) -> str:
    """Return what is run, as it would be said on the command line."""
    if experiment.out_of_scope:
        return f"out of scope: {experiment.out_of_scope}"
    words = [experiment.protocol]
    for word, value in (experiment.options | experiment.conditions).items():
        words.append(f"--{word} {_value(value)}")
    words += [f"--drug {drug}" for drug in experiment.drugs]
    words += [f"({len(experiment.runs)} runs)"] if len(experiment.runs) > 1 else []
    if experiment.compare:
        words += [f"({experiment.compare.by}, {experiment.compare.other or 'control run'})"]
    words += [f"({experiment.pathway})"] if experiment.pathway != "conditioned" else []
    words += [f"({experiment.measure})"] if experiment.measure != "epsp" else []
    return " ".join(words)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(str(phase["kind"]) for phase in value)
    return str(value)
