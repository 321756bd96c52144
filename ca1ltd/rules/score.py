"""From the drives of finished runs to the score of each rule, beside that of the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import Run, assemble
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.literature.experiments import Experiment, Setting, experiments
from ca1ltd.literature.history import HISTORIES, histories
from ca1ltd.literature.judge import Judged, judge
from ca1ltd.literature.measures import PARAMETERS, outcome
from ca1ltd.literature.published import published
from ca1ltd.literature.scorecard import cache
from ca1ltd.literature.shares import ahead, always_no_change, totals
from ca1ltd.provenance import provenance
from ca1ltd.rules import RULES, Rule
from ca1ltd.rules.expressible import unexpressed
from ca1ltd.rules.kernel import Synapses, thinned
from ca1ltd.units import minute

NAME: Final = "rules"
ALL: Final = "all"
MODEL: Final = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A published condition with what drove the synapses of its pathway in its runs.

    Attributes
    ----------
    key : str
        The condition.
    experiment : Experiment
        What is run and measured for it.
    specs : tuple of ExperimentSpec
        Its runs.
    stores : tuple of Store
        Their folders.
    slices : int
        Slices of each run, from the first, that are there with their drives.
    """

    key: str
    experiment: Experiment
    specs: tuple[ExperimentSpec, ...]
    stores: tuple[Store, ...]
    slices: int

    def judged(self, runs: Sequence[Run]) -> Judged:
        """Return the condition judged by runs."""
        condition = published()[self.key]
        return judge(condition, outcome(condition, self.experiment, self.specs, runs))

    def synapses(self, every: int = 1) -> list[list[Synapses]]:
        """Return the synapses of each slice of each run, asked for weights when EPSPs are probed.

        Parameters
        ----------
        every : int
            Takes each so many-th of the recorded spines.

        Raises
        ------
        BadInput
            If the drive of a slice cannot be read or is damaged.
        """
        pathway = self.experiment.pathway
        return [
            [_synapses(store, index, pathway, every) for index in range(self.slices)]
            for store in self.stores
        ]

    def by_rule(
        self, rule: Rule, values: Mapping[str, float], synapses: Sequence[Sequence[Synapses]]
    ) -> Judged:
        """Return the condition judged by the weights that a rule gives the synapses."""
        pathway = self.experiment.pathway
        weights = [[each.weights(rule, values) for each in slices] for slices in synapses]
        return self.judged(
            [_as_run(*each, pathway) for each in zip(self.specs, weights, strict=True)]
        )

    def by_model(self) -> Judged:
        """Return the condition judged by the model, in the same slices."""
        return self.judged([_run_of_first(store, self.slices) for store in self.stores])


def _synapses(store: Store, index: int, pathway: str, every: int) -> Synapses:
    protocol = store.spec.protocol
    drive = thinned(store.slices.drives(index)[pathway], every)
    return Synapses(drive, probed(store.spec, pathway), protocol.t_stop)


def probed(spec: ExperimentSpec, pathway: str) -> np.ndarray:
    """Return when EPSPs of a pathway are probed (ms)."""
    return np.array([time for time, name in spec.protocol.probe_times() if name == pathway])


def _as_run(spec: ExperimentSpec, weights: Sequence[np.ndarray], pathway: str) -> Run:
    """Return what a run would be whose EPSPs went as weights of its slices."""
    times = (probed(spec, pathway) - spec.protocol.induction_start) / minute
    before = times < 0
    expected = pd.concat(
        pd.DataFrame(
            {
                "slice": index,
                "pathway": pathway,
                "time_min": times,
                "percent_of_baseline": 100 * each / each[before].mean(),
            }
        )
        for index, each in enumerate(weights)
    )
    none = pd.DataFrame()
    return Run(
        spec={}, epsp=none, expected=expected, synapses=none, timecourse=none,
        summary={"pathways": {}}, statistics=(), geometry={}, slice_traces={},
    )  # fmt: skip


@lru_cache(maxsize=8)  # conditions of the same run follow each other
def _run_of_first(store: Store, slices: int) -> Run:
    """Return the run that the first slices of a run make."""
    spec = replace(store.spec, slices=slices)
    return assemble(spec, [store.slices.load(index) for index in range(slices)], store.path)


def driven(folder: Path, setting: Setting) -> tuple[list[Driven], list[str]]:
    """Return the conditions whose runs have drives, and those in scope that lack them.

    Conditions whose number is a parameter of the model, or that measure calcium, are neither.

    Parameters
    ----------
    folder : Path
        Where the runs are.
    setting : Setting
        With what they were made.

    Raises
    ------
    BadInput
        If the folder cannot be used.
    """
    stores = {store.spec: store for store in cache(folder, setting).stores()}
    found, missing = [], []
    for key, experiment in experiments().items():
        specs = setting.specs(experiment)
        if not specs or experiment.measure in PARAMETERS or experiment.measure.startswith("ca-"):
            continue
        mine = tuple(stores[spec] for spec in specs)
        slices = min(map(_recorded, mine))
        if slices:
            found.append(
                Driven(key=key, experiment=experiment, specs=specs, stores=mine, slices=slices)
            )
        else:
            missing.append(key)
    return found, missing


def _recorded(store: Store) -> int:
    """Return how many slices of a run, from the first, are there with their drives."""
    slices, every = store.slices, range(store.spec.slices)
    there = [slices.has(index) and slices.drives_file(index).exists() for index in every]
    return there.index(False) if False in there else len(there)


