"""Measure a cell's electrophysiology and compare it with recordings from rat CA1.

    python calibration/cell.py dhc c5038804 [--set nat.apical=0.03 ...]

The values called calibrated in ``cells/*/biophysics.toml`` were adjusted with this script on dhc:
run, change with ``--set`` the value that a miss points to, run again. The bounds and their sources
are in `TARGETS`. Everything is measured at 34 degC from the resting state, which is reached by
integrating with long implicit steps. About half a minute for each cell.
"""

import argparse
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ca1ltd import resources
from ca1ltd.biophysics import Biophysics, read_biophysics
from ca1ltd.engine import session
from ca1ltd.engine.cell import D_LAMBDA, Cell, build_cell
from ca1ltd.engine.session import n
from ca1ltd.morphology import read_swc

CELSIUS = 34.0  # degC
STEP = 600.0  # ms, length of a current step


@dataclass(frozen=True)
class Measured:
    """What one would read from the amplifier."""

    rest: float  # mV
    rin: float  # MOhm, steady state of a -0.1 nA step
    tau: float  # ms, time to 63 % of the largest deflection of a -10 pA step
    sag: float  # 1 - steady/largest deflection of a -0.1 nA step
    half_distance: float  # um along the apical trunk where a steady somatic deflection has halved
    half_distance_no_ih: float  # um, the same without Ih
    rheobase: float  # nA, smallest step that makes a spike
    threshold: float  # mV, where dV/dt passes 20 mV/ms
    peak: float  # mV, of the first spike
    half_width: float  # ms, of the first spike, at half height above threshold
    rate_300: float  # Hz, during 0.3 nA
    rate_500: float  # Hz, during 0.5 nA
    bap_50: float  # mV, height of a back-propagating spike on the trunk at 50 um
    bap_150: float  # mV, at 150 um
    bap_250: float  # mV, at 250 um
    bap_fade: float  # tenth over first back-propagating spike of a 50 Hz train at 200 um
    spikes_at_rest: int  # in 1 s without current
    synapses_to_fire: int  # synchronous 0.5 nS AMPA synapses over radiatum that make a spike


#: Range of each measure and where it comes from.
TARGETS: dict[str, tuple[float, float, str]] = {
    "rest": (
        -72,
        -65,
        "whole-cell; dorsal CA1, Dougherty et al. 2012, doi:10.1113/jphysiol.2012.242693",
    ),
    "rin": (40, 80, "Dougherty et al. 2012"),
    "tau": (15, 30, "whole-cell, near rest; Golding et al. 2005"),
    "sag": (0.1, 0.25, "Magee 1998, doi:10.1523/JNEUROSCI.18-19-07613.1998"),
    "half_distance": (210, 270, "238 um, Golding 2005, doi:10.1113/jphysiol.2005.086793"),
    "half_distance_no_ih": (340, 480, "409 um, Golding 2005"),
    "rheobase": (0.05, 0.35, "whole-cell, long steps; Dougherty et al. 2012"),
    "threshold": (-60, -45, "whole-cell; Dougherty et al. 2012"),
    "peak": (10, 50, "spikes overshoot"),
    "half_width": (0.7, 1.3, "whole-cell; Dougherty et al. 2012"),
    "rate_300": (5, 40, "regular firing; range ours"),
    "rate_500": (10, 60, "regular firing; range ours"),
    "bap_150": (45, 65, "Spruston 1995, doi:10.1126/science.7716524; Magee & Johnston 1995"),
    "bap_fade": (0.2, 0.8, "Spruston 1995; Colbert 1997, doi:10.1523/JNEUROSCI.17-17-06512.1997"),
    "spikes_at_rest": (0, 0, "silent slice"),
    "synapses_to_fire": (30, 200, "a strong shock fires the cell; range ours"),
}


