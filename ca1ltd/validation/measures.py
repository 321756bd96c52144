"""Measures of a bare cell, from the same experiments as the recordings they are compared with.

`measure` needs a cell on a `Bench`; it takes about a minute. Each experiment has a function of its
own, which returns measures by the names of ``targets.toml`` and curves for the figure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.bench import Bench, Cluster, Step
from ca1ltd.validation.traces import NAN, Spike, deflection, spike_shape, spike_times, trough

STEP: Final = 300.0  # ms; the step of the patch recordings
SETTLED: Final = 20.0  # ms before a step
LONG_STEP: Final = 1000.0  # ms; for depolarisation block and trains
CURRENTS: Final = tuple(0.05 * k for k in range(1, 33))  # nA, of the long steps
TRAIN: Final = 15  # spikes in the long step whose back-propagation is measured
TRUNK: Final = (50.0, 150.0, 250.0, 350.0)  # um, where
TRUNK_TOLERANCE: Final = 20.0
EPSP_DISTANCES: Final = (100.0, 200.0, 300.0)  # um
EPSP_TOLERANCE: Final = 50.0
EPSC: Final = 0.03  # nA
EPSC_TIMES: Final = (0.1, 3.0)  # ms, rise and decay
OBLIQUE_TIMES: Final = (0.1, 2.0)  # ms
OBLIQUE_NMDA: Final = 0.5  # of the AMPA conductance
OBLIQUE_ORIGIN: Final = 150.0  # um from the soma at most
OBLIQUE_PLACES: Final = (("proximal", 5.0, 50.0), ("distal", 60.0, 126.0))  # um from its origin
OBLIQUES: Final = 4
SYNCHRONOUS: Final = 0.3  # ms between inputs
ASYNCHRONOUS: Final = 2.0
THRESHOLD_INPUTS: Final = 5
MOST_INPUTS: Final = 7
WEIGHTS: Final = (2e-5, 0.02)  # uS


@dataclass(slots=True)
class Measurements:
    """Measures by name, and curves (x, y) by name for the figure."""

    values: dict[str, float] = field(default_factory=dict)
    curves: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)


def measure(bench: Bench, *, progress: Callable[[str], None] = lambda _: None) -> Measurements:
    """Make every experiment on a cell.

    Parameters
    ----------
    bench : Bench
        The cell.
    progress : callable
        Told the name of each experiment before it begins.

    Returns
    -------
    Measurements
        NaN where a cell does not do what would be measured, as never to reach a block.
    """
    found = Measurements()
    experiments: tuple[tuple[str, Callable[[Bench, Measurements], None]], ...] = (
        ("small steps", small_steps),
        ("spikes", spikes),
        ("long steps", long_steps),
        ("back-propagation", back_propagation),
        ("EPSP attenuation", epsp_attenuation),
        ("oblique dendrites", oblique_integration),
        ("steady attenuation", steady_attenuation),
    )
    for name, experiment in experiments:
        progress(name)
        experiment(bench, found)
    return found


def small_steps(bench: Bench, found: Measurements) -> None:
    """Rest, input resistance, sag and time constant from small hyperpolarising steps."""
    found.values["rest"] = bench.rest
    for current in (-0.05, -0.1, -0.15, -0.2, -0.25):
        t, v = _soma(bench, current, STEP)
        response = deflection(t, v, SETTLED, STEP)
        found.curves[f"step {current:g}"] = (t - SETTLED, v)
        if current == -0.05:
            found.values["input_resistance"] = response.steady / 0.05
            found.values["time_constant"] = response.tau
        if current == -0.1:
            found.values["sag"] = response.sag


def spikes(bench: Bench, found: Measurements) -> None:
    """Count and shape of the spikes during steps of 300 ms."""
    for current in (0.1, 0.15, 0.2, 0.25):
        t, v = _soma(bench, current, STEP)
        times = spike_times(t, v)
        found.curves[f"step {current:g}"] = (t - SETTLED, v)
        found.values[f"spikes_{1e3 * current:.0f}_pA"] = float(len(times))
        if current == 0.2:
            shapes = [spike_shape(t, v, time) for time in times[1:]] or [Spike(NAN, NAN, NAN)]
            names = ("threshold", "spike_amplitude", "half_width")
            found.values |= dict(zip(names, np.mean(shapes, axis=0).tolist(), strict=True))
            found.values["trough"] = trough(t, v, times)
            found.values["first_spike"] = times[0] - SETTLED if len(times) else NAN


def long_steps(
    bench: Bench,
    found: Measurements,
    *,
    currents: tuple[float, ...] = CURRENTS,
    duration: float = LONG_STEP,
) -> None:
    """F-I curve of long steps (nA, ms), rheobase, and the depolarisation block it ends in."""
    counts: list[int] = []
    plateau = NAN
    blocked = 0
    for current in currents:
        t, v = _soma(bench, current, duration)
        times = spike_times(t, v)
        counts.append(len(times))
        last = (t >= SETTLED + duration - 100.0) & (t <= SETTLED + duration)
        silent = max(counts) > 0 and not np.any(times > SETTLED + duration - 100.0)
        if silent and counts[-1] < max(counts):
            plateau = float(v[last].mean())
            blocked = len(counts) - 1
            found.curves["block"] = (t - SETTLED, v)
            break
    firing = np.flatnonzero(counts)
    rates = np.array(counts) / (1e-3 * duration)
    found.curves["f-I"] = (np.array(currents[: len(counts)]), rates)
    found.values["rheobase"] = currents[firing[0]] if len(firing) else NAN
    found.values["block_most_spikes"] = currents[np.argmax(counts)] if blocked else NAN
    found.values["block_onset"] = currents[blocked - 1] if blocked else NAN
    found.values["block_plateau"] = plateau


def back_propagation(bench: Bench, found: Measurements) -> None:
    """Height of the first and last spike of a train along the apical trunk."""
    low, high = _bracket(*found.curves["f-I"])
    places = {f"{distance:g}": list(_near(bench, distance, TRUNK_TOLERANCE)) for distance in TRUNK}
    flat = {f"{d} {k}": seg for d, segs in places.items() for k, (_, seg) in enumerate(segs)}
    for _ in range(5):
        current = (low + high) / 2
        traces = bench.run(
            SETTLED + LONG_STEP,
            {"soma": bench.cell.soma(0.5)} | flat,
            step=Step(current, SETTLED, LONG_STEP),
        )
        times = spike_times(traces["t"], traces["soma"])
        if abs(len(times) - TRAIN) <= 2:
            break
        low, high = (current, high) if len(times) < TRAIN else (low, current)
    for which, index in (("first", 0), ("last", -1)):
        heights = {}
        for distance, segs in places.items():
            every = [
                _height(traces["t"], traces[f"{distance} {k}"], times, index)
                for k in range(len(segs))
            ]
            heights[distance] = float(np.mean(every)) if every else NAN
            found.values[f"bap_{which}_{distance}"] = heights[distance]
        along = np.array([float(distance) for distance in heights])
        found.curves[f"bAP {which}"] = (along, np.array(list(heights.values())))


def epsp_attenuation(bench: Bench, found: Measurements) -> None:
    """EPSP at the soma over that in the trunk, for a conductance that makes an EPSC of 30 pA."""
    distances, ratios = [], []
    for centre in EPSP_DISTANCES:
        near = list(_near(bench, centre, EPSP_TOLERANCE))
        chosen = near[:: max(1, len(near) // 5)]
        inside = []
        for distance, seg in chosen:
            synapse = bench.cluster(seg, rise=EPSC_TIMES[0], decay=EPSC_TIMES[1])
            inside.append((distance, seg, synapse))
        here = []
        for distance, seg, synapse in inside:
            weight = EPSC / abs(bench.run(0.1, {"dendrite": seg})["dendrite"][0])
            traces = bench.run(
                60.0,
                {"soma": bench.cell.soma(0.5), "dendrite": seg},
                events=synapse.arrivals(1, weight, at=SETTLED),
            )
            soma, dendrite = (np.ptp(traces[name]) for name in ("soma", "dendrite"))
            here.append(soma / dendrite)
            distances.append(distance)
        ratios.extend(here)
        found.values[f"epsp_attenuation_{centre:g}"] = float(np.mean(here)) if here else NAN
    found.curves["EPSP attenuation"] = (np.array(distances), np.array(ratios))


def oblique_integration(bench: Bench, found: Measurements, *, obliques: int = OBLIQUES) -> None:
    """Supralinear summation of inputs on one oblique, scaled to spike with five, not with four."""
    clusters = [
        (
            where,
            bench.cluster(
                seg,
                MOST_INPUTS,
                rise=OBLIQUE_TIMES[0],
                decay=OBLIQUE_TIMES[1],
                nmda=OBLIQUE_NMDA,
            ),
        )
        for where, seg in _obliques(bench, obliques)
    ]
    rows: list[tuple[str, dict[str, float]]] = []
    for where, cluster in clusters:
        row = _supralinearity(bench, cluster, found)
        if row is not None:
            rows.append((where, row))
    names = ("threshold", "amplitude", "nonlinearity", "above", "rate", "time_to_peak", "spread")
    for name in names:
        values = [row[name] for _, row in rows]
        found.values[f"oblique_{name}"] = float(np.mean(values)) if values else NAN
    for where, *_ in OBLIQUE_PLACES:
        values = [row["threshold"] for at, row in rows if at == where]
        found.values[f"oblique_threshold_{where}"] = float(np.mean(values)) if values else NAN
    found.values["oblique_spiking"] = len(rows) / len(clusters) if clusters else NAN


def steady_attenuation(bench: Bench, found: Measurements) -> None:
    """Distance along the trunk where a steady somatic deflection has halved; then without Ih.

    Where the trunk ends before that, the fall is continued exponentially. It leaves the cell as it
    found it.
    """
    found.values["half_distance"] = _half_distance(bench)
    channels = [seg.ca1ih for sec in bench.cell.sections() for seg in sec if hasattr(seg, "ca1ih")]
    kept = [channel.gbar for channel in channels]
    for channel in channels:
        channel.gbar = 0.0
    bench.changed()
    found.values["half_distance_no_ih"] = _half_distance(bench)
    for channel, gbar in zip(channels, kept, strict=True):
        channel.gbar = gbar
    bench.changed()


def _soma(bench: Bench, current: float, duration: float) -> tuple[Floats, Floats]:
    """Return times (ms) and somatic potential (mV) during a step (nA, ms) that starts late."""
    traces = bench.run(
        SETTLED + duration + 50.0,
        {"soma": bench.cell.soma(0.5)},
        step=Step(current, SETTLED, duration),
    )
    return traces["t"], traces["soma"]


def _trunk(bench: Bench) -> Iterator[tuple[float, Any]]:
    """Yield distance (um) and segment along the apical trunk."""
    sections = bench.cell.morphology.sections
    for index in bench.cell.morphology.trunk():
        for seg in bench.cell.section(index):
            yield sections[index].path_distance_at(seg.x), seg


def _near(bench: Bench, distance: float, tolerance: float) -> Iterator[tuple[float, Any]]:
    for at, seg in _trunk(bench):
        if abs(at - distance) < tolerance:
            yield at, seg


def _bracket(currents: Floats, rates: Floats) -> tuple[float, float]:
    """Return the currents (nA) of the long steps between which the train's rate (Hz) lies."""
    enough = np.flatnonzero(rates >= TRAIN / (1e-3 * LONG_STEP))
    k = int(enough[0]) if len(enough) else int(np.argmax(rates))
    return float(currents[max(k - 1, 0)]), float(currents[k])


