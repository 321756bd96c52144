"""Fit the membrane of the CA1 cell to recordings, by CMA-ES over several objectives.

    python calibration/membrane.py fit --targets DIR --columns somatic,steady_attenuation
    python calibration/membrane.py fit --targets DIR --generations 100
    python calibration/membrane.py pareto    # the trade-offs found
    python calibration/membrane.py apply     # into cells/*/biophysics.toml

Objectives are the scores of HippoUnit's columns (Saray et al. 2021), measured by our own faster
experiments (`ca1ltd.validation.measures`): the somatic features of the patch recordings, which are
read from HippoUnit's observation file in DIR, depolarisation block, back-propagation, EPSP
attenuation, oblique integration, and steady attenuation. Dendrites are ten times as dear as the
soma, so a first fit takes the cheap columns, and the fit of all begins where it ended.

Two columns guard the experiments the cell is for: `rules` counts spikes that weak inputs evoke,
EPSPs that are not graded, and a cell that strong inputs silence; `second_cell` is what becomes of
the second morphology.

What is minimised is the mean over the columns of score over bar, plus half the largest of them, so
that no column pays for another. The bars are the scores of Tomko et al. 2021, and of Bianchi et al.
2012 for the block: with the former's 1.76 the fit ended in cells that fall silent at 0.3 nA. Every
candidate is kept with all its scores: `pareto` lists those that none other beats in every column,
and `apply` takes the one of the smallest cost among them. Candidates are measured on coarse
segments at a loose tolerance; what is applied is measured again by `ca1ltd cell validate` and
HippoUnit.
"""

import argparse
import json
import math
import re
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from ca1ltd import resources
from ca1ltd.biophysics import Biophysics, read_biophysics
from ca1ltd.engine import session
from ca1ltd.engine.bench import Bench, Cluster, Step
from ca1ltd.engine.cell import build_cell
from ca1ltd.errors import RunError
from ca1ltd.morphology import read_swc
from ca1ltd.placement import place_spines
from ca1ltd.validation import measures
from ca1ltd.validation.measures import Measurements
from ca1ltd.validation.report import targets
from ca1ltd.validation.traces import spike_times

FOLDER = Path(__file__).with_name("membrane")
FOUND = FOLDER / "candidates.jsonl"
FEATURES = "feat_rat_CA1_JMakara_more_features.json"
CELL, SECOND = "dhc", "c5038804"
SEED = 3
POPULATION = 16
SPREAD = 0.15  # of the allowed range
FAR = 3.0  # sd; beyond, a distance counts by its logarithm, so that no feature rules alone
MISSING = 10.0  # what a feature that a cell does not show counts

D_LAMBDA, TOLERANCE, CELSIUS = 1.0, 1e-2, 34.0
CURRENTS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)  # nA
LONG = 300.0  # ms
SECOND_CURRENTS = (0.4, 0.8, 1.2, 1.6)  # nA
#: Steps (nA, ms) that must not make the cell fire, a weak one and one as short as an EPSC, which
#: depolarises the soma by some 9 mV; and one through which it must go on firing: depolarisation
#: block begins at 0.6 +- 0.3 nA in slices.
WEAK = ((0.05, 300.0), (0.6, 2.0))
STRONG = (0.6, 300.0)
#: Synapses all over radiatum whose responses add up to this (mV), one by one, must not evoke more
#: than `SUPRALINEAR` times as much at once: test pulses of half of it are usual, and graded.
EPSPS = (6.5, 8.0)
SUPRALINEAR = 1.3
INPUTS, DRAWS = 25, 3  # synapses, and how often their places are drawn
QUANTUM = {"rise": 0.25, "decay": 2.5, "nmda": 0.5}
BEFORE, STEP, AFTER = 100.0, 300.0, 200.0  # ms, of the steps of the patch recordings

