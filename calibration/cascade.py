"""Calibrate the signalling cascade under stochastic release.

    python -m calibration.drive --out drive.npz             # once, after spine.py
    python -m calibration.cascade --drive drive.npz         # score the parameters of the mod files
    python -m calibration.cascade --drive drive.npz --refine 12        # downhill from them
    python -m calibration.cascade --drive drive.npz --refine 12 --write       # into the mod files
    python -m calibration.cascade --drive drive.npz --fit   # search widely from them
    python -m calibration.cascade --drive drive.npz --refine 12 --start FILE  # from elsewhere
    python -m calibration.cascade --drive drive.npz --sensitivity
    python -m calibration.cascade --drive drive.npz --results          # for docs/calibration.md

The cascade (`ca1ltd.export.replay`) is driven by the calcium recorded from the conditioned spines
of the reconstructed cell (`drive.py`), event by event, and by clamps of calcium. The outcome of an
experiment is the EPSP that the AMPA conductance makes, 55 min after induction, over that of rest.
What is asked for stands in `targets.py`. `--refine` goes downhill by least squares; `--fit`
searches by CMA-ES. Parameters stay within `BEYOND` of what is published.
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import cma
import numpy as np

from ca1ltd import resources
from ca1ltd.arrays import Floats
from ca1ltd.literature.judge import direction_of
from ca1ltd.model import parameters
from calibration.levenberg import downhill, total
from calibration.targets import AT_REST, TARGETS, Bench
from pages.calibration import OBJECTIVE
from pages.calibration import TARGETS as RESULT

SPINES: Final = 8
"""That the fit looks at."""
BEYOND: Final = 2.9
"""By which factor a parameter may lie outside of what is published: 3, and some room to round."""
PRIOR: Final = 0.06
"""What it costs to be at a bound and not in the middle, in squared misses."""
OUTSIDE: Final = 1.44
"""What it costs to be outside of what is published by a factor of e, in squared misses."""
PUBLISHED: Final = tuple(
    f"ca1{mechanism}.{name}"
    for mechanism, its in {
        "cam": "cam_total k_c k_n koff_c koff_n neurogranin k_ng can_total kon_can koff_can "
        "kon_camkii koff_camkii",
        "camkii": "k_auto k_pp2 k_inhibitory k_305",
        "i1": "i1_total pp1_total k_pka k_can",
        "psd": "k_firm",
        "ampar": "k_endo",
    }.items()
    for name in its.split()
)
"""Fitted within `BEYOND` of what the mod file says is published."""
FREE: Final = {
    "ca1pka.gain": (0.3, 60),
    "ca1pka.k_cam": (1e-5, 1e-2),
    "ca1pka.tau": (3e3, 1.2e5),
    "ca1pka.basal": (3e-5, 3e-4),
    "ca1i1.k_pp2a": (1e-5, 1e-2),
    "ca1psd.k_open": (1e-3, 3),
    "ca1psd.k_close": (1e-3, 0.1),
    "ca1psd.k_target": (1e-4, 3),
    "ca1psd.k_retain": (1e-2, 300),
    "ca1psd.hold_cam": (1e-3, 1),
    "ca1psd.k_loose": (2e-4, 1e-2),
    "ca1psd.k_pp1": (1e-4, 0.3),
    "ca1psd.k_evict": (1e-5, 0.1),
    "ca1ampar.k845": (1e-3, 0.1),
    "ca1ampar.d845": (1e-3, 0.1),
    "ca1ampar.d845_can": (1e-4, 0.1),
    "ca1ampar.k831": (1e-6, 1e-3),
    "ca1ampar.kinase_831": (1e-5, 5e-2),
    "ca1ampar.d831": (1e-4, 1e-2),
    "ca1ampar.pp2a_831": (5e-6, 1e-2),
    "ca1ampar.total": (80, 250),
    "ca1ampar.slots_rest": (40, 250),
    "ca1ampar.slots_camkii": (1, 150),
    "ca1ampar.k_anchor": (1e-4, 0.1),
    "ca1ampar.anchor_camkii": (1e-3, 3),
    "ca1ampar.k_free": (2e-3, 0.1),
    "ca1ampar.free_pp1": (0.5, 100),
    "ca1ampar.endo_can": (0.03, 10),
    "ca1ampar.endo_pp": (0.1, 2),
    "ca1ampar.k_exo": (1.5e-4, 2e-3),
    "ca1ampar.exo_camkii": (0.01, 10),
}
"""Of these nothing is published: lowest and highest value, in the unit of the mod file."""
FITTED: Final = (*PUBLISHED, *FREE)
SCORED: Final = (*TARGETS, *AT_REST)


def limits() -> tuple[Floats, Floats]:
    """Return the logarithms of the lowest and highest value of each fitted parameter."""
    low, high = _published().T
    free = np.log([*FREE.values()]).T
    room = np.log(BEYOND)
    return np.concatenate([low - room, free[0]]), np.concatenate([high + room, free[1]])


def _published() -> Floats:
    """Return the logarithms of the lowest and highest published value of each of `PUBLISHED`."""
    return np.log([parameters.table()[key].published or (np.nan, np.nan) for key in PUBLISHED])


def score(drive: dict[str, np.ndarray], changed: Mapping[str, float]) -> tuple[float, Floats]:
    """Sum of the misses, each less than its square when it is large, and the outcomes."""
    bench = Bench(drive, changed)
    got = np.array([target.measured(bench) for target in SCORED])
    summed = total(_misses(got))
    return (summed if np.isfinite(summed) else 1e6), got


def _misses(got: Floats) -> Floats:
    return np.array([(g - t.value) / t.allowed for g, t in zip(got, SCORED, strict=True)])


_DRIVE: dict[str, np.ndarray] = {}


def load(path: Path, spines: int | None) -> None:
    """Load the drive of all spines, or of some that stand for them: quantiles of their calcium."""
    for name, trace in np.load(path).items():
        order = np.argsort(trace.mean(axis=(0, 1)))
        few = len(order) if spines is None else spines
        chosen = order[((np.arange(few) + 0.5) * len(order) / few).astype(int)]
        _DRIVE[name] = np.ascontiguousarray(trace[:, :, chosen])


def missed(x: Floats) -> Floats:
    """Misses with the fitted parameters, of which the logarithms are given."""
    return _misses(score(_DRIVE, _changed(x))[1])


def _residuals(x: Floats) -> Floats:
    low, high = limits()
    aside = (2 * x - low - high) / (high - low)
    here, inner = x[: len(PUBLISHED)], _published().T
    outside = np.maximum(0, np.maximum(inner[0] - here, here - inner[1]))
    weighed = np.sqrt(PRIOR) * aside, np.sqrt(OUTSIDE) * outside
    return np.concatenate([np.nan_to_num(missed(x), nan=100.0), *weighed])


def _cost(x: Floats) -> float:
    return total(_residuals(x))


def present(start: Mapping[str, float]) -> Floats:
    """Return the logarithms of the fitted parameters, in the mod files or as given."""
    given = [start.get(key, parameters.table()[key].value) for key in FITTED]
    low, high = limits()
    return np.clip(np.log(given), low, high)


def _changed(x: Floats) -> dict[str, float]:
    return dict(zip(FITTED, np.exp(x).tolist(), strict=True))


def _named(x: Floats) -> dict[str, float]:
    return {key: float(f"{value:.4g}") for key, value in _changed(x).items()}


def fit(
    path: Path,
    generations: int,
    population: int,
    seed: int,
    sigma: float,
    workers: int,
    start: Mapping[str, float],
) -> dict[str, float]:
    """Best parameters found by CMA-ES on the logarithms of the fitted ones."""
    low, high = limits()
    options = {
        "bounds": [low.tolist(), high.tolist()], "popsize": population, "seed": seed, "verbose": -9,
    }  # fmt: skip
    inside = np.clip(present(start), low + 1e-3, high - 1e-3)
    search = cma.CMAEvolutionStrategy(inside, sigma, options)
    with ProcessPoolExecutor(workers, initializer=load, initargs=(path, SPINES)) as pool:
        for generation in range(generations):
            xs = search.ask()
            search.tell(xs, list(pool.map(_cost, xs)))
            if generation % 10 == 0:
                best = json.dumps(_named(search.best.x))
                print(f"generation {generation}: {search.best.f:.2f} {best}", flush=True)
    return _named(search.best.x)


def refine(path: Path, rounds: int, workers: int, start: Mapping[str, float]) -> dict[str, float]:
    """Best parameters downhill of a start, by least squares on the logarithms."""
    best = first = present(start)
    with ProcessPoolExecutor(workers, initializer=load, initargs=(path, SPINES)) as pool:

        def measured(points: Sequence[Floats]) -> list[Floats]:
            return list(pool.map(_residuals, points))

        for point, residuals in downhill(first, measured, *limits(), rounds=rounds):
            best = point
            print(f"{total(residuals):.2f} {json.dumps(_named(best))}", flush=True)
    return _named(best)


def write(best: dict[str, float]) -> None:
    """Write parameters into the mod files."""
    for key, value in best.items():
        mechanism, name = key.split(".")
        file = resources.mod_dir() / f"{mechanism}.mod"
        row = re.compile(rf"^(    {name} = )[-+.\de]+( .*>) *(?=:)", re.MULTILINE)
        text, count = row.subn(partial(_rewritten, value), file.read_text())
        assert count == 1, f"{file} has {count} parameters {name}"
        file.write_text(text)


def _rewritten(value: float, row: re.Match[str]) -> str:
    return f"{row[1]}{value:.3g}{row[2]} ".ljust(len(row[0]))


def report(changed: dict[str, float]) -> dict[str, Any]:
    """What each target came to, as JSON values."""
    misses, got = score(_DRIVE, changed)
    return {
        "misses": misses,
        "targets": [
            {
                "name": target.name,
                "outcome": float(outcome),
                "target": target.value,
                "allowed": target.allowed,
                "source": target.source,
            }
            for target, outcome in zip(SCORED, got, strict=True)
        ],
    }


def sensitivity(changed: dict[str, float]) -> dict[str, Any]:
    """Misses and right directions with each fitted parameter x 0.8 and x 1.25, as JSON values."""
    misses, got = score(_DRIVE, changed)
    rows = []
    for key in FITTED:
        value = changed.get(key, parameters.table()[key].value)
        found = [score(_DRIVE, {**changed, key: value * f}) for f in (0.8, 1.25)]
        rows.append(
            {
                "parameter": key,
                "value": value,
                "misses": [missed for missed, _ in found],
                "directions": [_directions(got) for _, got in found],
            }
        )
    return {"misses": misses, "directions": _directions(got), "parameters": rows}


def _directions(got: np.ndarray) -> float:
    """Share of the targets with the right direction, as the scorecard tells directions."""
    right = [
        direction_of(100 * g) == direction_of(100 * t.value)
        for g, t in zip(got, TARGETS, strict=False)  # those at rest follow
    ]
    return float(np.mean(right))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drive", type=Path, default=Path("drive.npz"))
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--refine", type=int, metavar="STEPS", help="most steps of least squares")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sensitivity", action="store_true")
    parser.add_argument("--generations", type=int, default=200)
    parser.add_argument("--population", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--sigma", type=float, default=0.25)
    parser.add_argument("--start", type=Path, help="a file of parameters as JSON")
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    if given.results and (given.start or given.fit or given.refine):
        parser.error("--results is of the parameters of the mod files: write them first")
    best: dict[str, float] = json.loads(given.start.read_text()) if given.start else {}
    if given.fit:
        best = fit(
            given.drive,
            given.generations,
            given.population,
            given.seed,
            given.sigma,
            given.workers,
            best,
        )
    if given.refine:
        best = refine(given.drive, given.refine, given.workers, best)
    for key, value in best.items():
        print(f"{key} = {value}")
    if given.write:
        write(best)
    load(given.drive, SPINES if given.sensitivity else None)
    source = OBJECTIVE if given.sensitivity else RESULT
    found = (sensitivity if given.sensitivity else report)(best)
    print(source.views["table"](found))
    if given.results:
        print(source.result(lambda: found).write(source.name))
