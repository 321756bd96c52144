"""How the scorecard answers to each fitted parameter x 0.8 and x 1.25, as a table in Markdown.

    ca1ltd experiment run all --slices 2 --drives 2 --out runs    # the score itself
    python -m calibration.sensitivity --runs runs --slices 2

The calcium of some spines of every scored slice is replayed (`ca1ltd.export.replay`) with the
parameters as they are and as they are changed, drugs and conditions included. What the slice
measured is multiplied by the ratio of the two replays at the same time, and scored as the scorecard
is. Measured calcium answers to none of these parameters and stays as it is.
"""

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ca1ltd.appraisal.replayed import Replayed
from ca1ltd.appraisal.robustness import FACTORS
from ca1ltd.experiment.results import Run, load_run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.identity import name_of
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.literature.experiments import Experiment, Setting, experiments
from ca1ltd.literature.judge import Judged, judge
from ca1ltd.literature.measures import outcome
from ca1ltd.literature.published import published
from ca1ltd.literature.scorecard import cache
from ca1ltd.literature.shares import BARS, totals
from ca1ltd.model import parameters
from calibration.cascade import FITTED
from pages.calibration import SENSITIVITY

#: Measured columns that go with a state of the replay.
MEASURED = {
    "percent_of_baseline": "epsp",
    "s845_p": "s845_p",
    "s831_p": "s831_p",
    "ampar_anchored": "surface",
    "ampar_diffusing": "surface",
}


def multiplied(run: Run, pathway: str, courses: list[pd.DataFrame]) -> Run:
    """A run with what each of its slices measured of a pathway multiplied by a course."""
    expected, states = run.expected.copy(), run.timecourse.copy()
    for table in (expected, states):
        for index, course in enumerate(courses):
            rows = (table["slice"] == index) & (table["pathway"] == pathway)
            at = table.loc[rows, "time_min"]
            for column in MEASURED.keys() & table.columns:
                table.loc[rows, column] *= np.interp(at, course.index, course[MEASURED[column]])
    return replace(run, expected=expected, timecourse=states)


def flat(run: Run) -> Run:
    """A run in which nothing ever changes."""
    return replace(
        run,
        expected=run.expected.assign(percent_of_baseline=100.0),
        timecourse=run.timecourse.assign(**{name: 1.0 for name in MEASURED if name[0] in "sa"}),
    )


def in_scope() -> list[str]:
    """Return the conditions that the model can be put through."""
    return [name for name, each in experiments().items() if not each.out_of_scope]


def is_replayed(experiment: Experiment) -> bool:
    """Return whether the cascade has a part in what is measured: in calcium it has none."""
    return not experiment.measure.startswith("ca-")


def judged(
    condition: str, changes: Sequence[Mapping[str, float]], setting: Setting, runs: Path
) -> list[Judged]:
    """A condition by the replay alone and, as the slices have it, with each change in turn.

    A change is what parameters are multiplied by.
    """
    experiment, found = experiments()[condition], published()[condition]
    specs = setting.specs(experiment)
    stores = [Store(runs / name_of(spec), spec) for spec in specs]
    measured = [load_run(store.path) for store in stores]

    def judge_(shown: list[Run]) -> Judged:
        return judge(found, outcome(found, experiment, specs, shown))

    if not is_replayed(experiment):
        return [judge_(measured)] * (1 + len(changes))
    pathway = experiment.pathway
    slices = [
        [
            Replayed(each, store.slices.drives(each.index)[pathway])
            for each in store.spec.slice_specs()
        ]
        for store in stores
    ]
    as_it_is = [[slice_.course() for slice_ in row] for row in slices]

    def changed(factors: Mapping[str, float]) -> list[Run]:
        return [
            multiplied(
                run,
                pathway,
                [slice_.course(factors) / base for slice_, base in zip(row, bases, strict=True)],
            )
            for run, row, bases in zip(measured, slices, as_it_is, strict=True)
        ]

    alone = [
        multiplied(flat(run), pathway, bases) for run, bases in zip(measured, as_it_is, strict=True)
    ]
    return [judge_(alone), *(judge_(changed(change)) for change in changes)]


def lacking(runs: Path, setting: Setting) -> str | None:
    """Return what to do if a folder lacks runs of the scorecard with their drives."""
    replayed = {name: each for name, each in experiments().items() if is_replayed(each)}
    driven = cache(runs, setting, replayed).stores()
    if all(store.completed for store in cache(runs, setting).stores()) and all(
        store.slices.drives_file(index).exists()
        for store in driven
        for index in range(store.spec.slices)
    ):
        return None
    most = max(store.spec.slices for store in driven)  # an experiment may fix its own
    words = f"--slices {setting.slices} --drives {most} --out {runs}"
    return f"{runs} lacks runs: ca1ltd experiment run all {words}"


def _outcomes(changes: list[tuple[str, float]], found: Sequence[Sequence[Judged]]) -> pd.DataFrame:
    """Every outcome by the replay alone and with each change, a row each."""
    return pd.DataFrame(
        {
            "parameter": key,
            "factor": factor,
            "condition": each.condition.id,
            "value": each.outcome.value,
            "change_percent": each.outcome.change,
            "direction_right": each.direction_right,
            "in_band": each.in_band,
        }
        for (key, factor), row in zip([("replay alone", 1.0), *changes], found, strict=True)
        for each in row
    )


def _shares(
    of: Sequence[Judged], specs: Mapping[str, tuple[ExperimentSpec, ...]]
) -> dict[str, float]:
    """Weighted shares of conditions by the name of their bar."""
    score = totals(of, lambda each: specs[each.condition.id])
    return {kind: score.named()[kind].weighted or 0.0 for kind in BARS}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs", "experiments"))
    parser.add_argument("--slices", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="a CSV file for every outcome")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="some of the parameters")
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    if given.results and given.only:
        parser.error("--results is of all parameters: leave out --only")
    setting, only = Setting(slices=given.slices), given.only or list(FITTED)
    if unknown := sorted({*only} - {*FITTED}):
        parser.error(f"{', '.join(unknown)} is not fitted: see FITTED in cascade.py")
    if lack := lacking(given.runs, setting):
        parser.error(lack)
    every = [("", 1.0), *((key, factor) for key in only for factor in FACTORS)]
    score = partial(
        judged,
        changes=[{key: factor} if key else {} for key, factor in every],
        setting=setting,
        runs=given.runs,
    )
    with ProcessPoolExecutor(given.workers) as pool:
        alone, as_it_is, *changed = zip(*pool.map(score, in_scope()), strict=True)
    if given.out:
        _outcomes(every, [alone, as_it_is, *changed]).to_csv(given.out, index=False)
    both = [
        abs(replay.outcome.change - slice_.outcome.change)
        for replay, slice_ in zip(alone, as_it_is, strict=True)
        if slice_.outcome.change is not None
    ]
    shares = partial(
        _shares, specs={name: setting.specs(experiments()[name]) for name in in_scope()}
    )
    pairs = [shares(each) for each in changed]
    found = {
        "as_it_is": shares(as_it_is),
        "replay_alone": shares(alone),
        "replay_differs": {
            "mean": float(np.mean(both)),
            "median": float(np.median(both)),
            "conditions": len(both),
        },
        "parameters": [
            {"parameter": key, "value": parameters.table()[key].value, "shares": both_ways}
            for key, *both_ways in zip(only, pairs[::2], pairs[1::2], strict=True)
        ],
    }
    print(SENSITIVITY.views["table"](found))
    if given.results:
        print(SENSITIVITY.result(lambda: found).write(SENSITIVITY.name))