class Bench:
    """A cell at rest and one current clamp in its soma."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.clamp = n.IClamp(cell.soma(0.5))
        self.cvode = n.CVode()
        self.trunk = _trunk(cell)
        self.saved: Any = None
        self.settle()

    def settle(self) -> None:
        """Integrate to rest with long implicit steps and keep the state."""
        self.clamp.dur = 0
        self.cvode.active(False)
        n.dt = 20.0
        n.finitialize(-68)
        for _ in range(1000):
            n.fadvance()
        self.saved = n.SaveState()
        self.saved.save()

    def run(
        self, current: float, *, delay: float = 20.0, dur: float = STEP, tail: float = 0.0
    ) -> dict[str, np.ndarray]:
        """Time (ms from onset) and voltages (mV) of soma and trunk during a current step (nA)."""
        self.clamp.delay, self.clamp.dur, self.clamp.amp = delay, dur, current
        return self.record(delay + dur + tail, zero=delay)

    def record(
        self, t_stop: float, *, zero: float = 0.0, arrivals: tuple[Any, ...] = ()
    ) -> dict[str, np.ndarray]:
        """Voltages from rest to t_stop (ms); NetCons in `arrivals` deliver at 10 ms."""
        segments = {"soma": self.cell.soma(0.5)} | {f"{d:g}": s for d, s in self.trunk.items()}
        vectors = {"t": n.Vector().record(n._ref_t)}
        vectors |= {name: n.Vector().record(seg._ref_v) for name, seg in segments.items()}
        self.cvode.active(True)
        n.finitialize(-68)
        self.saved.restore(1)
        n.t = 0
        self.cvode.re_init()
        n.frecord_init()
        for connection in arrivals:
            connection.event(10.0)
        self.cvode.solve(t_stop)
        found = {name: vector.as_numpy().copy() for name, vector in vectors.items()}
        found["t"] -= zero
        return found

    def spikes(self, current: float, dur: float = STEP) -> int:
        return _count(self.run(current, dur=dur)["soma"])


def _trunk(cell: Cell) -> dict[float, Any]:
    """Segments by path distance from the soma to the tip with the longest apical path."""
    sections = cell.morphology.sections
    index = max(
        (i for i, s in enumerate(sections) if s.kind == "apical"),
        key=lambda i: sections[i].path_distance + sections[i].length,
    )
    found: dict[float, Any] = {}
    while index > 0:
        for seg in cell.section(index):
            found[sections[index].path_distance_at(seg.x)] = seg
        index = sections[index].parent
    return dict(sorted(found.items()))


def _count(v: np.ndarray, level: float = -10.0) -> int:
    return int(np.sum((v[1:] >= level) & (v[:-1] < level)))


def _along(bench: Bench, values: np.ndarray, distance: float) -> float:
    return float(np.interp(distance, list(bench.trunk), values))


def _half_distance(bench: Bench) -> float:
    found = bench.run(-0.05, dur=1000.0)
    before = np.searchsorted(found["t"], 0) - 1
    ratio = [(v[-1] - v[before]) for name, v in found.items() if name not in ("t", "soma")]
    ratio = np.array(ratio) / (found["soma"][-1] - found["soma"][before])
    distance = np.array(list(bench.trunk))
    below = np.flatnonzero(ratio < 0.5)
    if not len(below):
        return float("inf")
    k = below[0]
    return float(np.interp(0.5, ratio[[k, k - 1]], distance[[k, k - 1]]))


def _spike_shape(t: np.ndarray, v: np.ndarray) -> tuple[float, float, float]:
    """Threshold and peak (mV) and half-width (ms) of the first spike; NaN without one."""
    grid = np.arange(0, t[-1], 0.01)
    u = np.interp(grid, t, v)
    slope = np.gradient(u, grid)
    over = np.flatnonzero((slope > 20) & (grid > 1.0))
    if not len(over):
        return (np.nan,) * 3
    k = over[0]
    peak = k + int(np.argmax(u[k : k + 300]))
    half = (u[k] + u[peak]) / 2
    rise = k + np.argmax(u[k:peak] > half)
    fall = peak + np.argmax(u[peak : peak + 1000] < half)
    return float(u[k]), float(u[peak]), float(grid[fall] - grid[rise])


def _back_propagation(bench: Bench) -> tuple[float, float, float, float]:
    """Heights (mV) at 50, 150, 250 um after one spike, and tenth over first at 200 um at 50 Hz."""
    train = []
    for k in range(10):
        clamp = n.IClamp(bench.cell.soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 10.0 + 20.0 * k, 2.0, 3.0
        train.append(clamp)
    bench.clamp.dur = 0
    found = bench.record(220.0)
    heights = []
    for k in (0, 9):
        start, stop = np.searchsorted(found["t"], (10.0 + 20.0 * k, 28.0 + 20.0 * k))
        first = np.searchsorted(found["t"], 10.0)
        heights.append(
            np.array(
                [
                    v[start:stop].max() - v[first - 1]
                    for name, v in found.items()
                    if name not in ("t", "soma")
                ]
            )
        )
    single = [_along(bench, heights[0], d) for d in (50.0, 150.0, 250.0)]
    fade = _along(bench, heights[1], 200.0) / _along(bench, heights[0], 200.0)
    return (*single, fade)


def _synapses_to_fire(bench: Bench) -> int:
    """Smallest multiple of 10 synchronous 0.5 nS AMPA synapses in radiatum that fire the cell."""
    places = [seg for _, seg in bench.cell.segments("radiatum")]
    synapses, connections = [], []
    for k in np.random.default_rng(1).choice(len(places), 300):
        synapse = n.Exp2Syn(places[k])
        synapse.tau1, synapse.tau2, synapse.e = 0.3, 2.5, 0.0
        connections.append(n.NetCon(None, synapse, 0, 0.0, 5e-4))
        synapses.append(synapse)
    bench.settle()
    low, high = 0, 310
    while high - low > 10:
        count = (low + high) // 20 * 10
        found = bench.record(60.0, arrivals=tuple(connections[:count]))
        low, high = (low, count) if _count(found["soma"]) else (count, high)
    connections.clear()
    return high if high <= 300 else 10**6


def measure(cell: Cell) -> Measured:
    """Everything in `Measured` of a cell."""
    bench = Bench(cell)
    rest = float(cell.soma(0.5).v)
    small = bench.run(-0.01)
    before = np.searchsorted(small["t"], 0) - 1
    fall = small["soma"][before] - small["soma"]
    late = np.argmax(fall > 0.632 * fall.max())
    pair = slice(late - 1, late + 1)
    tau = float(np.interp(0.632 * fall.max(), fall[pair], small["t"][pair]))
    step = bench.run(-0.1)
    fall_100 = step["soma"][before] - step["soma"]
    half = _half_distance(bench)
    low, high = 0.0, 0.64
    while high - low > 0.011:
        middle = (low + high) / 2
        low, high = (low, middle) if bench.spikes(middle) else (middle, high)
    strong = bench.run(max(0.3, high))
    threshold, peak, width = _spike_shape(strong["t"], strong["soma"])
    rates = [bench.spikes(current) / STEP * 1e3 for current in (0.3, 0.5)]
    quiet = bench.run(0.0, dur=1000.0)
    bap = _back_propagation(bench)
    count = _synapses_to_fire(bench)
    for sec in cell.sections():
        for seg in sec:
            if hasattr(seg, "ca1ih"):
                seg.ca1ih.gbar = 0.0
    bench.settle()
    return Measured(
        rest=rest,
        rin=float(fall_100[-1] / 0.1),
        tau=tau,
        sag=float(1 - fall_100[-1] / fall_100.max()),
        half_distance=half,
        half_distance_no_ih=_half_distance(bench),
        rheobase=high,
        threshold=threshold,
        peak=peak,
        half_width=width,
        rate_300=rates[0],
        rate_500=rates[1],
        bap_50=bap[0],
        bap_150=bap[1],
        bap_250=bap[2],
        bap_fade=bap[3],
        spikes_at_rest=_count(quiet["soma"]),
        synapses_to_fire=count,
    )


def changed(biophysics: Biophysics, settings: list[str]) -> Biophysics:
    """Biophysics with values replaced, each given as ``table.parameter=value``."""
    tables = biophysics.model_dump()
    for setting in settings:
        path, value = setting.split("=")
        *names, last = path.split(".")
        table = tables
        for name in names:
            table = table[name]
        table[last]["value"] = float(value)
    return Biophysics.model_validate(tables)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="+")
    parser.add_argument("--set", action="append", default=[], metavar="TABLE.PARAMETER=VALUE")
    parser.add_argument("--d-lambda", type=float, default=D_LAMBDA)
    options = parser.parse_args()
    session.load()
    results = []
    for name in options.cells:
        folder = resources.cell_dir(name)
        biophysics = changed(read_biophysics(folder / "biophysics.toml"), options.set)
        morphology = read_swc(folder / "morphology.swc")
        with session.settings(celsius=CELSIUS, atol=1e-4):
            results.append(measure(build_cell(morphology, biophysics, d_lambda=options.d_lambda)))
    print(f"{'':22}" + "".join(f"{name:>10}" for name in options.cells) + "  allowed")
    for field in fields(Measured):
        low, high, source = TARGETS.get(field.name, (-np.inf, np.inf, ""))
        values = [getattr(result, field.name) for result in results]
        shown = "".join(f"{v:9.3f}{' ' if low <= v <= high else '*'}" for v in values)
        print(f"{field.name:22}{shown}  {low:g} to {high:g}  {source}")


if __name__ == "__main__":
    main()
