"""From finished runs to a scorecard."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.literature.experiments import Experiment, Setting, experiments
from ca1ltd.literature.history import HISTORIES, histories
from ca1ltd.literature.judge import Judged, Outcome, judge
from ca1ltd.literature.measures import outcome
from ca1ltd.literature.published import published
from ca1ltd.literature.shares import Run, Totals, always_no_change, shuffled, totals

LOOKED_UP: Final = "looked up"
RECOLLECTED: Final = "recollected"
"""Where a direction is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """How the model does on the published experiments.

    Attributes
    ----------
    setting : Setting
        What was the same for all of them.
    judged : tuple of Judged
        The conditions that have been run and are scored.
    put_in : tuple of Judged
        Those whose number is a parameter, and no outcome.
    missing : tuple of str
        Conditions in scope that have not been run, or not to the end.
    out_of_scope : dict of str to str
        The missing capability of every other condition.
    seen : dict of str to Outcome
        The outcomes with the EPSPs that the electrode saw, release noise and all.
    model, as_seen, no_change, shuffled : Totals
        The shares of the model, of those outcomes and of the two baselines, over the conditions
        that have been run.
    by_history : dict of str to Totals
        The shares of the model for what the calibration has seen, by `HISTORIES`.
    by_source : dict of str to Totals
        Those for directions that were looked up, and for recollected ones.
    by_mechanism : dict of str to Totals
        Those for what the conditions are about.
    """

    setting: Setting
    judged: tuple[Judged, ...]
    put_in: tuple[Judged, ...]
    missing: tuple[str, ...]
    out_of_scope: Mapping[str, str]
    seen: Mapping[str, Outcome]
    model: Totals
    as_seen: Totals
    no_change: Totals
    shuffled: Totals
    by_history: Mapping[str, Totals]
    by_source: Mapping[str, Totals]
    by_mechanism: Mapping[str, Totals]


def cache(
    folder: Path | str, setting: Setting, wanted: Mapping[str, Experiment] | None = None
) -> Cache:
    """Return the cache that holds, or will hold, the runs of experiments.

    Parameters
    ----------
    folder : path-like
        Where the runs are kept.
    setting : Setting
        What is the same for all of them.
    wanted : mapping, optional
        The experiments; by default all.

    Raises
    ------
    BadInput
        If the folder cannot be written, an experiment is out of scope, or a value is not allowed.
    """
    chosen = experiments() if wanted is None else wanted
    return Cache.open(
        Path(folder), [spec for each in chosen.values() for spec in setting.specs(each)]
    )


def scorecard(folder: Path | str, setting: Setting) -> Scorecard:
    """Return the score of the runs that a folder holds.

    Parameters
    ----------
    folder : path-like
        Where the runs are kept.
    setting : Setting
        With what they were made; runs with another are not looked at.

    Raises
    ------
    BadInput
        If the folder cannot be used, or a run in it is damaged.
    RunError
        If a run has nothing to measure.
    """
    finished = {store.spec: store for store in cache(folder, setting).stores() if store.completed}
    load = lru_cache(maxsize=8)(load_run)  # conditions of the same run follow each other
    judged: list[Judged] = []
    put_in: list[Judged] = []
    seen: dict[str, Outcome] = {}
    missing: list[str] = []
    out_of_scope: dict[str, str] = {}
    specs_of = {key: setting.specs(experiment) for key, experiment in experiments().items()}
    for key, experiment in experiments().items():
        specs = specs_of[key]
        if experiment.out_of_scope is not None:
            out_of_scope[key] = experiment.out_of_scope
        elif all(spec in finished for spec in specs):
            runs = [load(finished[spec].path) for spec in specs]
            condition = published()[key]
            found = judge(condition, outcome(condition, experiment, specs, runs))
            (put_in if histories()[key] == "put in" else judged).append(found)
            seen[key] = outcome(condition, experiment, specs, runs, seen=True)
        else:
            missing.append(key)

    def run(each: Judged) -> Run:
        return specs_of[each.condition.id]

    def those(of: Callable[[Judged], str], names: Iterable[str]) -> dict[str, Totals]:
        return {name: totals([each for each in judged if of(each) == name], run) for name in names}

    mechanisms = dict.fromkeys(each.condition.mechanism for each in judged)
    return Scorecard(
        setting=setting,
        judged=tuple(judged),
        put_in=tuple(put_in),
        missing=tuple(missing),
        out_of_scope=out_of_scope,
        seen=seen,
        model=totals(judged, run),
        as_seen=totals([judge(each.condition, seen[each.condition.id]) for each in judged], run),
        no_change=always_no_change(judged, run),
        shuffled=shuffled(judged, run),
        by_history=those(lambda each: histories()[each.condition.id], HISTORIES),
        by_source=those(_source, (LOOKED_UP, RECOLLECTED)),
        by_mechanism=those(lambda each: each.condition.mechanism, mechanisms),
    )


def _source(each: Judged) -> str:
    return LOOKED_UP if each.condition.direction_seen else RECOLLECTED
