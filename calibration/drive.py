"""Record, on the reconstructed cell, the calcium that drives the cascade in `cascade.py`.

    python -m calibration.drive --out drive.npz        # some minutes on one core

Written, for each drive of the table below, is the calcium (uM) of the spines of the conditioned
pathway under the default stochastic release, mean of every 5 ms, as an array
(n_events, n_times, n_spines). An event is a pulse with what follows within a second, or a whole
train. `cascade.py` makes inductions of them.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from neuron import n

from ca1ltd.engine import session
from ca1ltd.engine.integrators import Efficient
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.spine_bench import POTASSIUM_CHANNELS
from ca1ltd.model.conditions import Conditions
from ca1ltd.protocols import Pulse

SAMPLE = 5.0  # ms
SECOND = 1000.0
LEAD = 50.0  # ms of an event before its pulse
SERIES_RESISTANCE = 10.0  # MOhm
PULSE = Pulse(0.0, ("conditioned",), "induction")


@dataclass(frozen=True)
class Drive:
    """Pulses (ms) and steps of current (from, length (ms), nA) of one event, given `events` times.

    `every` is the length of an event (ms). What is recorded in several slices is so in as many
    spines of each that the number of spines stays the same.
    """

    events: int
    every: float
    pulses: tuple[float, ...] = (LEAD,)
    steps: tuple[tuple[float, float, float], ...] = ()
    holding: float | None = None
    blocked: dict[tuple[str, str], float] = field(default_factory=dict)
    conditions: Conditions = Conditions()  # noqa: RUF009 - frozen
    slices: int = 1


def _train(rate: float, pulses: int) -> tuple[float, ...]:
    return tuple(LEAD + k * 1000.0 / rate for k in range(pulses))


def _spikes(delay: float, spikes: int = 1) -> tuple[tuple[float, float, float], ...]:
    return tuple((LEAD + delay + k * 10.0, 2.0, 3.0) for k in range(spikes))


def _warm(age: float) -> Conditions:
    """The slices of Dudek & Bear 1992 and 1993."""
    return Conditions(age=age, temperature=35, mg_o=1.5)


def _tetanus(**others: Any) -> Drive:
    """A second of 100 Hz."""
    return Drive(
        events=1,
        every=2 * SECOND,
        pulses=_train(100.0, 100),
        slices=4,
        **others,
    )


def _at_5hz(pulses: Sequence[float], spikes: Sequence[float], **others: Any) -> Drive:
    """Pulses and spikes at some times (ms) after each of 100 ticks of 5 Hz."""
    ticks = _train(5.0, 100)
    return Drive(
        events=1,
        every=20 * SECOND,
        pulses=tuple(tick + at for tick in ticks for at in pulses),
        steps=tuple((tick + at, 2.0, 3.0) for tick in ticks for at in spikes),
        **others,
    )


P55 = Conditions(age=55, temperature=35)  # as Tigaret et al. 2016
LOW, HIGH = Conditions(ca_o=1.3, mg_o=0.867), Conditions(ca_o=3.0, mg_o=2.0)
LOWISH = Conditions(ca_o=1.8, mg_o=1.2)
THETA = tuple(LEAD + burst * 200.0 + k * 10.0 for burst in range(10) for k in range(4))
RO = {("ca1nmda", "antagonist_2b"): 0.9, ("ca1nmda", "antagonist_tri"): 0.25}
CAESIUM = {(channel, "block"): 0.99 for channel in POTASSIUM_CHANNELS}

DRIVES = {
    "pulse": Drive(events=120, every=SECOND, slices=4),
    "pulse_ro": Drive(events=60, every=SECOND, blocked=RO, slices=4),
    "5hz": Drive(events=1, every=30 * SECOND, pulses=_train(5.0, 150), slices=2),
    "3hz": Drive(events=1, every=30 * SECOND, pulses=_train(3.0, 90), slices=2),
    "10hz": Drive(events=1, every=90 * SECOND, pulses=_train(10.0, 900), slices=2),
    "50hz": Drive(events=1, every=18 * SECOND, pulses=_train(50.0, 900)),
    "hfs": _tetanus(),
    "hfs_ro": _tetanus(blocked=RO),
    "tbs": Drive(events=1, every=3 * SECOND, pulses=THETA, slices=4),
    "burst": Drive(events=1, every=SECOND, pulses=THETA[:4], slices=4),
    "post": Drive(events=12, every=SECOND, pulses=(), steps=_spikes(0)),
    "pre_post": Drive(events=60, every=SECOND, steps=_spikes(10)),
    "post_pre": Drive(events=60, every=SECOND, steps=_spikes(-25)),
    "pre_post_5hz": _at_5hz(pulses=(0,), spikes=(10,)),
    "pre_2post_5hz": _at_5hz(pulses=(0,), spikes=(10, 20)),
    "pulse_p9": Drive(events=60, every=SECOND, conditions=_warm(9), slices=4),
    "pulse_p15": Drive(events=60, every=SECOND, conditions=_warm(15), slices=4),
    "pulse_p35": Drive(events=60, every=SECOND, conditions=_warm(35), slices=4),
    "10hz_p35": Drive(
        events=1, every=90 * SECOND, pulses=_train(10.0, 900), conditions=_warm(35), slices=2
    ),
    "pulse_p60_35": Drive(events=60, every=SECOND, conditions=_warm(60), slices=4),
    "pulse_p60": Drive(events=60, every=SECOND, conditions=Conditions(age=60), slices=4),
    "tbs_p60": Drive(events=1, every=3 * SECOND, pulses=THETA, conditions=_warm(60)),
    "pre_post_1.3mm": Drive(events=40, every=SECOND, steps=_spikes(10), conditions=LOW),
    "post_pre_1.3mm": Drive(events=40, every=SECOND, steps=_spikes(-25), conditions=LOW),
    "pre_2post_1.8mm": Drive(events=40, every=SECOND, steps=_spikes(10, 2), conditions=LOWISH),
    "pre_post_3mm": Drive(events=40, every=SECOND, steps=_spikes(10), conditions=HIGH),
    "post_pre_3mm": Drive(events=40, every=SECOND, steps=_spikes(-25), conditions=HIGH),
    "hfs_p60": _tetanus(conditions=Conditions(age=60)),
    "pre_post_5hz_p55": _at_5hz(pulses=(0,), spikes=(10,), conditions=P55),
    "pre_2post_5hz_p55": _at_5hz(pulses=(0,), spikes=(10, 20), conditions=P55),
    "2post_pre_5hz_p55": _at_5hz(pulses=(20,), spikes=(0, 10), conditions=P55),
    "2pre_5hz_p55": _at_5hz(pulses=(0, 10), spikes=(), conditions=P55),
    "2post_5hz_p55": _at_5hz(pulses=(), spikes=(10, 20), conditions=P55),
    "paired_0mv": Drive(events=40, every=SECOND, holding=0.0, blocked=CAESIUM),
    "paired_m40mv": Drive(events=40, every=SECOND, holding=-40.0, blocked=CAESIUM),
    "held_0mv": Drive(events=1, every=SECOND, pulses=(), holding=0.0, blocked=CAESIUM),
    "held_m90mv": Drive(events=40, every=SECOND, holding=-90.0),
    "paired_current": Drive(events=40, every=SECOND, steps=((LEAD - 10, 100.0, 1.5),)),
}


def record(
    drive: Drive, cell: str, seed: int, changed: Mapping[str, float] = MappingProxyType({})
) -> np.ndarray:
    """Calcium (uM) of the conditioned spines, shape (n_events, n_times, n_spines)."""
    slices = [
        _record(drive, cell, seed, index, changed)[:, :, index :: drive.slices]
        for index in range(drive.slices)
    ]
    return np.concatenate(slices, axis=2)


def _record(
    drive: Drive, cell: str, seed: int, index: int, changed: Mapping[str, float]
) -> np.ndarray:
    values = {**drive.conditions.parameters(), **changed}
    rig = Rig(cell=cell, seed=seed, index=index, synapses=60, changed=values, pulses=[PULSE])
    clamp = n.SEClamp(rig.cell.soma(0.5))
    clamp.rs, clamp.dur1 = SERIES_RESISTANCE, 0.0
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        spines = [rig.synapses[int(axon)] for axon in rig.pathways["conditioned"]]
        tapes = [Tape(synapse.spine.head(0.5)._ref_cai) for synapse in spines]
        integrator = Efficient(cvode)
        integrator.find_rest()
        for tape in tapes:
            tape.erase()
            integrator.watch(tape)
        for (mechanism, name), value in drive.blocked.items():
            _set(rig, mechanism, name, value)
        if drive.holding is not None:
            clamp.amp1, clamp.dur1 = drive.holding, 1e12
            integrator.current_changed()
            if drive.pulses:  # what has none is the step itself
                integrator.advance(SECOND)
        start = n.t
        for at, kind, value in _agenda(drive):
            integrator.advance(start + at)
            if kind == "pulse":
                pulse = Pulse(start + at, ("conditioned",), "induction")
                integrator.pulse(rig.stimulate(pulse))
            else:
                rig.electrode.inject(value)
                integrator.current_changed()
        stop = drive.events * drive.every
        integrator.advance(start + stop)
        edges = start + np.arange(0, stop + SAMPLE / 2, SAMPLE)
        calcium = np.array([tape.means(edges) for tape in tapes], dtype=np.float32).T * 1e3
    return calcium.reshape(drive.events, -1, len(spines))


def _set(rig: Rig, mechanism: str, name: str, value: float) -> None:
    rig.set_everywhere(mechanism, name, value)
    for section in n.allsec():
        for segment in section:
            if hasattr(segment, mechanism):
                setattr(getattr(segment, mechanism), name, value)


def _agenda(drive: Drive) -> Sequence[tuple[float, str, float]]:
    items = []
    for event in range(drive.events):
        zero = event * drive.every
        items += [(zero + at, "pulse", 0.0) for at in drive.pulses]
        for at, length, current in drive.steps:
            items += [(zero + at, "current", current), (zero + at + length, "current", 0.0)]
    return sorted(items)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="drive.npz")
    parser.add_argument("--cell", default="dhc")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=list(DRIVES), help="some of the drives")
    given = parser.parse_args()
    recorded = dict(np.load(given.out)) if Path(given.out).exists() else {}
    for name in given.only:
        drive = DRIVES[name]
        recorded[name] = record(drive, given.cell, given.seed)
        peaks = recorded[name].max(axis=1)
        print(
            f"{name:15s} {peaks.shape} peak per event: median {np.median(peaks):.2f} uM, "
            f"95 % {np.percentile(peaks, 95):.2f}",
            flush=True,
        )
    np.savez_compressed(given.out, **recorded)
