"""Fit spines and synapses to recordings of their calcium and electricity, by CMA-ES.

    python -m calibration.spine keep                    # the parameters as they are, a candidate
    python -m calibration.spine fit --generations 30    # search, and keep every candidate
    python -m calibration.spine show                    # the best, its misses on both cells
    python -m calibration.spine apply                   # into synapse.toml and the mod files

Run it after any change to the cell, before whatever the chemistry is fitted to: nothing of
plasticity is in it. Each candidate is measured as `ca1ltd cell validate --spine` does, in fewer
spines, and costs the squares of what lies outside the inner nine tenths of each recorded range (in
halves of its width, 1 at most), so that a row that cannot be met does not pay for all others. A
thousandth of the squared distances from where the search began tells candidates apart that meet the
same rows.

What is there now was found by hand, between what a reduced model of one head (its potential that of
the dendrite and what the neck adds) showed and what this one measured; the search goes on from
there.

Every parameter has its bounds in `BOUNDS`, with the reason. They are searched on the scale given
there. What is not searched, gates and the kinetics of receptors, is published.
"""

import argparse
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from ca1ltd import resources
from ca1ltd.errors import RunError
from ca1ltd.model import parameters
from ca1ltd.validation.spine_report import SpineReport, spine_targets
from ca1ltd.validation.validate_spines import validate_spines

FOUND: Final = Path(__file__).with_name("spine") / "candidates.jsonl"
SEED: Final = 1
POPULATION: Final = 12
SPREAD: Final = 0.05  # of the allowed range
CELLS: Final = ("dhc", "c5038804")
#: Spines that a candidate is measured in.
SPINES: Final = 12
INNER: Final = 0.9
WORST: Final = 1.0
NEAR: Final = 1e-3


class Bound(NamedTuple):
    """Between what a parameter is searched, on which scale, and why."""

    low: float
    high: float
    logarithmic: bool
    reason: str


BOUNDS: Final[Mapping[str, Bound]] = {
    "ca1ampa.g_receptor": Bound(
        3e-6, 6e-6, True, "some .1 to .2 mV at the soma: larger, branches fire at test pulses"
    ),
    "ca1nmda.g_max": Bound(
        5e-5, 6e-4, True, "one to ten channels of 50 pS open: Nimchinsky et al. 2004, recollected"
    ),
    "ca1nmda.mg_half": Bound(
        2.55, 8.85, True, "3.57 Jahr & Stevens, 2.55 and 8.85 Vargas-Caballero & Robinson"
    ),
    "ca1nmda.mg_slope": Bound(
        0.062, 0.0857, False, ".062, .072 and .0801 by the same, and what 5 % at -60 mV allows"
    ),
    "ca1nmda.tau_slow": Bound(
        10.0, 80.0, True, "half are slow after 20 ms (Vargas-Caballero & Robinson 2003), or later"
    ),
    "ca1nmda.f_ca": Bound(
        0.07, 0.12, False, "Schneggenburger et al. 1993, Garaschuk et al. 1996: 6.8 to 11 %"
    ),
    "ca1nmda.tau_unblock": Bound(
        2.0, 15.0, True, "4 and 22.7 ms at room temperature: Kampa et al. 2004, the same"
    ),
    "ca1nmda.k_inactivate": Bound(1e-3, 1.0, True, "unknown: set by Rosenmund et al. 1995"),
    "spine.neck_resistance": Bound(
        150.0, 600.0, True, "204 Acker et al. 2016, some 500 Harnett et al. 2012"
    ),
    "spine.car_gbar": Bound(1e-3, 5e-2, True, "unknown: set by the spike's calcium"),
    "ca1skr.gbar": Bound(
        2e-3, 0.1, True, "1 to 60 channels of 10 pS in a head of .6 um2: the upper end is many"
    ),
    "ca1skr.near_half": Bound(1e-4, 1.0, True, "unknown: set by SNX-482 and apamin"),
    "spine.head_volume": Bound(0.05, 0.1, True, "Harris & Stevens 1989: mean .05 to .1 um3"),
    "ca1spineca.buffer_total": Bound(
        0.13, 0.35, False, "a capacity of 24 +- 11: Sabatini et al. 2002"
    ),
    "spine.car_vhalf_m": Bound(
        -29.0, -18.0, False, "half open at -16 (Foehring et al. 2000) to -5 mV: see synapse.toml"
    ),
    "ca1spineca.pump_half": Bound(5e-4, 1e-2, True, "assumed, of micromolar affinity"),
    "ca1spineca.exchanger": Bound(0.1, 0.6, False, "assumed: extrusion by both is seen"),
}

#: Published conditions that a measure of the fit decides, by the measure.
CONDITIONS: Final = {
    "release_calcium": ("SB02_EPSP_rest", "CA_1Hz"),
    "calcium_at_0": ("SB02_EPSP_depol",),
    "spike_calcium": ("SB02_bAP",),
    "spike_decay": ("SB02_bAP_tau",),
    "dap5_calcium": ("BG07_APV",),
    "tetanus_calcium": ("CA_tetanus",),
}


