"""``python -m benchmarks.profile``: where the time of a step goes.

Takes the time of each part of each step during 1 Hz stimulation, without audits and probes. Timing
adds about half a microsecond to a part.
"""

import json
import time
from typing import Any, Final

PULSES: Final = 40


def profile() -> list[dict[str, Any]]:
    """Return the processor time of each part of a step (us) and how often a pulse takes it."""
    from ca1ltd.engine import session
    from ca1ltd.engine.integrators import Efficient, clocks, efficient
    from ca1ltd.engine.rig import Rig
    from ca1ltd.model import mechanisms
    from ca1ltd.protocols import Pulse
    from ca1ltd.units import s

    names = {
        mechanisms.FAST_GATES: "fast gates",
        mechanisms.SLOW_GATES: "slow gates",
        mechanisms.RECEPTORS: "receptors",
        mechanisms.CALCIUM: "calcium",
        mechanisms.CALMODULIN: "calmodulin",
        mechanisms.ENZYMES: "enzymes, half a tick",
        mechanisms.DOWNSTREAM: "what they drive, a tick",
    }
    parts = ("voltage", *names.values())
    used, calls = dict.fromkeys(parts, 0.0), dict.fromkeys(parts, 0)

    def note(name: str, begun: float) -> None:
        used[name] += time.process_time() - begun
        calls[name] += 1

    class Timed(clocks.Clocks):
        def __init__(self) -> None:
            super().__init__()
            advance = self.advance

            def timed(*clocks_and_steps: float) -> None:
                for clock, step in zip(clocks_and_steps[::2], clocks_and_steps[1::2], strict=True):
                    begun = time.process_time()
                    advance(clock, step)
                    note(names[int(clock)], begun)

            self.advance = timed

        def step(self, dt: float, *, implicit: bool) -> None:
            begun = time.process_time()
            super().step(dt, implicit=implicit)
            note("voltage", begun)

    setattr(efficient, "Clocks", Timed)  # noqa: B010 - where the integrator looks it up
    rig = Rig(cell="dhc", seed=1, index=0, synapses=60, changed={})
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        integrator = Efficient(cvode)
        integrator.find_rest()
        integrator.advance(1 * s)
        for name in parts:
            used[name], calls[name] = 0.0, 0
        begun = time.process_time()
        for k in range(1, PULSES + 1):
            integrator.pulse(rig.stimulate(Pulse(k * s, ("conditioned",), "test")))
            integrator.advance((k + 1) * s)
        whole = time.process_time() - begun
    used["the rest (Python)"], calls["the rest (Python)"] = whole - sum(used.values()), 0
    calls["the rest (Python)"] = calls["voltage"]
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
