"""Measures of the calcium and the electricity of spines, as recordings define them.

`measure_spines` needs spines on a `SpineBench`; it takes seconds. Each kind of experiment has a
function of its own, which returns one value for each spine by the names of ``spine_targets.toml``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.spine_bench import SAMPLE, SpineBench, Traces
from ca1ltd.model.drugs import drug
from ca1ltd.units import mM, ms, mV, pA, s

ONSET: Final = 1.0 * ms
"""When the first event comes."""
FOLLOWED: Final = 150 * ms
APART: Final = (10.0, -10.0, 50.0)  # ms, from the quantum to the spike's current
UNCAGED: Final = 3
"""Quanta that uncaged glutamate stands for: it evokes somatic EPSPs of .5 to 1 mV (recollected)."""
NBQX: Final = 0.15  # uM: half as large are EPSPs in slices
NMDA_AFTER: Final = 50 * ms  # of +40 mV: the AMPA current is over
TETANUS: Final = (100.0, 100)  # Hz, pulses
RUNDOWN: Final = (0.2, 10)  # Hz, quanta
RUNDOWN_SPINES: Final = 4  # of which it is measured: it hardly differs, and takes long
MG: Final = 1.0 * mM  # in which block is measured
UNBLOCKING: Final = (-60.0, 40.0)  # mV, from and to
UNBLOCKED_AFTER: Final = 20 * ms  # of the quantum
FAST: Final = 1.0 * ms  # of unblock: it is over by then
LEAST_SLOW: Final = 0.05  # of unblock: with less there is no slow part


@dataclass(slots=True)
class SpineMeasurements:
    """Values of each spine by measure, shape ``(n_spines,)`` or ``(1,)``; curves (x, y) by name."""

    values: dict[str, Floats] = field(default_factory=dict)
    curves: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)


def measure_spines(
    bench: SpineBench, *, progress: Callable[[str], None] = lambda _: None
) -> SpineMeasurements:
    """Make every experiment on the spines of a bench.

    Parameters
    ----------
    bench : SpineBench
        The spines.
    progress : callable
        Told the name of each experiment before it begins.
    """
    found = SpineMeasurements()
    experiments: tuple[tuple[str, Callable[[SpineBench, SpineMeasurements], None]], ...] = (
        ("quanta and spikes", quanta_and_spikes),
        ("pairing", pairing),
        ("drugs", drugs),
        ("receptors", receptors),
        ("depolarised soma", depolarised),
        ("synaptic currents", currents),
        ("trains", trains),
        ("magnesium", magnesium),
    )
    for name, experiment in experiments:
        progress(name)
        experiment(bench, found)
    return found


def quanta_and_spikes(bench: SpineBench, found: SpineMeasurements) -> None:
    """Calcium of a quantum and of a spike, and the potentials of a quantum."""
    quanta, spikes = _quanta(bench), _spikes(bench)
    head, dendrite, soma = (
        np.array([getattr(each, place).max() - getattr(each, place)[0] for each in quanta])
        for place in ("head", "dendrite", "soma")
    )
    found.values |= {
        "release_calcium": _rise(quanta),
        "spike_calcium": _rise(spikes),
        "spike_decay": np.array([_decay(each) for each in spikes]),
        "head_epsp": head,
        "soma_epsp": soma,
        "head_over_dendrite": head / dendrite,
    }
    _keep(found, "quantum", quanta)
    _keep(found, "spike", spikes)


def pairing(bench: SpineBench, found: SpineMeasurements) -> None:
    """Calcium of a quantum with a spike, over the sum of both alone."""
    quanta, spikes = _quanta(bench), _spikes(bench)
    for apart in APART:
        first = ONSET + max(-apart, 0.0)
        pairs = [
            bench.record(axon, quanta=[first], spikes=[first + apart], lasts=FOLLOWED + abs(apart))
            for axon in bench.axons
        ]
        rows = zip(pairs, quanta, spikes, strict=True)
        found.values[_pair(apart)] = np.array([_summation(*row, first, apart) for row in rows])
        _keep(found, _pair(apart), pairs)


def drugs(bench: SpineBench, found: SpineMeasurements) -> None:
    """Calcium and somatic EPSP of uncaged glutamate with antagonists, of those without (%)."""
    control = _quanta(bench, UNCAGED)
    _keep(found, "uncaged", control)
    for name in ("D-AP5", "SNX-482", "apamin"):
        with bench.treated(drug(name)):
            treated = _quanta(bench, UNCAGED)
        key = name.lower().replace("-", "")
        found.values[f"{key}_calcium"] = 100 * _rise(treated) / _rise(control)
        found.values[f"{key}_epsp"] = 100 * _epsp(treated) / _epsp(control)
        _keep(found, key, treated)


def receptors(bench: SpineBench, found: SpineMeasurements) -> None:
    """Somatic EPSP of a quantum with some AMPA receptors blocked, of that without (%)."""
    control = _quanta(bench)
    with bench.treated(drug("NBQX", NBQX)):
        found.values["nbqx_epsp"] = 100 * _epsp(_quanta(bench)) / _epsp(control)


def depolarised(bench: SpineBench, found: SpineMeasurements) -> None:
    """Calcium of a quantum with the soma held, caesium in the pipette."""
    for potential, name in ((0.0, "0"), (-40.0, "minus_40")):
        with bench.held(potential):
            quanta = _quanta(bench)
        found.values[f"calcium_at_{name}"] = _rise(quanta)
        _keep(found, f"at {name}", quanta)


def currents(bench: SpineBench, found: SpineMeasurements) -> None:
    """NMDA over AMPA current at the soma, and the current of synapses without AMPA receptors."""
    inward = _somatic(bench, -70 * mV)
    outward = _somatic(bench, 40 * mV)
    late = outward[:, _index(ONSET + NMDA_AFTER)]
    found.values["nmda_over_ampa"] = late / -inward.min(axis=1)
    with bench.changed(**{"ca1ampa.antagonist": 1.0}):
        found.values["silent_at_minus_60"] = -_somatic(bench, -60 * mV).min(axis=1) / pA
        found.values["silent_at_40"] = _somatic(bench, 40 * mV).max(axis=1) / pA


def trains(bench: SpineBench, found: SpineMeasurements) -> None:
    """Calcium in a tetanus; what is left of the NMDA current after quanta without magnesium."""
    rate, pulses = TETANUS
    found.values["tetanus_calcium"] = bench.train("conditioned", rate=rate, pulses=pulses)
    rate, count = RUNDOWN
    last = ONSET + (count - 1) * s / rate
    times = ONSET + np.arange(count) * s / rate
    left = []
    with (
        bench.changed(**{"ca1nmda.mg_o": 0.0, "ca1ampa.antagonist": 1.0}),
        bench.held(-60 * mV),
    ):
        for axon in bench.axons[:RUNDOWN_SPINES]:
            t, current = bench.current(axon, quanta=times.tolist(), lasts=last + FOLLOWED)
            sizes = [current[(t >= at) & (t < at + FOLLOWED)].min() for at in (times[0], times[-1])]
            left.append(100 * sizes[1] / sizes[0])
    found.values["rundown"] = np.array(left)


def magnesium(bench: SpineBench, found: SpineMeasurements) -> None:
    """Steady block of NMDA receptors in 1 mM magnesium, and how they are unblocked."""
    with bench.changed(**{"ca1nmda.mg_o": MG}):
        for potential, name in ((-60.0, "minus_60"), (-20.0, "minus_20")):
            _, blocked = bench.conductance(potential, potential, step=50, lasts=60)
            with bench.changed(**{"ca1nmda.mg_o": 0.0}):
                _, free = bench.conductance(potential, potential, step=50, lasts=60)
            found.values[f"unblocked_at_{name}"] = np.array([100 * blocked.max() / free.max()])
        times, stepped = bench.conductance(*UNBLOCKING, step=UNBLOCKED_AFTER, lasts=120)
        _, always = bench.conductance(UNBLOCKING[1], UNBLOCKING[1], step=50, lasts=120)
    after = times >= UNBLOCKED_AFTER
    share = stepped[after] / always[after]
    blocked = stepped[~after][-1] / always[~after][-1]
    unblocked = (share - blocked) / (share[-1] - blocked)
    slow = 1 - float(np.interp(FAST, times[after] - UNBLOCKED_AFTER, unblocked))
    found.values["slow_unblock"] = np.array([100 * slow])
    found.values["slow_unblock_time"] = np.array(
        [_slow_time(times[after] - UNBLOCKED_AFTER, 1 - unblocked, slow)]
    )
    found.curves["unblock"] = (times[after] - UNBLOCKED_AFTER, 100 * unblocked)


def _quanta(bench: SpineBench, count: int = 1) -> list[Traces]:
    """Return what each spine does with so many quanta at once."""
    return [bench.record(axon, quanta=[ONSET] * count, lasts=FOLLOWED) for axon in bench.axons]


def _spikes(bench: SpineBench) -> list[Traces]:
    return [bench.record(axon, spikes=[ONSET], lasts=FOLLOWED) for axon in bench.axons]


def _somatic(bench: SpineBench, potential: float) -> Floats:
    """Return the current (nA) that a quantum adds to that of the clamp, shape ``(n, n_times)``."""
    with bench.held(potential):
        return np.array(
            [bench.current(axon, quanta=[ONSET], lasts=FOLLOWED)[1] for axon in bench.axons]
        )


def _rise(traces: Sequence[Traces]) -> Floats:
    return np.array([each.calcium.max() - each.calcium[0] for each in traces])


def _epsp(traces: Sequence[Traces]) -> Floats:
    return np.array([each.soma.max() - each.soma[0] for each in traces])


def _decay(traces: Traces) -> float:
    """Return the time from the peak of calcium to 1/e of it (ms)."""
    above = traces.calcium - traces.calcium[0]
    top = int(above.argmax())
    below = np.flatnonzero(above[top:] <= above[top] / np.e)
    return float(below[0] * (traces.t[1] - traces.t[0])) if below.size else float("nan")


def _summation(pair: Traces, quantum: Traces, spike: Traces, first: float, apart: float) -> float:
    """Return the peak of calcium after the second event (%), of the sum of both alone."""
    second = max(first, first + apart)
    alone = _moved(quantum, pair.t, first) + _moved(spike, pair.t, first + apart)
    after = pair.t >= second
    return float(100 * (pair.calcium - pair.calcium[0])[after].max() / alone[after].max())


def _moved(traces: Traces, t: Floats, to: float) -> Floats:
    """Return calcium above rest (uM) as it would be had its event come at another time."""
    above = traces.calcium - traces.calcium[0]
    moved: Floats = np.interp(t - to + ONSET, traces.t, above)
    return moved


def _slow_time(t: Floats, blocked: Floats, slow: float) -> float:
    """Return how long what is slow takes to fall to 1/e (ms); NaN if nothing is."""
    below = np.flatnonzero((t > FAST) & (blocked <= slow * np.exp(-1.0)))
    return float(t[below[0]] - FAST) if slow > LEAST_SLOW and below.size else float("nan")


def _pair(apart: float) -> str:
    return f"pair_{'after' if apart > 0 else 'before'}_{abs(apart):.0f}"


def _index(time: float) -> int:
    return round(time / SAMPLE)


def _keep(found: SpineMeasurements, name: str, traces: Sequence[Traces]) -> None:
    """Keep what the spine in the middle of the list does."""
    one = traces[len(traces) // 2]
    for what in ("calcium", "head", "dendrite", "soma"):
        found.curves[f"{name} {what}"] = (one.t, getattr(one, what))