#: What counts as good: published scores; for the mean distance of the somatic features and for
#: steady attenuation, which have none, ours.
BARS = {
    "somatic": 1.2,
    "depolarisation_block": 0.92,
    "back_propagation": 1.98,
    "epsp_attenuation": 1.13,
    "oblique_integration": 1.41,
    "steady_attenuation": 1.0,
    "rules": 1.0,
    "second_cell": 1.5,
}


@dataclass(frozen=True)
class Free:
    """A parameter of the fit, ``table.entry``, its bounds, and their reason."""

    key: str
    low: float
    high: float
    reason: str
    log: bool = True

    def value(self, x: float) -> float:
        """Return the value at the fraction x of the range."""
        x = min(max(x, 0.0), 1.0)
        if self.log:
            return float(self.low * (self.high / self.low) ** x)
        return self.low + (self.high - self.low) * x

    def fraction(self, value: float) -> float:
        """Return where in the range a value lies, 0 to 1."""
        if self.log:
            x = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            x = (value - self.low) / (self.high - self.low)
        return min(max(x, 0.02), 0.98)


PUBLISHED = "several times less to several times more than in published CA1 models"
PARAMETERS = (
    Free("passive.resistance", 2e4, 2e5, "20-200 kOhm cm2 in whole-cell recordings"),
    Free("passive.resistance_end", 1e4, 2e5, "a leakier dendrite, Golding 2005"),
    Free("passive.resistance_half", 50, 400, "along the trunk", log=False),
    Free("passive.axial_resistance", 80, 250, "70-250 Ohm cm in the literature", log=False),
    Free("passive.capacitance", 0.8, 1.5, "0.9 +- 0.1 uF/cm2, folds of membrane", log=False),
    Free("passive.e_leak", -75, -55, "around rest", log=False),
    Free("passive.e_leak_gradient", -0.06, 0.0, "rest nearly uniform", log=False),
    Free("ih.base", 2e-6, 5e-5, PUBLISHED),
    Free("ih.growth", 0.01, 0.06, "six- to sevenfold over 350 um, Magee 1998"),
    Free("ih.ceiling", 3e-5, 5e-4, PUBLISHED),
    Free("nat.soma", 0.02, 0.2, PUBLISHED),
    Free("nat.axon", 0.1, 0.8, "more than in the soma"),
    Free("nat.basal", 0.005, 0.03, "near uniform, Magee & Johnston 1995"),
    Free("nat.apical", 0.005, 0.03, "near uniform, Magee & Johnston 1995"),
    Free("nat.slow_from", 0, 200, "more inactivation farther out, Colbert 1997", log=False),
    Free("nat.slow_to", 210, 500, "more inactivation farther out, Colbert 1997", log=False),
    Free("kdr.soma", 0.002, 0.08, PUBLISHED),
    Free("kdr.axon", 0.005, 0.15, PUBLISHED),
    Free("kdr.basal", 0.001, 0.05, PUBLISHED),
    Free("kdr.apical", 0.002, 0.05, PUBLISHED),
    Free("ka.soma", 0.004, 0.15, PUBLISHED),
    Free("ka.axon", 0.01, 0.3, PUBLISHED),
    Free("ka.basal", 0.002, 0.05, PUBLISHED),
    Free("ka.apical", 0.002, 0.05, PUBLISHED),
    Free("ka.ceiling", 0.02, 0.2, "five- to sixfold over 350 um, Hoffman 1997"),
    Free("km.soma", 2e-5, 5e-3, PUBLISHED),
    Free("km.axon", 1e-4, 2e-2, PUBLISHED),
    Free("cal.soma", 1e-5, 2e-3, PUBLISHED),
    Free("cat.soma", 5e-6, 5e-4, PUBLISHED),
    Free("sk.soma", 1e-5, 1e-2, PUBLISHED),
    Free("sk.dendrites", 5e-6, 1e-3, PUBLISHED),
    Free("capool.tau", 20, 100, "20-100 ms in published models"),
)


