"""Calibrate the signalling cascade under stochastic release, by CMA-ES.

    python calibration/drive.py --out drive.npz             # once, after calcium.py
    python calibration/cascade.py --drive drive.npz         # score the parameters of the mod files
    python calibration/cascade.py --drive drive.npz --fit   # fit and print parameters, score
    python calibration/cascade.py --drive drive.npz --fit --write      # into the mod files
    python calibration/cascade.py --drive drive.npz --sensitivity

The cascade (`replay.py`) is driven by the calcium recorded from the conditioned spines of the
reconstructed cell (`drive.py`), event by event, and by clamps of calcium. Calcium does not change
when AMPA receptors leave, as it does a little on the cell. The outcome of an experiment is the AMPA
conductance 55 min after induction over that of rest. What is asked for stands in `targets`.
"""

import argparse
import json
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cma
import numpy as np
from replay import KEYS, Spines

from ca1ltd import parameters, resources
from ca1ltd.conditions import Conditions

FOLLOWED = 3300.0  # s after induction: the middle of 50-60 min
SAMPLE = 0.005  # s
SPINES = 8  # that the fit looks at
CLASSES = (0.92, 1.08)  # below is depression, above potentiation: ca1ltd/literature/score.py
FITTED = {  # lower and upper bound, as factors on the value in the mod file
    "ca1cam.k_c": (0.2, 6),
    "ca1cam.k_n": (0.1, 3),
    "ca1cam.koff_c": (0.5, 12),
    "ca1can.kon": (0.2, 40),
    "ca1can.koff": (0.2, 5),
    "ca1camkii.kon": (0.1, 30),
    "ca1camkii.koff": (0.3, 5),
    "ca1camkii.k_auto": (0.1, 10),
    "ca1camkii.k_pp2c": (0.2, 5),
    "ca1camkii.k_pp1": (0.1, 10),
    "ca1pka.gain": (0.2, 5),
    "ca1pka.k_cam": (0.1, 20),
    "ca1pka.tau": (0.3, 3),
    "ca1i1.k_pka": (0.1, 10),
    "ca1i1.k_can": (0.1, 10),
    "ca1psd.pp1_half": (0.2, 5),
    "ca1psd.k_target": (0.1, 10),
    "ca1psd.k_retain": (0.03, 10),
    "ca1psd.pt_half": (0.05, 5),
    "ca1psd.k_evict": (0.02, 20),
    "ca1psd.k_expel": (0.02, 20),
    "ca1ampar.k845": (0.3, 3),
    "ca1ampar.d845": (0.3, 3),
    "ca1ampar.d831": (0.3, 3),
    "ca1ampar.k_endo": (0.5, 2),
    "ca1ampar.k_exo": (0.5, 2),
    "ca1ampar.free_pp1": (0.2, 5),
    "ca1ampar.endo_pp": (0.3, 3),
    "ca1ampar.slots_camkii": (0.1, 5),
    "ca1ampar.exo_camkii": (0.02, 10),
}


@dataclass(frozen=True)
class Target:
    """What one experiment should come to, what it may be missed by, and why."""

    name: str
    measured: Callable[["Bench"], float]
    value: float
    allowed: float
    source: str


class Bench:
    """The experiments that the targets name, on the recorded drive of some spines."""

    def __init__(self, drive: dict[str, np.ndarray], changed: dict[str, float]) -> None:
        self._drive = drive
        self._rest = Spines(drive["pulse"].shape[2], changed)
        self._before = self._rest.conductance()
        self._made: dict[tuple[Step, ...], Spines] = {}

    def made(self, *steps: "Step") -> Spines:
        """Spines after some steps from rest; what experiments share is computed once."""
        if not steps:
            return self._rest
        if steps not in self._made:
            spines = self.made(*steps[:-1]).copy()
            steps[-1](spines, self._drive)
            self._made[steps] = spines
        return self._made[steps]

    def outcome(self, *steps: "Step", after: float = FOLLOWED) -> float:
        """AMPA conductance some time (s) after the steps over that of rest."""
        return self.made(*steps, Rest(after)).conductance() / self._before

    def ratio(self, state: str, *steps: "Step") -> float:
        """A state 45 min after some steps over that of rest, means over spines."""
        after, before = self.made(*steps, Rest(2700.0)), self._rest
        return float(after.get(state).mean() / before.get(state).mean())

    def peak_pt(self) -> float:
        return max(self.made(LFS).peak_pt, 0.05)


