"""From finished runs to a scorecard."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.literature.experiments import Experiment, Setting, experiments
from ca1ltd.literature.judge import (
    Judged,
    Outcome,
    Totals,
    always_no_change,
    judge,
    shuffled,
    totals,
)
from ca1ltd.literature.measures import outcome
from ca1ltd.literature.published import published


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """How the model does on the published experiments.

    Attributes
    ----------
    setting : Setting
        What was the same for all of them.
    judged : tuple of Judged
        The conditions that have been run.
    missing : tuple of str
        Conditions in scope that have not been run, or not to the end.
    out_of_scope : dict of str to str
        The missing capability of every other condition.
    seen : dict of str to Outcome
        The outcomes with the EPSPs that the electrode saw, release noise and all.
    model, as_seen, no_change, shuffled : Totals
        The shares of the model, of those outcomes and of the two baselines, over the conditions
        that have been run.
    """

    setting: Setting
    judged: tuple[Judged, ...]
    missing: tuple[str, ...]
    out_of_scope: Mapping[str, str]
    seen: Mapping[str, Outcome]
    model: Totals
    as_seen: Totals
    no_change: Totals
    shuffled: Totals

    def by_mechanism(self) -> dict[str, Totals]:
        """Return the shares of the model for what the conditions are about, by name."""
        names = dict.fromkeys(each.condition.mechanism for each in self.judged)
        return {
            name: totals([each for each in self.judged if each.condition.mechanism == name])
            for name in names
        }


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
    seen: dict[str, Outcome] = {}
    missing: list[str] = []
    out_of_scope: dict[str, str] = {}
    for key, experiment in experiments().items():
        specs = setting.specs(experiment)
        if experiment.out_of_scope is not None:
            out_of_scope[key] = experiment.out_of_scope
        elif all(spec in finished for spec in specs):
            runs = [load(finished[spec].path) for spec in specs]
            condition = published()[key]
            judged.append(judge(condition, outcome(condition, experiment, specs, runs)))
            seen[key] = outcome(condition, experiment, specs, runs, seen=True)
        else:
            missing.append(key)
    return Scorecard(
        setting=setting,
        judged=tuple(judged),
        missing=tuple(missing),
        out_of_scope=out_of_scope,
        seen=seen,
        model=totals(judged),
        as_seen=totals([judge(published()[key], each) for key, each in seen.items()]),
        no_change=always_no_change(judged),
        shuffled=shuffled(judged),
    )
