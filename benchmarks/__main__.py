"""``make bench``: what a slice costs, as ratios within one run of this script.

Every measurement is one process on one core: 60 synapses in each pathway, stochastic release. The
"pulses" rows are 1 Hz stimulation of the conditioned pathway, the "waiting" rows the 15 s between
two test pulses. Machines differ and are noisy: read the ratios, and the seconds as an example.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

PULSES = {"efficient": 20, "reference": 20, "fixed": 2}


def pulses(integrator: str) -> tuple[float, float, float]:
    """Wall seconds and steps for each second of 1 Hz stimulation, and wall seconds for a wait."""
    from ca1ltd.engine import session
    from ca1ltd.engine.integrator import ATOL, INTEGRATORS
    from ca1ltd.engine.recorder import Tape
    from ca1ltd.engine.rig import Rig

    rig = Rig(cell="dhc", seed=1, index=0, synapses=60, changed={})
    with session.settings(celsius=rig.celsius, atol=ATOL) as cvode:
        tape = Tape(rig.cell.soma(0.5)._ref_v)
        advance = INTEGRATORS[integrator](cvode)
        advance.find_rest()
        tape.erase()
        n_pulses = PULSES[integrator]
        begun = time.perf_counter()
        for k in range(n_pulses):
            advance.advance(1000.0 * k)
            advance.pulse()
            rig.stimulate("conditioned", 1000.0 * k)
        advance.advance(1000.0 * n_pulses)
        stimulated, steps = time.perf_counter() - begun, len(tape)
        wait = 14_000.0 if integrator != "fixed" else 500.0
        begun = time.perf_counter()
        advance.advance(1000.0 * n_pulses + wait)
        waited = (time.perf_counter() - begun) * 14_000.0 / wait
    return stimulated / n_pulses, steps / n_pulses, waited


def whole() -> tuple[float, float]:
    """Wall seconds of the whole default LTD experiment, one slice, and what it simulates (s)."""
    from ca1ltd import protocols
    from ca1ltd.experiment.slice import run_slice
    from ca1ltd.experiment.spec import SliceSpec

    begun = time.perf_counter()
    result = run_slice(SliceSpec(protocol=protocols.lfs()))
    return time.perf_counter() - begun, result.statistics["simulated_s"]


def measure(what: str) -> dict[str, float]:
    """Run a measurement in a process of its own."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--measure", what],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    values: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return values


def _measure_here(what: str) -> dict[str, float]:
    if what == "whole":
        wall, simulated = whole()
        values = {"wall_s": wall, "simulated_s": simulated, "speed_vs_real_time": simulated / wall}
    else:
        per_pulse, steps, waited = pulses(what)
        values = {"s_per_pulse": per_pulse, "steps_per_pulse": steps, "s_per_wait": waited}
    unit = 1 if platform.system() == "Darwin" else 1024
    values["memory_MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return values


def main() -> None:
    """Measure, print the table and write ``benchmarks/results.json``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(_measure_here(given.measure)))
        return
    rows = {name: measure(name) for name in PULSES}
    print(f"{'integrator':12s} {'1 Hz pulse':>11s} {'steps':>7s} {'14 s wait':>10s} {'memory':>8s}")
    for name, row in rows.items():
        print(
            f"{name:12s} {row['s_per_pulse']:9.3f} s {row['steps_per_pulse']:7.0f} "
            f"{row['s_per_wait']:8.2f} s {row['memory_MB']:5.0f} MB"
        )
    ours, fixed = rows["efficient"], rows["fixed"]
    rows["whole"] = measure("whole")
    # 900 pulses at 1 Hz and 4800 s of baseline and follow-up
    slow = 900 * fixed["s_per_pulse"] + 4800 / 14 * fixed["s_per_wait"]
    rows["whole"]["fixed_step_over_ours"] = slow / rows["whole"]["wall_s"]
    print(
        f"whole experiment, 95 min: {rows['whole']['wall_s']:.0f} s, "
        f"{rows['whole']['speed_vs_real_time']:.1f} x real time, "
        f"{rows['whole']['memory_MB']:.0f} MB"
    )
    per_pulse, per_experiment = (
        fixed["s_per_pulse"] / ours["s_per_pulse"],
        rows["whole"]["fixed_step_over_ours"],
    )
    print(
        f"fixed step of 0.025 ms over ours: {per_pulse:.0f} for a pulse, "
        f"{per_experiment:.0f} for the whole experiment (extrapolated)"
    )
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    results = Path(__file__).with_name("results.json")
    results.write_text(json.dumps({"machine": machine, **rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