@dataclass(frozen=True)
class Rest:
    """Nothing is given for a time (s)."""

    duration: float

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        spines.rest(self.duration)


@dataclass(frozen=True)
class Clamp:
    """Calcium (uM) is held for a time (s)."""

    calcium: float
    duration: float

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        spines.hold(self.calcium, self.duration)


@dataclass(frozen=True)
class Drug:
    """Fractions blocked from now on, mechanism.name and value."""

    blocks: tuple[tuple[str, float], ...]

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        spines.change(dict(self.blocks))


@dataclass(frozen=True)
class Warm:
    """The slice has another temperature (degC) from now on."""

    temperature: float

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        table = parameters.table()
        here = Conditions(temperature=self.temperature).parameters()
        spines.warm({k: value / table[k].value for k, value in here.items() if k in KEYS})


@dataclass(frozen=True)
class Give:
    """Events of a recorded drive in turn, one every spacing (s); calcium above rest x gain."""

    drive: str
    events: int
    spacing: float
    gain: float = 1.0

    def __call__(self, spines: Spines, drive: dict[str, np.ndarray]) -> None:
        spines.drive(drive[self.drive], SAMPLE, self.events, self.spacing, self.gain)


Step = Rest | Clamp | Drug | Warm | Give


def _blocked(fraction: float, *keys: str) -> tuple[Drug, Drug]:
    """A drug and its wash-out."""
    return Drug(tuple((key, fraction) for key in keys)), Drug(tuple((key, 0.0) for key in keys))


LFS = Give("pulse", 900, 1.0)
HFS = Give("hfs", 1, 2.0)
W35 = Warm(35.0)
LATER, SOON = Rest(1800.0), Rest(900.0)
CAN, CAN_OFF = _blocked(0.99, "ca1can.block")
CK, CK_OFF = _blocked(0.92, "ca1camkii.block")
PP, PP_OFF = _blocked(
    0.98,
    *(f"ca1{name}.phosphatase_block" for name in ("psd", "camkii", "ampar")),
    *(f"ca1{name}.pp2a_block" for name in ("i1", "camkii", "ampar")),
)
ENDO, _ = _blocked(1.0, "ca1ampar.endo_block")
EXO, _ = _blocked(1.0, "ca1ampar.exo_block")


def _outcome(*steps: Step, after: float = FOLLOWED) -> Callable[[Bench], float]:
    return lambda bench: bench.outcome(*steps, after=after)


def _ratio(state: str, *steps: Step) -> Callable[[Bench], float]:
    return lambda bench: bench.ratio(state, *steps)


DUDEK, FRANCE, INGLEBERT = "Dudek & Bear 1993", "France et al. 2017", "Inglebert et al. 2020"