def changed(biophysics: Biophysics, values: dict[str, float]) -> Biophysics:
    """Return biophysics with values replaced, by ``table.parameter``."""
    tables = biophysics.model_dump()
    for key, value in values.items():
        *names, last = key.split(".")
        table = tables
        for name in names:
            table = table[name]
        table[last]["value"] = value
    return Biophysics.model_validate(tables)


def values_at(x: np.ndarray) -> dict[str, float]:
    """Return the parameters at a point of the unit cube."""
    return {free.key: free.value(at) for free, at in zip(PARAMETERS, x, strict=True)}


def distance(z: float) -> float:
    """Return what a z-score counts: its size as far as `FAR`, growing slowly beyond."""
    z = abs(z)
    if not math.isfinite(z):
        return MISSING
    return min(z if z < FAR else FAR * (1.0 + math.log(z / FAR)), MISSING)


def start() -> np.ndarray:
    """Return the point of the unit cube where the committed cell lies, or next to it."""
    tables = read_biophysics(resources.cell_dir(CELL) / "biophysics.toml").model_dump()
    found = []
    for free in PARAMETERS:
        value: Any = tables
        for name in free.key.split("."):
            value = value[name]
        found.append(free.fraction(value["value"]))
    return np.array(found)


def somatic_score(bench: Bench, features: dict[str, Any]) -> float:
    """Return the mean distance of the cell from the patch recordings' features."""
    import efel

    efel.reset()
    efel.set_setting("Threshold", -20.0)
    wanted: dict[str, list[dict[str, Any]]] = {}
    for feature in features.values():
        wanted.setdefault(feature["Stimulus"], []).append(feature)
    scores = []
    for stimulus, rows in wanted.items():
        found = bench.run(
            BEFORE + STEP + AFTER,
            {"soma": bench.cell.soma(0.5)},
            step=Step(float(stimulus.removeprefix("Step")), BEFORE, STEP),
            every=0.1,
        )
        trace = {
            "T": found["t"],
            "V": found["soma"],
            "stim_start": [BEFORE],
            "stim_end": [BEFORE + STEP],
        }
        names = sorted({row["Type"] for row in rows})
        values = efel.get_feature_values([trace], names, raise_warnings=False)[0]
        for row in rows:
            value = values[row["Type"]]
            if value is None or not len(value) or not np.isfinite(np.mean(value)):
                scores.append(MISSING)
            else:
                scores.append(distance((np.mean(value) - float(row["Mean"])) / float(row["Std"])))
    return float(np.mean(scores))


def block_score(values: dict[str, float]) -> float:
    """Return HippoUnit's score of the block, its jump for unequal currents made gentle."""
    block = [t for t in targets() if t.name.startswith("block_")]
    if math.isnan(values["block_plateau"]):
        return MISSING
    apart = abs(values["block_most_spikes"] - values["block_onset"])
    return float(np.mean([distance(t.z_score(values[t.name]) or 0.0) for t in block]) + 10 * apart)


def broken_rules(bench: Bench) -> float:
    """Return the spikes that weak steps evoke, plus EPSPs that explode, plus 2 for tiring."""
    spikes = [_spikes_during(bench, *step) for step in WEAK]
    during = _spikes_during(bench, *STRONG)
    tired = not np.any(during > BEFORE + STRONG[1] - 100.0)
    broken = sum(len(times) for times in spikes) + _exploding_epsps(bench) + 2 * tired
    return float(min(broken, MISSING))


def _exploding_epsps(bench: Bench) -> int:
    morphology = bench.cell.morphology
    rng = np.random.default_rng(SEED)
    sites = place_spines(morphology, rng)
    count = 0
    for _ in range(DRAWS):
        drawn = rng.choice(len(sites), INPUTS, replace=False)
        clusters = [
            bench.cluster(bench.cell.segment(int(sites.section[k]), float(sites.x[k])), **QUANTUM)
            for k in drawn
        ]
        small = 1e-5  # uS
        per_weight = _epsp(bench, clusters, small) / small
        count += sum(
            _epsp(bench, clusters, size / per_weight) > SUPRALINEAR * size for size in EPSPS
        )
    return count