def at(x: np.ndarray) -> dict[str, float]:
    """Values of the parameters at a point of the unit cube, by key, to three digits."""
    found = {}
    for (key, bound), part in zip(BOUNDS.items(), x, strict=True):
        if bound.logarithmic:
            value = bound.low * (bound.high / bound.low) ** part
        else:
            value = bound.low + part * (bound.high - bound.low)
        found[key] = float(f"{value:.3g}")
    return found


def place(values: Mapping[str, float]) -> np.ndarray:
    """Where values are in the unit cube: what `at` undoes."""
    parts = []
    for key, bound in BOUNDS.items():
        value = min(max(values[key], bound.low), bound.high)
        if bound.logarithmic:
            parts.append(math.log(value / bound.low) / math.log(bound.high / bound.low))
        else:
            parts.append((value - bound.low) / (bound.high - bound.low))
    return np.array(parts)


def cost(report: SpineReport) -> float:
    """What a report costs: 0 if all medians are well inside the recordings."""
    total = 0.0
    for target in spine_targets():
        middle, half = (target.low + target.high) / 2, (target.high - target.low) / 2
        away = abs(report.median(target.name) - middle) / half - INNER
        total += WORST**2 if math.isnan(away) else min(max(away, 0.0), WORST) ** 2
    return total


def measured(values: Mapping[str, float], cell: str, spines: int = SPINES) -> SpineReport:
    return validate_spines(cell, name=cell, changed=dict(values), spines=spines)


def fit(generations: int, cells: tuple[str, ...], seed: int) -> None:
    """Search, going on from the best candidate so far."""
    import cma

    tried = sorted(candidates(), key=lambda each: each["cost"])
    first = place(tried[0]["values"] if tried else _present())
    options = {
        "bounds": [0, 1],
        "popsize": POPULATION,
        "seed": seed + len(tried),
        "maxiter": generations,
        "verbose": -9,
    }
    strategy = cma.CMAEvolutionStrategy(first, SPREAD, options)
    while not strategy.stop():
        points, costs = strategy.ask(), []
        for point in points:
            row = keep(at(point), cells)
            costs.append(row["cost"] + NEAR * float(np.sum((np.asarray(point) - first) ** 2)))
        strategy.tell(points, costs)
        print(f"{strategy.countiter:4d}  {min(costs):.3f}", flush=True)


def keep(values: dict[str, float], cells: tuple[str, ...]) -> dict[str, Any]:
    """Measure a candidate, keep it and return it."""
    row = _tried(values, cells)
    FOUND.parent.mkdir(exist_ok=True)
    with FOUND.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    return row


def _tried(values: dict[str, float], cells: tuple[str, ...]) -> dict[str, Any]:
    """Return a candidate with its cost, which is the mean over cells, and its misses."""
    try:
        reports = [measured(values, cell) for cell in cells]
    except RunError:  # a cell that does not rest is a bad one
        return {"values": values, "cost": WORST**2 * len(spine_targets()), "misses": []}
    return {
        "values": values,
        "cost": round(float(np.mean([cost(report) for report in reports])), 4),
        "misses": sorted({name for report in reports for name in report.misses()}),
    }


def candidates() -> Iterator[dict[str, Any]]:
    """Yield every candidate tried."""
    if FOUND.exists():
        for line in FOUND.read_text("utf-8").splitlines():
            yield json.loads(line)


def _present() -> dict[str, float]:
    return {key: parameters.default(key) for key in BOUNDS}


def show(values: Mapping[str, float]) -> None:
    """Print values and what both cells do with them."""
    for key, value in values.items():
        bound = BOUNDS[key]
        print(f"{key:24s} {value:<10g} {bound.low:g} to {bound.high:g}: {bound.reason}")
    for cell in CELLS:
        report = measured(values, cell, spines=20)
        print(f"\n{cell}: cost {cost(report):.3f}, out: {', '.join(report.misses()) or 'none'}")
        for target in spine_targets():
            print(
                f"  {target.title:45s} {report.median(target.name):8.3g}"
                f"  {target.low:g}-{target.high:g} {target.unit}"
            )


def apply(values: Mapping[str, float]) -> None:
    """Write values where each parameter is kept."""
    table = resources.package_dir() / "model" / "synapse.toml"
    for key, value in values.items():
        group, name = key.split(".")
        mod = resources.mod_dir() / f"{group}.mod"
        if mod.exists():
            pattern, path = rf"(^    {name} = )\S+", mod
        else:
            pattern, path = rf"(\[{group}\]\n(?:(?!\[).*\n)*?{name} = {{ value = )[^,]+", table
        text, count = re.subn(
            pattern, rf"\g<1>{value:g}", path.read_text("utf-8"), flags=re.MULTILINE
        )
        if count != 1:
            raise SystemExit(f"{key} was found {count} times in {path}")
        path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["keep", "fit", "show", "apply"])
    parser.add_argument("--generations", type=int, default=30)
    parser.add_argument("--cells", default=",".join(CELLS), help="with commas between")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    cells = tuple(given.cells.split(","))
    if given.what == "fit":
        fit(given.generations, cells, given.seed)
        return
    if given.what == "keep":
        print(keep(_present(), cells))
        return
    tried = sorted(candidates(), key=lambda each: each["cost"])
    best = tried[0]["values"] if tried else _present()
    if given.what == "apply":
        apply(best)
    else:
        show(best)


if __name__ == "__main__":
    main()