TARGETS = (
    Target("900 at 1 Hz", _outcome(LFS), 0.69, 0.03, "Mulkey & Malenka 1992"),
    Target("900 at 0.5 Hz", _outcome(Give("pulse", 900, 2.0)), 0.92, 0.05, "Dudek & Bear 1992"),
    Target("900 at 3 Hz", _outcome(Give("3hz", 10, 30.0)), 0.72, 0.08, "Dudek & Bear 1992"),
    Target("900 at 10 Hz", _outcome(Give("10hz", 3, 30.0)), 0.98, 0.05, "Dudek & Bear 1992"),
    Target("900 at 50 Hz", _outcome(Give("50hz", 1, 18.0)), 1.22, 0.12, "Dudek & Bear 1992"),
    Target("100 at 100 Hz", _outcome(HFS), 1.48, 0.08, "usual LTP"),
    Target("2 x 100 at 100 Hz", _outcome(Give("hfs", 2, 20.0)), 1.63, 0.1, "Earls et al. 2011"),
    Target("100 Hz, 5 min later", _outcome(HFS, after=300.0), 1.35, 0.12, "usual LTP"),
    Target("theta bursts", _outcome(Give("tbs", 1, 3.0)), 1.5, 0.1, "Larson et al. 1986"),
    Target("one burst", _outcome(Give("burst", 1, 1.0)), 1.0, 0.06, "Raymond & Redman 2002"),
    Target("spikes alone", _outcome(Give("post", 100, 3.3)), 0.98, 0.03, "no pulses, no change"),
    Target("+10 ms", _outcome(Give("pre_post", 100, 3.3)), 1.15, 0.08, "Inglebert et al. 2020"),
    Target("-25 ms", _outcome(Give("post_pre", 150, 3.3)), 0.84, 0.03, "Inglebert et al. 2020"),
    Target("+10 ms, 5 Hz", _outcome(Give("pre_post_5hz", 1, 20.0)), 1.1, 0.2, "in dispute"),
    Target(
        "+10 and 20 ms, 5 Hz", _outcome(Give("pre_2post_5hz", 1, 20.0)), 1.45, 0.1,
        "Wittenberg & Wang 2006",
    ),
    Target("paired at 0 mV", _outcome(Give("paired_0mv", 100, 1.0)), 1.8, 0.25, "usual pairing"),
    Target(
        "paired at -40 mV", _outcome(Give("paired_m40mv", 200, 2.0)), 0.8, 0.4, "usual pairing"
    ),
    Target("held at 0 mV", _outcome(Give("held_0mv", 100, 1.0)), 1.0, 0.04, "control pathway"),
    Target("held at -90 mV", _outcome(Give("held_m90mv", 900, 1.0)), 0.99, 0.03,
           "Mulkey & Malenka 1992"),
    Target("current steps", _outcome(Give("paired_current", 40, 2.0)), 1.4, 0.12,
           "Gustafsson et al. 1987"),
    Target("0.7 uM, 60 s", _outcome(Clamp(0.7, 60.0)), 0.78, 0.05, "Yang, Tang & Zucker 1999"),
    Target("10 uM, 3 s", _outcome(Clamp(10.0, 3.0)), 1.55, 0.15, "Yang, Tang & Zucker 1999"),
    Target("1 Hz, no calcineurin", _outcome(CAN, LFS, CAN_OFF), 1.0, 0.03, "Mulkey et al. 1994"),
    Target("1 Hz, no PP1/2A", _outcome(PP, LFS, PP_OFF), 1.0, 0.03, "Mulkey et al. 1993"),
    Target("1 Hz, no CaMKII", _outcome(CK, LFS, CK_OFF), 0.7, 0.06, "Mulkey et al. 1993"),
    Target("1 Hz, no GluN2B", _outcome(Give("pulse_ro", 900, 1.0)), 1.0, 0.05, FRANCE),
    Target("100 Hz, no GluN2B", _outcome(Give("hfs_ro", 1, 2.0)), 1.35, 0.12, FRANCE),
    Target("100 Hz, no CaMKII", _outcome(CK, HFS, CK_OFF), 1.0, 0.04, "Malenka et al. 1989"),
    Target("1 Hz after LTP", _outcome(HFS, LATER, LFS), 1.0, 0.05, "O'Dell & Kandel 1994"),
    Target("100 Hz after LTD", _outcome(LFS, LATER, HFS), 1.12, 0.08, "Mulkey & Malenka 1992"),
    Target("again", _outcome(HFS, LATER, LFS, LATER, HFS), 1.4, 0.1, "Dudek & Bear 1993"),
    Target("2 x 1 Hz", _outcome(LFS, SOON, LFS), 0.6, 0.05, "Mulkey & Malenka 1992"),
    Target("3 x 1 Hz", _outcome(LFS, SOON, LFS, SOON, LFS), 0.57, 0.04, "Dudek & Bear 1993"),
    Target("P9, 35 degC", _outcome(W35, Give("pulse_p9", 900, 1.0)), 0.6, 0.05, DUDEK),
    Target("P15, 35 degC", _outcome(W35, Give("pulse_p15", 900, 1.0)), 0.67, 0.05, DUDEK),
    Target("P35, 35 degC", _outcome(W35, Give("pulse_p35", 900, 1.0)), 0.84, 0.06, DUDEK),
    Target("10 Hz, P35, 35 degC", _outcome(W35, Give("10hz_p35", 3, 30.0)), 0.97, 0.05,
           "Dudek & Bear 1992"),
    Target("P60", _outcome(Give("pulse_p60", 900, 1.0)), 0.97, 0.04, "Norris et al. 1996"),
    Target("theta, P60", _outcome(W35, Give("tbs_p60", 4, 10.0)), 1.45, 0.1, DUDEK),
    Target("+10, 1.3 mM", _outcome(Give("pre_post_1.3mm", 100, 3.3)), 1.0, 0.05, INGLEBERT),
    Target("-25, 1.3 mM", _outcome(Give("post_pre_1.3mm", 150, 3.3)), 1.0, 0.05, INGLEBERT),
    Target("+10, 3 mM", _outcome(Give("pre_post_3mm", 100, 3.3)), 1.2, 0.12, INGLEBERT),
    Target("-25, 3 mM", _outcome(Give("post_pre_3mm", 150, 3.3)), 0.75, 0.06, INGLEBERT),
    Target(
        "doublet, P55", _outcome(W35, Give("pre_2post_5hz_p55", 3, 20.0)), 1.5, 0.15,
        "Tigaret et al. 2016",
    ),
    Target("calcium x .8", _outcome(Give("pulse", 900, 1.0, 0.8)), 0.88, 0.12, "no cliff"),
    Target("calcium x 1.25", _outcome(Give("pulse", 900, 1.0, 1.25)), 0.58, 0.12, "no cliff"),
    Target("test pulses", _outcome(Give("pulse", 320, 15.0)), 1.0, 0.004, "stable baseline"),
    Target("peak pT286 at 1 Hz", lambda bench: bench.peak_pt(), 0.05, 0.02, "CaMKII stays off"),
    Target("no endocytosis", _outcome(ENDO, after=1800.0), 1.3, 0.1, "Luscher et al. 1999"),
    Target("no exocytosis", _outcome(EXO, after=1800.0), 0.68, 0.08, "Luscher et al. 1999"),
    Target("pS845 in LTD", _ratio("s845", LFS), 0.65, 0.1, "Lee et al. 2000"),
    Target("pS831 in LTD", _ratio("s831", LFS), 1.0, 0.15, "Lee et al. 1998"),
    Target("pS831 in LTP", _ratio("s831", HFS), 1.5, 0.3, "Lee et al. 2000"),
)  # fmt: skip