def _epsp(bench: Bench, clusters: list[Cluster], weight: float) -> float:
    events = [event for cluster in clusters for event in cluster.arrivals(1, weight, at=5.0)]
    potential = bench.run(45.0, {"soma": bench.cell.soma(0.5)}, events=events)["soma"]
    return float(potential.max() - potential[0])


def _spikes_during(bench: Bench, current: float, duration: float) -> np.ndarray:
    found = bench.run(
        BEFORE + STEP,
        {"soma": bench.cell.soma(0.5)},
        step=Step(current, BEFORE, duration),
    )
    return spike_times(found["t"], found["soma"])


def second_score(x: np.ndarray) -> float:
    """Return how far the second cell is off: rest, block, EPSPs and broken rules."""
    found = Measurements()
    bench = bench_of(SECOND, x)
    found.values["rest"] = bench.rest
    measures.long_steps(bench, found, currents=SECOND_CURRENTS, duration=LONG)
    measures.epsp_attenuation(bench, found)
    compared = [t for t in targets() if t.name == "rest" or t.group == "epsp_attenuation"]
    z = [distance(t.z_score(found.values[t.name]) or 0.0) for t in compared]
    return float(np.mean([*z, block_score(found.values)])) + broken_rules(bench)


def bench_of(cell: str, x: np.ndarray) -> Bench:
    """Return a cell at a point of the unit cube; any built before must be gone."""
    folder = resources.cell_dir(cell)
    rules = changed(read_biophysics(folder / "biophysics.toml"), values_at(x))
    return Bench(build_cell(read_swc(folder / "morphology.swc"), rules, d_lambda=D_LAMBDA))


def scores_of(
    x: np.ndarray, features: dict[str, Any], columns: tuple[str, ...]
) -> dict[str, float]:
    """Return the scores of some columns of the cell at a point of the unit cube."""
    session.load()
    found, scores = Measurements(), {}
    with session.settings(celsius=CELSIUS, atol=TOLERANCE):
        if "second_cell" in columns:
            scores["second_cell"] = second_score(x)
        bench = bench_of(CELL, x)
        if "rules" in columns:
            scores["rules"] = broken_rules(bench)
        if "somatic" in columns:
            scores["somatic"] = somatic_score(bench, features)
        if {"depolarisation_block", "back_propagation"} & set(columns):
            measures.long_steps(bench, found, currents=CURRENTS, duration=LONG)
            scores["depolarisation_block"] = block_score(found.values)
        if "back_propagation" in columns:
            measures.back_propagation(bench, found)
        if "epsp_attenuation" in columns:
            measures.epsp_attenuation(bench, found)
        if "oblique_integration" in columns:
            measures.oblique_integration(bench, found, obliques=2)
        if "steady_attenuation" in columns:
            measures.steady_attenuation(bench, found)
    for column in columns:
        if column not in scores:
            group = [t for t in targets() if t.group == column and t.kinds]
            scores[column] = float(
                np.mean([distance(t.z_score(found.values[t.name]) or 0.0) for t in group])
            )
    return {column: scores[column] for column in columns}


def cost(scores: dict[str, float]) -> float:
    """Return what is minimised, over the columns there are."""
    ratios = [score / BARS[name] for name, score in scores.items()]
    return float(np.mean(ratios) + 0.5 * max(ratios))


def _evaluate(job: tuple[list[float], dict[str, Any], tuple[str, ...]]) -> dict[str, float]:
    x, features, columns = job
    warnings.simplefilter("ignore")  # eFEL's, of features that a bad cell does not have
    try:
        return scores_of(np.array(x), features, columns)
    except (RuntimeError, RunError) as error:  # a cell that cannot be integrated is a bad cell
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return dict.fromkeys(columns, MISSING)