def compare(folder: Path, setting: Setting) -> dict[str, Any]:
    """Return the score of each rule and of the model, as JSON values.

    Of each condition as many slices count, from the first, as all have with their drives.

    Parameters
    ----------
    folder : Path
        Where the runs and their drives are.
    setting : Setting
        With what they were made.

    Raises
    ------
    BadInput
        If no drive is there, or one cannot be read.
    """
    conditions, missing = driven(folder, setting)
    if not conditions:
        raise BadInput(
            f"{folder} holds no slice with what drove its spines, made with these options: "
            "ca1ltd experiment run all --drives 1 records it"
        )
    slices = min(each.slices for each in conditions)
    conditions = [replace(each, slices=slices) for each in conditions]
    return summed(setting, conditions, missing, *judge_all(conditions))


def judge_all(
    conditions: Sequence[Driven],
) -> tuple[dict[str, dict[str, Judged]], dict[str, dict[str, str]]]:
    """Return conditions judged by the model and by each rule, and why a rule cannot express one."""
    judged: dict[str, dict[str, Judged]] = {name: {} for name in (MODEL, *RULES)}
    why: dict[str, dict[str, str]] = {name: {} for name in RULES}
    for each in conditions:
        judged[MODEL][each.key] = each.by_model()
        synapses = each.synapses()
        for name, rule in RULES.items():
            reason = unexpressed(rule, each.experiment, each.specs)
            if reason is None:
                judged[name][each.key] = each.by_rule(rule, rule.fitted, synapses)
            else:
                why[name][each.key] = reason
    return judged, why


def summed(
    setting: Setting,
    conditions: Sequence[Driven],
    missing: Sequence[str],
    judged: Mapping[str, Mapping[str, Judged]],
    why: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return the shares of judged conditions, and what was made of each, as JSON values."""
    runs = {each.key: each.specs for each in conditions}
    common = [key for key in runs if all(key in judged[name] for name in RULES)]
    return {
        "setting": {**asdict(setting), "parameters": dict(setting.parameters)},
        "provenance": provenance(setting.cell),
        "slices": min(each.slices for each in conditions),
        "conditions": [_described(key, judged, why) for key in runs],
        "missing": list(missing),
        "rules": {
            name: {
                "title": rule.title,
                "reference": rule.reference,
                "driven_by": rule.driven_by,
                "parameters": rule.fitted,
                "published": rule.published,
                "shares": _shares(judged[name], list(judged[name]), runs),
                "model_on_the_same": _shares(judged[MODEL], list(judged[name]), runs),
                "common": _shares(judged[name], common, runs),
                "ahead": _ahead(judged[name], judged[MODEL], runs),
            }
            for name, rule in RULES.items()
        },
        "model": {
            "shares": _shares(judged[MODEL], list(judged[MODEL]), runs),
            "common": _shares(judged[MODEL], common, runs),
            "only": _shares(judged[MODEL], _unexpressed_by_all(runs, why), runs),
        },
        "no_change": {
            "common": _by_history(
                [judged[MODEL][key] for key in common],
                lambda some: asdict(always_no_change(some, _run_of(runs))),
            )
        },
    }


def _unexpressed_by_all(runs: Mapping[str, Any], why: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [key for key in runs if all(key in reasons for reasons in why.values())]


def _run_of(runs: Mapping[str, tuple[ExperimentSpec, ...]]) -> Callable[[Judged], Any]:
    return lambda each: runs[each.condition.id]


def _shares(
    judged: Mapping[str, Judged],
    keys: Sequence[str],
    runs: Mapping[str, tuple[ExperimentSpec, ...]],
) -> dict[str, Any]:
    """Return the shares of some conditions: of all, and by what the fits have seen."""
    return _by_history(
        [judged[key] for key in keys], lambda some: asdict(totals(some, _run_of(runs)))
    )


def _ahead(
    of_rule: Mapping[str, Judged],
    of_model: Mapping[str, Judged],
    runs: Mapping[str, tuple[ExperimentSpec, ...]],
) -> dict[str, Any]:
    """Return by how much a rule is ahead of the model on what it can express."""

    def shares(some: Sequence[Judged]) -> dict[str, Any]:
        same = [of_model[each.condition.id] for each in some]
        direction, band = ahead(some, same, _run_of(runs))
        return {"direction": asdict(direction), "band": asdict(band)}

    return _by_history(list(of_rule.values()), shares)


def _by_history(
    judged: Sequence[Judged], shares: Callable[[Sequence[Judged]], dict[str, Any]]
) -> dict[str, Any]:
    return {
        ALL: shares(judged),
        **{
            name: shares([each for each in judged if histories()[each.condition.id] == name])
            for name in HISTORIES
        },
    }


def _described(
    key: str, judged: Mapping[str, Mapping[str, Judged]], why: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return what the model and each rule make of a condition."""
    condition = published()[key]
    low, high = condition.band or (None, None)
    return {
        "id": key,
        "mechanism": condition.mechanism,
        "history": histories()[key],
        "published": list(condition.accepted),
        "mean": condition.mean if condition.unit == "%" else None,
        "band_from": low,
        "band_to": high,
        "outcomes": {
            name: {
                "value": found[key].outcome.value,
                "change_percent": found[key].outcome.change,
                "direction": found[key].outcome.direction,
                "direction_right": found[key].direction_right,
                "in_band": found[key].in_band,
            }
            for name, found in judged.items()
            if key in found
        },
        "unexpressed": {name: reasons[key] for name, reasons in why.items() if key in reasons},
    }