def score(drive: dict[str, np.ndarray], changed: dict[str, float]) -> tuple[float, np.ndarray]:
    """Sum of the misses, each less than its square when it is large, and the outcomes."""
    bench = Bench(drive, changed)
    got = np.array([target.measured(bench) for target in TARGETS])
    misses = np.array([(g - t.value) / t.allowed for g, t in zip(got, TARGETS, strict=True)])
    # soft beyond 2: a target out of reach must not take the others along
    total = np.where(np.abs(misses) < 2, misses**2, 4 * np.abs(misses) - 4).sum()
    return (float(total) if np.isfinite(total) else 1e6), got


_DRIVE: dict[str, np.ndarray] = {}


def _load(path: Path, spines: int | None) -> None:
    """Load the drive of all spines, or of some that stand for them: quantiles of their calcium."""
    for name, trace in np.load(path).items():
        order = np.argsort(trace.mean(axis=(0, 1)))
        few = len(order) if spines is None else spines
        chosen = order[((np.arange(few) + 0.5) * len(order) / few).astype(int)]
        _DRIVE[name] = np.ascontiguousarray(trace[:, :, chosen])


def _cost(base: np.ndarray, x: np.ndarray) -> float:
    changed = dict(zip(FITTED, (base * np.exp(x)).tolist(), strict=True))
    return score(_DRIVE, changed)[0] + 0.02 * float(np.sum(np.square(x)))


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
    base = np.array([parameters.table()[key].value for key in FITTED])
    low, high = (np.log([bounds[k] for bounds in FITTED.values()]) for k in (0, 1))
    first = np.log(
        np.array([start.get(key, value) for key, value in zip(FITTED, base, strict=True)]) / base
    )
    options = {
        "bounds": [low.tolist(), high.tolist()], "popsize": population, "seed": seed, "verbose": -9,
    }  # fmt: skip
    search = cma.CMAEvolutionStrategy(np.clip(first, low * 0.98, high * 0.98), sigma, options)
    with ProcessPoolExecutor(workers, initializer=_load, initargs=(path, SPINES)) as pool:
        for generation in range(generations):
            xs = search.ask()
            search.tell(xs, list(pool.map(partial(_cost, base), xs)))
            if generation % 10 == 0:
                best = dict(zip(FITTED, (base * np.exp(search.best.x)).tolist(), strict=True))
                print(
                    f"generation {generation}: {search.best.f:.2f} {json.dumps(best)}", flush=True
                )
    best = base * np.exp(search.best.x)
    return {key: float(f"{value:.3g}") for key, value in zip(FITTED, best, strict=True)}