def fit(folder: Path, columns: tuple[str, ...], generations: int, workers: int) -> None:
    """Search, going on from the best candidate so far with regard to these columns."""
    import cma

    features = json.loads((folder / FEATURES).read_text("utf-8"))
    FOLDER.mkdir(exist_ok=True)
    tried = list(candidates())
    # a candidate that lacks a column was not bad in it, but not measured: next best to one that was
    before = sorted(
        (c for c in tried if c["scores"].keys() & set(columns)),
        key=lambda c: (
            len(set(columns) - c["scores"].keys()),
            cost({n: s for n, s in c["scores"].items() if n in columns}),
        ),
    )
    options = {
        "bounds": [0, 1],
        "popsize": POPULATION,
        "seed": SEED + len(tried),
        "maxiter": generations,
        "verbose": -9,
    }
    first, spread = (np.array(before[0]["x"]), SPREAD / 3) if before else (start(), SPREAD)
    strategy = cma.CMAEvolutionStrategy(first, spread, options)
    while not strategy.stop():
        points = strategy.ask()
        # new processes for each generation: whatever a cell leaves behind does not pile up
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = list(pool.map(_evaluate, [(p.tolist(), features, columns) for p in points]))
        strategy.tell(points, [cost(scores) for scores in found])
        with FOUND.open("a", encoding="utf-8") as file:
            for point, scores in zip(points, found, strict=True):
                kept = {name: round(score, 4) for name, score in scores.items()}
                row = {"x": [round(float(v), 5) for v in point], "scores": kept}
                file.write(json.dumps(row) + "\n")
        best = min(found, key=cost)
        print(
            f"{strategy.countiter:4d}  {cost(best):.3f}  "
            + "  ".join(f"{name} {best[name]:.2f}" for name in columns),
            flush=True,
        )


def candidates() -> Iterator[dict[str, Any]]:
    """Yield every candidate tried."""
    if FOUND.exists():
        for line in FOUND.read_text("utf-8").splitlines():
            yield json.loads(line)


def pareto() -> list[dict[str, Any]]:
    """Return the candidates that none other beats in every column, best first."""
    whole = (c for c in candidates() if c["scores"].keys() == BARS.keys())
    found = sorted(whole, key=lambda c: cost(c["scores"]))
    table = np.array([[c["scores"][name] for name in BARS] for c in found])
    return [
        found[k]
        for k in range(len(found))
        if not np.any(np.all(table <= table[k], axis=1) & np.any(table < table[k], axis=1))
    ]


def apply(candidate: dict[str, Any]) -> None:
    """Write a candidate's values into the biophysics of every cell, to three digits."""
    values = values_at(np.array(candidate["x"]))
    for name in resources.cell_names():
        path = resources.cell_dir(name) / "biophysics.toml"
        text = path.read_text("utf-8")
        for key, value in values.items():
            table, entry = key.rsplit(".", 1)
            pattern = rf"(\[{re.escape(table)}\]\n(?:(?!\[).*\n)*?{entry} = {{ value = )[^,]+"
            text, count = re.subn(pattern, rf"\g<1>{float(f'{value:.3g}'):g}", text)
            if count != 1:
                raise SystemExit(f"{key} was found {count} times in {path}")
        path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["fit", "pareto", "apply"])
    parser.add_argument("--targets", type=Path, help="HippoUnit's observation files")
    parser.add_argument("--columns", default=",".join(BARS), help="with commas between")
    parser.add_argument("--generations", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.what == "fit":
        if given.targets is None:
            parser.error("fit needs --targets")
        columns = tuple(given.columns.split(","))
        if not set(columns) <= BARS.keys():
            parser.error(f"the columns are {', '.join(BARS)}")
        fit(given.targets, columns, given.generations, given.workers)
        return
    front = pareto()
    if given.what == "apply":
        apply(front[0])
    print("  ".join(f"{name:>20s}" for name in BARS))
    for candidate in front[:20]:
        print("  ".join(f"{candidate['scores'][name]:20.2f}" for name in BARS))


if __name__ == "__main__":
    main()
