"""Fit published rules of plasticity to the conditions that the cascade was fitted to.

    ca1ltd experiment run all --slices 3 --drives 3 --out runs
    python -m calibration.rules --runs runs --slices 3    # fits, and writes ca1ltd/rules/fitted.csv

The optimiser is that of `cascade.py`, CMA-ES, and so are the targets (`targets.py`), their values
and what each may be missed by, as far as a rule can express a condition behind them. The outcome of
a rule is the weight that it gives the recorded synapses in the window of the condition, over that
of the baseline. A search looks at every second of the recorded spines, in the first slices
(`--first`); it costs nothing to be away from the published values. One search starts from them, and
`--restarts` more from the best of some places drawn within the bounds.
"""

import argparse
import csv
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cma
import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature.experiments import Setting, experiments
from ca1ltd.literature.published import published
from ca1ltd.rules import RULES, Rule
from ca1ltd.rules.expressible import unexpressed
from ca1ltd.rules.kernel import Synapses
from ca1ltd.rules.rule import FITTED_FILE, Parameter
from ca1ltd.rules.score import Driven, driven, probed
from ca1ltd.units import minute
from ca1ltd.writing import write_text
from calibration.levenberg import SOFT
from calibration.targets import TARGETS, Target

SIGMA = 0.2  # of the search, in the width of the bounds
DRAWN = 40  # places, of which the best is where a search starts
EVERY = 2  # spines that the fit looks at: each so many-th
ENOUGH = 0.02  # a search ends when the misses of its best differ by less
#: Targets that are relative to what was there before the last induction.
OVER_THE_LAST = ("1 Hz after LTP over LTP, P60",)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A condition behind a target: which synapses, and when their weights count."""

    target: Target
    which: int
    baseline: np.ndarray
    window: np.ndarray

    def miss(self, weights: Sequence[Floats]) -> float:
        """What the weights of the slices miss the target by."""
        outcome = np.mean(
            [each[self.window].mean() / each[self.baseline].mean() for each in weights]
        )
        return float((outcome - self.target.value) / self.target.allowed)


class Objective:
    """What a rule's values miss the targets by, by each so many-th of the spines."""

    def __init__(self, rule: Rule, conditions: Sequence[Driven], every: int = 1) -> None:
        self.rule, self._every = rule, every
        known = {each.key: each for each in conditions}
        self.fitted: list[Fitted] = []
        self._places: dict[tuple[ExperimentSpec, str], int] = {}
        self._synapses: list[list[Synapses]] = []
        for target in TARGETS:
            for key in target.conditions:
                if key in known and _has_a_level(rule, known[key]):
                    self._add(target, known[key])

    def _add(self, target: Target, condition: Driven) -> None:
        (spec,), pathway = condition.specs, condition.experiment.pathway
        if (spec, pathway) not in self._places:
            self._places[spec, pathway] = len(self._synapses)
            self._synapses += condition.synapses(self._every)
        times = probed(spec, pathway)
        before = (0.0, spec.protocol.induction_start)
        if target.name in OVER_THE_LAST:
            before = spec.protocol.rests[-1]
        within = (_between(times, each) for each in (before, _window(condition)))
        self.fitted.append(Fitted(target, self._places[spec, pathway], *within))

    def __call__(self, values: Mapping[str, float]) -> float:
        """Sum of the misses, each less than its square when it is large; a target counts once."""
        weights = [
            [each.weights(self.rule, values) for each in slices] for slices in self._synapses
        ]
        misses = np.abs([each.miss(weights[each.which]) for each in self.fitted])
        costs = np.where(misses < SOFT, misses**2, SOFT * (2 * misses - SOFT))
        names = [each.target.name for each in self.fitted]
        shares = np.array([1 / names.count(name) for name in names])
        total = float((costs * shares).sum())
        return total if np.isfinite(total) else 1e6


def _is_wanted(key: str, setting: Setting) -> bool:
    """Whether a condition is behind a target, and a rule can express it."""
    experiment, specs = experiments()[key], setting.specs(experiments()[key])
    targeted = any(key in target.conditions for target in TARGETS)
    return targeted and any(unexpressed(rule, experiment, specs) is None for rule in RULES.values())


