"""LTD leaves release alone: the paired-pulse ratio is the same before and after."""

import numpy as np
import pytest

from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.protocols import PATHWAYS, LowFrequencyStimulation, Pulse
from ca1ltd.units import minute, ms, s

pytestmark = pytest.mark.slow

PAIRS, APART, EVERY = 80, 50 * ms, 15 * s


class PairsAroundLfs(LowFrequencyStimulation):
    """LFS with pairs of pulses in the 20 min before it and in the last 20 min."""

    def pulses(self):
        starts = [k * EVERY for k in range(PAIRS)]
        starts += [self.t_stop - 20 * minute + start for start in starts]
        pairs = [
            Pulse(time=start + second * APART, pathways=PATHWAYS[:1], kind="test")
            for start in starts
            for second in (0, 1)
        ]
        induction = [pulse for pulse in super().pulses() if pulse.kind == "induction"]
        return tuple(sorted([*pairs, *induction], key=lambda pulse: pulse.time))

    def probe_times(self):
        return ()


def ratio_of_quanta(releases, chosen):
    """Paired-pulse ratio of the quanta released, with its standard error (quanta are counted)."""
    of = releases[releases["onset"].between(*chosen)]
    second = np.isclose(of["onset"] % EVERY, APART)
    one, two = of["quanta"][~second].sum(), of["quanta"][second].sum()
    return two / one, two / one * np.sqrt(1 / one + 1 / two)


def test_release_is_unchanged_by_ltd():
    protocol = PairsAroundLfs()
    rig = Rig(cell="dhc", seed=1, index=0, synapses=60, changed={})
    recording = simulate(rig, protocol, [])
    before = ratio_of_quanta(recording.releases, (0.0, protocol.induction_start - 1))
    after = ratio_of_quanta(
        recording.releases, (protocol.t_stop - 20 * minute - 1, protocol.t_stop)
    )
    members = np.searchsorted(recording.axons, rig.pathways["conditioned"])
    anchored = recording.states["ampar_anchored"][:, members].mean(axis=1)
    print(f"PPR {before} -> {after}, anchored {anchored[-1] / anchored[0]:.3f}")
    assert anchored[-1] < 0.8 * anchored[0]  # LTD there was
    for ratio, error in (before, after):
        assert error < 0.08
        assert 1.3 - 2 * error <= ratio <= 1.5 + 2 * error
    assert abs(before[0] - after[0]) <= 3 * np.hypot(before[1], after[1])
