"""How the cost grows with synapses, segments and slices."""

import math
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Job, measured
from benchmarks.say import say
from ca1ltd import declared, protocols

#: Synapses of each of the two pathways: 10 to 1000 in all.
SYNAPSES: Final = (5, 15, 50, 150, 500)
#: The cell's axons are sampled more densely for them: of those that a slice of the default has,
#: electrodes that stay apart reach 130 each.
DENSITY: Final = 8.0
#: From so many synapses in a pathway on each is made weaker, so that a pulse makes the same EPSP.
DEFAULT: Final = declared.SYNAPSES
D_LAMBDA: Final = (1.0, 0.6, 0.3, 0.15, 0.1)
SLICES: Final = (1, 2, 4, 8)
PULSES: Final = "1 Hz"
LENGTH: Final = 20.0  # s
#: What is simulated in slices.
SHORT: Final = protocols.make(
    "lfs", {"baseline": 1, "pulses": 20, "follow_up": 1, "test_interval": 15}
)
REPEATS: Final = 3

Row = dict[str, Any]


def synapses() -> Row:
    """Return the growth with synapses whose EPSP stays the same, and with it growing."""
    found = {}
    for name, same_epsp in (("synapses", True), ("synapses_spiking", False)):
        points = []
        for count in SYNAPSES:
            if not same_epsp and count <= DEFAULT:
                continue
            say(f"growth: {2 * count} synapses{'' if same_epsp else ', none made weaker'}")
            job = Job(
                excerpt=PULSES,
                length=LENGTH,
                synapses=count,
                density=DENSITY,
                strength=min(1.0, DEFAULT / count) if same_epsp else 1.0,
            )
            points.append(_point(job, "synapses", REPEATS if same_epsp else 1))
        found[name] = _series(points)
    return found


def segments() -> Row:
    """Return the growth with the segments of the cell, spines not counted."""
    points = []
    for d_lambda in D_LAMBDA:
        say(f"growth: d_lambda {d_lambda:g}")
        job = Job(excerpt=PULSES, length=LENGTH, d_lambda=d_lambda)
        points.append({**_point(job, "segments", REPEATS), "d_lambda": d_lambda})
    return {"segments": _series(points)}


def slices() -> Row:
    """Return the growth with slices: a short experiment, all of it, by one worker."""
    from ca1ltd.experiment.run import run_experiment
    from ca1ltd.experiment.spec import ExperimentSpec

    points = []
    for count in SLICES:
        say(f"growth: {count} slices")
        spec = ExperimentSpec(protocol=SHORT, slices=count)
        cpu, wall = _cpu(), time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
            run_experiment(spec, Path(folder) / "run", workers=1)
        points.append({"n": count, "cpu_s": _cpu() - cpu, "wall_s": time.perf_counter() - wall})
    return {"slices": _series(points)}


def _point(job: Job, axis: str, repeats: int) -> Row:
    cost = measured(job, repeats)
    return {
        "n": getattr(cost, axis),
        "cpu_s": cost.cpu_s,
        "wall_s": cost.wall_s,
        "start_cpu_s": cost.start_cpu_s,
        "steps": cost.steps,
        "us_per_step": 1e6 * cost.cpu_s / cost.steps,
        "refinement": cost.refinement,
        "memory_MB": cost.memory_MB,
    }


def _series(points: Sequence[Row]) -> Row:
    """Return points with the exponent of their growth at its upper end, between the last two."""
    (n, cpu), (more, longer) = ((point["n"], point["cpu_s"]) for point in points[-2:])
    return {"points": list(points), "exponent": math.log(longer / cpu) / math.log(more / n)}


def _cpu() -> float:
    """Return the processor time of this process and of those it has waited for (s)."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