def _has_a_level(rule: Rule, condition: Driven) -> bool:
    """Whether a rule can express a condition whose outcome is a level of one run."""
    if unexpressed(rule, condition.experiment, condition.specs) is not None:
        return False
    return condition.experiment.combine is None


def _window(condition: Driven) -> tuple[float, float]:
    protocol, window = condition.specs[0].protocol, published()[condition.key].window
    if window is None:
        return protocol.summary_window
    return tuple(protocol.induction_end + at * minute for at in window)  # type: ignore[return-value]


def _between(times: Floats, window: tuple[float, float]) -> np.ndarray:
    return (times >= window[0] - 1e-6) & (times <= window[1] + 1e-6)


def _inside(parameter: Parameter, place: float) -> float:
    """Return the value at a place between the bounds, 0 to 1."""
    low, high = parameter.low, parameter.high
    if parameter.positive:
        return float(low * (high / low) ** place)
    return low + (high - low) * place


def _place(parameter: Parameter) -> float:
    """Return where the published value is between the bounds."""
    low, high, value = parameter.low, parameter.high, parameter.value
    if parameter.positive:
        return float(np.log(value / low) / np.log(high / low))
    return (value - low) / (high - low)


def _values(rule: Rule, places: Floats) -> dict[str, float]:
    pairs = zip(rule.parameters, places.tolist(), strict=True)
    return {each.name: float(f"{_inside(each, place):.4g}") for each, place in pairs}


def fit(
    name: str,
    conditions: Sequence[Driven],
    *,
    generations: int,
    population: int,
    restarts: int,
    seed: int,
) -> tuple[float, float, dict[str, float]]:
    """What the published and the best values of a rule miss by, and the best values."""
    rule = RULES[name]
    few, every = Objective(rule, conditions, EVERY), Objective(rule, conditions)
    rng = np.random.default_rng(seed)

    def cost(place: Floats) -> float:
        return few(_values(rule, place))

    found = [(every(rule.published), rule.published)]
    for turn in range(restarts + 1):
        start = np.clip([_place(each) for each in rule.parameters], 0.01, 0.99)
        if turn:
            start = min(rng.uniform(0.02, 0.98, (DRAWN, len(start))), key=cost)
        options = {
            "bounds": [0.0, 1.0], "popsize": population, "seed": seed + turn, "verbose": -9,
            "maxiter": generations, "tolfun": ENOUGH,
        }  # fmt: skip
        search = cma.CMAEvolutionStrategy(start, SIGMA, options)
        while not search.stop():
            places = search.ask()
            search.tell(places, list(map(cost, places)))
        values = _values(rule, search.best.x)
        found.append((every(values), values))
        told = ", ".join(f"{misses:.1f}" for misses, _ in found)
        print(f"{rule.name}: {told} after {search.countevals} tried, {values}", flush=True)
    return found[0][0], *min(found, key=lambda one: one[0])


def text(found: Mapping[str, tuple[float, float, dict[str, float]]]) -> str:
    """Return the file of fitted values."""
    out = io.StringIO()
    rows = [
        (name, parameter, f"{value:.4g}")
        for name, (_, _, values) in found.items()
        for parameter, value in values.items()
    ]
    csv.writer(out, lineterminator="\n").writerows([("rule", "parameter", "value"), *rows])
    return out.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs", "experiments"))
    parser.add_argument("--slices", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="slices that the fit looks at")
    parser.add_argument("--generations", type=int, default=30)
    parser.add_argument("--population", type=int, default=9)
    parser.add_argument("--restarts", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    setting = Setting(slices=given.slices)
    conditions, missing = driven(given.runs, setting)
    if lacking := [key for key in missing if _is_wanted(key, setting)]:
        parser.error(f"{given.runs} lacks drives of {', '.join(lacking)}")
    search = partial(
        fit,
        conditions=[replace(each, slices=min(each.slices, given.first)) for each in conditions],
        generations=given.generations,
        population=given.population,
        restarts=given.restarts,
        seed=given.seed,
    )
    with ProcessPoolExecutor(given.workers) as pool:
        found = dict(zip(RULES, pool.map(search, RULES), strict=True))
    write_text(text(found), FITTED_FILE)
    for name, (before, after, values) in found.items():
        print(f"{name}: {before:.1f} as published, {after:.1f} fitted, {values}")