def write(best: dict[str, float]) -> None:
    """Write parameters into the mod files."""
    for key, value in best.items():
        mechanism, name = key.split(".")
        file = resources.mod_dir() / f"{mechanism}.mod"
        text, count = re.subn(
            rf"^(    {name} = )[-+.\de]+", rf"\g<1>{value:.3g}", file.read_text(), flags=re.M
        )
        assert count == 1, f"{file} has {count} parameters {name}"
        file.write_text(text)


def report(changed: dict[str, float]) -> None:
    total, got = score(_DRIVE, changed)
    for target, outcome in zip(TARGETS, got, strict=True):
        miss = abs(outcome - target.value) / target.allowed
        print(
            f"{target.name:24s} {outcome:.3f}   target {target.value:g} +- {target.allowed:g}"
            f"  {'' if miss <= 1 else f'missed by {miss:.1f}'}  {target.source}"
        )
    print(f"sum of misses {total:.2f}")


def sensitivity(changed: dict[str, float]) -> None:
    """Print, as a table in Markdown, the score with each fitted parameter x 0.8 and x 1.25."""
    print("| parameter | value | misses x 0.8 | x 1.25 | direction right x 0.8 | x 1.25 |")
    print("|---|---|---|---|---|---|")
    total, got = score(_DRIVE, changed)
    print(f"| as it is | | {total:.0f} | | {_directions(got):.0%} | |")
    for key in FITTED:
        value = changed.get(key, parameters.table()[key].value)
        found = [score(_DRIVE, {**changed, key: value * f}) for f in (0.8, 1.25)]
        misses = " | ".join(f"{total:.0f}" for total, _ in found)
        right = " | ".join(f"{_directions(got):.0%}" for _, got in found)
        print(f"| `{key}` | {value:.3g} | {misses} | {right} |")


def _directions(got: np.ndarray) -> float:
    """Share of the targets with the right direction, as the scorecard tells directions."""
    wanted = np.array([target.value for target in TARGETS])
    return float(np.mean(np.digitize(got, CLASSES) == np.digitize(wanted, CLASSES)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drive", type=Path, default=Path("drive.npz"))
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sensitivity", action="store_true")
    parser.add_argument("--generations", type=int, default=200)
    parser.add_argument("--population", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--sigma", type=float, default=0.25)
    parser.add_argument("--start", type=json.loads, default={}, help="parameters as JSON")
    given = parser.parse_args()
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
    for key, value in best.items():
        print(f"{key} = {value}")
    if given.write:
        write(best)
    _load(given.drive, SPINES if given.sensitivity else None)
    if given.sensitivity:
        sensitivity(best)
    else:
        report(best)
