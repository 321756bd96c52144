"""Calibrate the signalling cascade under stochastic release.

    python -m calibration.drive --out drive.npz             # once, after spine.py
    python -m calibration.cascade --drive drive.npz         # score the parameters of the mod files
    python -m calibration.cascade --drive drive.npz --fit   # search and print parameters, score
    python -m calibration.cascade --drive drive.npz --refine 40        # from near the optimum on
    python -m calibration.cascade --drive drive.npz --fit --write      # into the mod files
    python -m calibration.cascade --drive drive.npz --sensitivity
    python -m calibration.cascade --drive drive.npz --results          # for docs/calibration.md

The cascade (`ca1ltd.export.replay`) is driven by the calcium recorded from the conditioned spines
of the reconstructed cell (`drive.py`), event by event, and by clamps of calcium. The outcome of an
experiment is the EPSP that the AMPA conductance makes, 55 min after induction, over that of rest.
What is asked for stands in `targets.py`. `--fit` searches widely, by CMA-ES; `--refine` goes
downhill by least squares, some ten times faster where the optimum is near.
"""

import argparse
import json
import re
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import cma
import numpy as np
from scipy.optimize import least_squares

from ca1ltd import resources
from ca1ltd.literature.judge import direction_of
from ca1ltd.model import parameters
from calibration.targets import TARGETS, Bench
from pages.calibration import OBJECTIVE
from pages.calibration import TARGETS as RESULT

SPINES = 12  # that the fit looks at
SOFT = 2.0  # a miss counts less than its square beyond: what is out of reach must not take the rest
PRIOR = 0.3  # what a parameter costs that is e times its value in the mod file
# Lower and upper bound, as factors on the value in the mod file. What is at a limit of physics has
# no room: calmodulin binds calcineurin as fast as it can diffuse to it.
FITTED = {
    "ca1cam.k_c": (0.2, 6),
    "ca1cam.k_n": (0.1, 3),
    "ca1cam.koff_c": (0.1, 1),
    "ca1cam.kon_can": (0.1, 1),
    "ca1cam.koff_can": (0.2, 5),
    "ca1cam.kon_camkii": (0.1, 2),
    "ca1cam.koff_camkii": (0.3, 5),
    "ca1camkii.k_auto": (0.1, 10),
    "ca1camkii.k_pp2": (0.2, 4),
    "ca1camkii.k_inhibitory": (0.1, 10),
    "ca1camkii.k_305": (0.1, 10),
    "ca1pka.gain": (0.2, 10),
    "ca1pka.k_cam": (0.1, 20),
    "ca1pka.tau": (0.3, 3),
    "ca1i1.k_pka": (0.1, 10),
    "ca1i1.k_can": (0.1, 10),
    "ca1psd.k_open": (0.1, 10),
    "ca1psd.k_close": (0.1, 10),
    "ca1psd.k_target": (0.1, 10),
    "ca1psd.k_retain": (0.03, 20),
    "ca1psd.hold_cam": (0.1, 10),
    "ca1psd.k_evict": (0.02, 20),
    "ca1psd.k_loose": (0.1, 10),
    "ca1psd.k_firm": (0.3, 3),
    "ca1psd.k_pp1": (0.1, 10),
    "ca1ampar.k845": (0.3, 3),
    "ca1ampar.d845": (0.3, 3),
    "ca1ampar.k831": (0.05, 5),
    "ca1ampar.kinase_831": (0.03, 3),
    "ca1ampar.d831": (0.1, 3),
    "ca1ampar.pp2a_831": (0.3, 15),
    "ca1ampar.total": (0.7, 2.5),
    "ca1ampar.slots_rest": (0.8, 2.5),
    "ca1ampar.k_anchor": (0.2, 4),
    "ca1ampar.anchor_camkii": (0.03, 10),
    "ca1ampar.k_free": (0.3, 3),
    "ca1ampar.k_endo": (0.5, 3),
    "ca1ampar.k_exo": (0.5, 4),
    "ca1ampar.free_pp1": (0.2, 5),
    "ca1ampar.endo_pp": (0.3, 3),
    "ca1ampar.slots_camkii": (0.1, 5),
    "ca1ampar.exo_camkii": (0.02, 10),
}


def score(drive: dict[str, np.ndarray], changed: dict[str, float]) -> tuple[float, np.ndarray]:
    """Sum of the misses, each less than its square when it is large, and the outcomes."""
    bench = Bench(drive, changed)
    got = np.array([target.measured(bench) for target in TARGETS])
    total = _sum(_misses(got))
    return (total if np.isfinite(total) else 1e6), got


def _sum(misses: np.ndarray) -> float:
    misses = np.abs(misses)
    return float(np.where(misses < SOFT, misses**2, SOFT * (2 * misses - SOFT)).sum())


def _misses(got: np.ndarray) -> np.ndarray:
    return np.array([(g - t.value) / t.allowed for g, t in zip(got, TARGETS, strict=True)])


_DRIVE: dict[str, np.ndarray] = {}


