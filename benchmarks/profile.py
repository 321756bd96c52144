"""``python -m benchmarks.profile``: where the time of a step goes.

Takes the time of each part of each step during 1 Hz stimulation, without audits and probes.
"""

import json
import time
from typing import Any, Final

PULSES: Final = 40


def profile() -> list[dict[str, Any]]:
    """Return the time of each part of a step (us) and how often a pulse takes it."""
    from ca1ltd.engine import session
    from ca1ltd.engine.integrators import Efficient
    from ca1ltd.engine.integrators.clocks import spent
    from ca1ltd.engine.rig import Rig
    from ca1ltd.model import mechanisms
    from ca1ltd.protocols import Pulse
    from ca1ltd.units import s

    names = {
        mechanisms.FAST_GATES: "fast gates",
        mechanisms.CALCIUM_GATES: "gates of calcium channels",
        mechanisms.SLOW_GATES: "slow gates",
        mechanisms.RECEPTORS: "receptors",
        mechanisms.CALCIUM: "calcium",
        mechanisms.CALMODULIN: "calmodulin",
        mechanisms.ENZYMES: "enzymes, half a tick",
        mechanisms.DOWNSTREAM: "what they drive, a tick",
    }
    rig = Rig(cell="dhc", seed=1, index=0, synapses=60, changed={})
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        integrator = Efficient(cvode)
        integrator.find_rest()
        integrator.advance(1 * s)
        spent()
        begun = time.perf_counter()
        for k in range(1, PULSES + 1):
            integrator.pulse(rig.stimulate(Pulse(k * s, ("conditioned",), "test")))
            integrator.advance((k + 1) * s)
        whole = time.perf_counter() - begun
    seconds, times = spent()
    parts = (*names.values(), "voltage")
    used = dict(zip(parts, seconds.tolist(), strict=True))
    calls = dict(zip(parts, times.tolist(), strict=True))
    used["the rest"], calls["the rest"] = whole - sum(used.values()), calls["voltage"]
    return [
        {
            "name": name,
            "us": 1e6 * used[name] / calls[name],
            "per_pulse": calls[name] / PULSES,
            "share": used[name] / whole,
        }
        for name in used
    ]


if __name__ == "__main__":
    print(json.dumps(profile()))