def _height(t: Floats, v: Floats, times: Floats, index: int) -> float:
    """Return the height (mV) of a spike above the potential a millisecond before the soma's."""
    if not len(times):
        return NAN
    time = times[index]
    following = times[1] - 2.0 if index == 0 and len(times) > 1 else np.inf
    during = (t >= time - 1.0) & (t <= min(time + 10.0, following))
    return float(v[during].max() - v[during][0])


def _obliques(bench: Bench, count: int) -> list[tuple[str, Any]]:
    """Return a proximal and a distal place on unbranched obliques that leave near the soma."""
    morphology = bench.cell.morphology
    trunk = set(morphology.trunk())
    parents = {section.parent for section in morphology.sections}
    chosen = [
        k
        for k, section in enumerate(morphology.sections)
        if section.kind == "apical"
        and k not in trunk | parents
        and section.path_distance < OBLIQUE_ORIGIN
        and section.length > OBLIQUE_PLACES[1][1]
    ]
    places = []
    for k in chosen[:: max(1, len(chosen) // count)][:count]:
        sec = bench.cell.section(k)
        for where, start, stop in OBLIQUE_PLACES:
            middle = (start + min(stop, sec.L)) / 2
            places.append((where, sec(middle / sec.L)))
    return places


def _supralinearity(bench: Bench, cluster: Cluster, found: Measurements) -> dict[str, float] | None:
    """Return the measures of one place, or None where five inputs cannot be made the threshold."""
    weight = _weight_for_threshold(bench, cluster)
    if weight is None:
        return None
    soma = {}
    for count in (1, THRESHOLD_INPUTS, THRESHOLD_INPUTS + 1):
        t, soma[count], _ = _inputs(bench, cluster, count, weight, SYNCHRONOUS)
    _, spread, _ = _inputs(bench, cluster, THRESHOLD_INPUTS, weight, ASYNCHRONOUS)
    if spike_times(t, soma[THRESHOLD_INPUTS]).size:
        return None
    unit, at, above = (v.max() - v[0] for v in soma.values())
    five = soma[THRESHOLD_INPUTS]
    found.curves.setdefault("oblique", (t - SETTLED, five))
    expected = THRESHOLD_INPUTS * unit
    return {
        "threshold": expected,
        "amplitude": at,
        "nonlinearity": 100 * at / expected,
        "above": 100 * above / (expected + unit),
        "rate": float(np.gradient(five, t).max()),
        "time_to_peak": float(t[np.argmax(five)] - SETTLED),
        "spread": 100 * float(spread.max() - spread[0]) / expected,
    }


def _weight_for_threshold(bench: Bench, cluster: Cluster) -> float | None:
    """Return the AMPA conductance (uS) with which five inputs spike locally and four do not."""
    low, high = WEIGHTS
    while high / low > 1.02:
        weight = float(np.sqrt(low * high))
        spiking = [
            len(spike_times(*_inputs(bench, cluster, count, weight, SYNCHRONOUS)[::2])) > 0
            for count in (THRESHOLD_INPUTS - 1, THRESHOLD_INPUTS)
        ]
        if spiking == [False, True]:
            return weight
        low, high = (low, weight) if spiking[0] else (weight, high)
    return None


def _inputs(
    bench: Bench, cluster: Cluster, count: int, weight: float, interval: float
) -> tuple[Floats, Floats, Floats]:
    """Return times (ms), somatic and local potential (mV) for some inputs."""
    traces = bench.run(
        SETTLED + 60.0,
        {"soma": bench.cell.soma(0.5), "dendrite": cluster.place},
        events=cluster.arrivals(count, weight, at=SETTLED, interval=interval),
    )
    return traces["t"], traces["soma"], traces["dendrite"]


def _half_distance(bench: Bench) -> float:
    along: Sequence[tuple[float, Any]] = list(_trunk(bench))
    places = {str(k): seg for k, (_, seg) in enumerate(along)} | {"soma": bench.cell.soma(0.5)}
    traces = bench.run(SETTLED + 1000.0, places, step=Step(-0.05, SETTLED, 1000.0), every=1.0)
    fall = {name: v[0] - v[-1] for name, v in traces.items() if name != "t"}
    ratio = np.array([fall[str(k)] for k in range(len(along))]) / fall["soma"]
    below = np.flatnonzero(ratio < 0.5)
    if not len(below):  # the trunk ends before: go on as steeply as it came from the soma
        end = int(np.argmin(ratio))
        return float(along[end][0] * np.log(0.5) / np.log(min(ratio[end], 0.99)))
    if below[0] == 0:
        return NAN
    k = below[0]
    return float(np.interp(0.5, ratio[[k, k - 1]], [along[k][0], along[k - 1][0]]))