def load(path: Path, spines: int | None) -> None:
    """Load the drive of all spines, or of some that stand for them: quantiles of their calcium."""
    for name, trace in np.load(path).items():
        order = np.argsort(trace.mean(axis=(0, 1)))
        few = len(order) if spines is None else spines
        chosen = order[((np.arange(few) + 0.5) * len(order) / few).astype(int)]
        _DRIVE[name] = np.ascontiguousarray(trace[:, :, chosen])


def _cost(base: np.ndarray, x: np.ndarray) -> float:
    return score(_DRIVE, _changed(base, x))[0] + PRIOR * float(np.sum(np.square(x)))


def _residuals(base: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.concatenate([_misses(score(_DRIVE, _changed(base, x))[1]), np.sqrt(PRIOR) * x])


def missed(x: np.ndarray) -> np.ndarray:
    """Misses with the logarithms of the fitted parameters moved from the mod files."""
    base, *_ = _scaled({})
    return _misses(score(_DRIVE, _changed(base, x))[1])


def _changed(base: np.ndarray, x: np.ndarray) -> dict[str, float]:
    return dict(zip(FITTED, (base * np.exp(x)).tolist(), strict=True))


def _scaled(start: dict[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Values in the mod files; logarithms over them of the start and of the bounds."""
    base = np.array([parameters.table()[key].value for key in FITTED])
    low, high = (np.log([bounds[k] for bounds in FITTED.values()]) for k in (0, 1))
    given = [start.get(key, value) for key, value in zip(FITTED, base, strict=True)]
    return base, np.clip(np.log(np.array(given) / base), low * 0.98, high * 0.98), low, high


def _named(base: np.ndarray, x: np.ndarray) -> dict[str, float]:
    return {key: float(f"{value:.4g}") for key, value in _changed(base, x).items()}


def fit(
    path: Path,
    generations: int,
    population: int,
    seed: int,
    sigma: float,
    workers: int,
    start: dict[str, float],
) -> dict[str, float]:
    """Best parameters found by CMA-ES on the logarithms of the fitted ones."""
    base, first, low, high = _scaled(start)
    options = {
        "bounds": [low.tolist(), high.tolist()], "popsize": population, "seed": seed, "verbose": -9,
    }  # fmt: skip
    search = cma.CMAEvolutionStrategy(first, sigma, options)
    with ProcessPoolExecutor(workers, initializer=load, initargs=(path, SPINES)) as pool:
        for generation in range(generations):
            xs = search.ask()
            search.tell(xs, list(pool.map(partial(_cost, base), xs)))
            if generation % 10 == 0:
                best = json.dumps(_named(base, search.best.x))
                print(f"generation {generation}: {search.best.f:.2f} {best}", flush=True)
    return _named(base, search.best.x)


def refine(path: Path, steps: int, workers: int, start: dict[str, float]) -> dict[str, float]:
    """Best parameters near a start, by least squares on the logarithms of the fitted ones."""
    base, first, low, high = _scaled(start)
    with ProcessPoolExecutor(workers, initializer=load, initargs=(path, SPINES)) as pool:

        def slopes(x: np.ndarray) -> np.ndarray:
            moves = 0.02 * np.where(x > 0, -1.0, 1.0)  # to where there is room
            moved = [x, *(x + np.diag(moves))]
            here, *there = pool.map(partial(_residuals, base), moved)
            print(f"{_sum(here):.2f} {json.dumps(_named(base, x))}", flush=True)
            jacobian: np.ndarray = (np.array(there) - here).T / moves
            return jacobian

        def residuals(x: np.ndarray) -> np.ndarray:
            return pool.submit(_residuals, base, x).result()

        found = least_squares(
            residuals,
            first,
            jac=slopes,
            bounds=(low, high),
            loss="huber",
            f_scale=SOFT,
            max_nfev=steps,
        )
    return _named(base, found.x)


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
    total, got = score(_DRIVE, changed)
    return {
        "misses": total,
        "targets": [
            {
                "name": target.name,
                "outcome": float(outcome),
                "target": target.value,
                "allowed": target.allowed,
                "source": target.source,
            }
            for target, outcome in zip(TARGETS, got, strict=True)
        ],
    }


def sensitivity(changed: dict[str, float]) -> dict[str, Any]:
    """Misses and right directions with each fitted parameter x 0.8 and x 1.25, as JSON values."""
    total, got = score(_DRIVE, changed)
    rows = []
    for key in FITTED:
        value = changed.get(key, parameters.table()[key].value)
        found = [score(_DRIVE, {**changed, key: value * f}) for f in (0.8, 1.25)]
        rows.append(
            {
                "parameter": key,
                "value": value,
                "misses": [total for total, _ in found],
                "directions": [_directions(got) for _, got in found],
            }
        )
    return {"misses": total, "directions": _directions(got), "parameters": rows}


def _directions(got: np.ndarray) -> float:
    """Share of the targets with the right direction, as the scorecard tells directions."""
    right = [
        direction_of(100 * g) == direction_of(100 * t.value)
        for g, t in zip(got, TARGETS, strict=True)
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
    parser.add_argument("--start", type=json.loads, default={}, help="parameters as JSON")
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    if given.results and (given.start or given.fit or given.refine):
        parser.error("--results is of the parameters of the mod files: write them first")
    best: dict[str, float] = dict(given.start)
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
