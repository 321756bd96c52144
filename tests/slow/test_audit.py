"""What the audits of a run catch: errors put in on purpose, over 200 runs, and false alarms."""

from dataclasses import replace

import numpy as np
import pytest

from ca1ltd import protocols
from ca1ltd.engine import auditor
from ca1ltd.engine.audit import MOST_ERROR, compare
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate

pytestmark = pytest.mark.slow

RUNS = 200
SYNAPSES = 20
"""Of each pathway: fewer releases to average over than in a run of 60."""
PROTOCOLS = {
    "1 Hz": protocols.lfs(pulses=8, baseline=1, follow_up=1),
    "10 Hz": protocols.lfs(pulses=16, rate=10, baseline=1, follow_up=1),
}


@pytest.fixture(scope="module", params=PROTOCOLS)
def runs(request):
    """What the audits of each run saw with the steps of the run and with half of them."""
    found, pairs = [], []

    def noted(onset, see, refinement):
        pair = see(refinement), see(2 * refinement)
        pairs.append(pair)
        return compare(onset, lambda asked: pair[asked != refinement], refinement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auditor, "compare", noted)
        for seed in range(RUNS):
            rig = Rig(cell="dhc", seed=seed, index=0, synapses=SYNAPSES, changed={})
            simulate(rig, PROTOCOLS[request.param], [])
            del rig
            found.append(tuple(pairs))
            pairs.clear()
    return found


def alarmed(runs, amplitude=0.0, calcium=0.0, calcineurin=0.0):
    """Part of the runs of which an audit asks for shorter steps, with errors put in (1).

    As large as given with the steps of the run, and falling with the square of the step.
    """

    def wrong(seen, refinement):
        by = 1 / refinement**2
        rest = seen.potential[0]
        return replace(
            seen,
            potential=rest + (seen.potential - rest) * (1 + amplitude * by),
            peaks=seen.peaks * (1 + calcium * by),
            calcineurin=seen.calcineurin * (1 + calcineurin * by),
        )

    def asked(pair):
        audit = compare(0.0, lambda refinement: wrong(pair[int(refinement) - 1], refinement), 1.0)
        return audit is not None and audit.worst > MOST_ERROR

    return np.mean([any(asked(pair) for pair in run) for run in runs])


@pytest.mark.parametrize("error", [0.01, 0.02, 0.05])
@pytest.mark.parametrize("of", ["amplitude", "calcium", "calcineurin"])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_error_is_caught(runs, record_property, of, error, sign):
    caught = alarmed(runs, **{of: sign * error})
    record_property(f"caught of {of} {sign * error:+.2f}", caught)
    assert caught >= 0.99


def test_false_alarms_are_rare(runs, record_property):
    alarms = alarmed(runs)
    record_property("false alarms", alarms)
    assert alarms < 0.01
