"""Record, on the reconstructed cell, the calcium that drives the cascade in `cascade.py`.

    python calibration/drive.py --out drive.npz        # a few minutes on one core

Written, for the spines of the conditioned pathway unless said otherwise, under the default
stochastic release:

    shape            time course of the calcium of one release, peak 1, every ms
    lfs_onset, lfs_spine, lfs_peak      releases of 300 pulses at 1 Hz (ms, number, uM above rest)
    test_onset, test_spine, test_peak   releases of 120 test pulses to the control pathway
    ca10, ca100      calcium (uM) during 10 s of 10 Hz and during 100 pulses at 100 Hz, every 2 ms
"""

import argparse

import numpy as np

from ca1ltd import protocols
from ca1ltd.engine import session
from ca1ltd.engine.integrators import Efficient
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate

MINUTE = 60_000.0  # the baseline before the train


def rig() -> Rig:
    return Rig(cell="dhc", seed=11, index=0, synapses=60, changed={})


def releases(protocol: dict[str, object], pathway: str) -> tuple[np.ndarray, ...]:
    """Releases (onset, spine, peak above rest) of the pulses of a protocol to a pathway."""
    slice_ = rig()
    recording = simulate(slice_, protocols.from_dict(protocol), [])
    members = np.searchsorted(recording.axons, slice_.pathways[pathway])
    table = recording.releases
    table = table[table["synapse"].isin(members)]
    rest = recording.states["spine_ca_uM"][0]
    spine = np.searchsorted(members, table["synapse"])
    peak = (table["peak_uM"] - rest[table["synapse"]]).to_numpy()
    return table["onset"].to_numpy(), spine, peak


def traces(rate: float, pulses: int, stop: float, sample: float) -> np.ndarray:
    """Calcium (uM) of the conditioned spines during a train from rest, (n_times, n_spines)."""
    slice_ = rig()
    with session.settings(celsius=slice_.celsius, atol=session.ATOL) as cvode:
        spines = [slice_.synapses[int(axon)] for axon in slice_.pathways["conditioned"]]
        tapes = [Tape(synapse.spine.head(0.5)._ref_cai) for synapse in spines]
        integrator = Efficient(cvode)
        integrator.find_rest()
        for tape in tapes:
            tape.erase()
            integrator.watch(tape)
        grid = np.arange(0, stop, sample)
        for k in range(pulses):
            integrator.advance(k * 1000.0 / rate)
            integrator.pulse(slice_.stimulate("conditioned", k * 1000.0 / rate))
        integrator.advance(stop)
        columns = []
        for tape in tapes:
            times, values = tape.window(0.0, stop)
            columns.append(np.interp(grid, times, values) * 1e3)
    return np.array(columns, dtype=np.float32).T


def shape() -> np.ndarray:
    """Mean time course of a release's calcium, peak 1, every ms for 600 ms."""
    one_hertz = traces(1.0, 12, 12_000.0, 1.0)
    above = one_hertz - one_hertz[0]
    courses = [
        above[start : start + 600, k] / above[start : start + 600, k].max()
        for start in range(0, 12_000, 1000)
        for k in range(above.shape[1])
        if above[start : start + 600, k].max() > 0.2
    ]
    return np.mean(courses, axis=0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="drive.npz")
    given = parser.parse_args()
    lfs = {"name": "lfs", "pulses": 300, "baseline": 1, "follow_up": 1}
    tests = {"name": "test-pulses", "baseline": 1, "duration": 8, "test_interval": 4}
    recorded = {}
    for name, protocol, pathway in (("lfs", lfs, "conditioned"), ("test", tests, "control")):
        onset, spine, peak = releases(protocol, pathway)
        train = (onset >= MINUTE) & (onset < MINUTE + 300_000.0)
        chosen = train if name == "lfs" else np.ones_like(train)
        for part, values in (("onset", onset), ("spine", spine), ("peak", peak)):
            recorded[f"{name}_{part}"] = values[chosen]
    recorded["shape"] = shape()
    recorded["ca100"] = traces(100.0, 100, 3_000.0, 2.0)
    recorded["ca10"] = traces(10.0, 100, 10_000.0, 2.0)
    np.savez_compressed(given.out, **recorded)
    print({name: values.shape for name, values in recorded.items()})
