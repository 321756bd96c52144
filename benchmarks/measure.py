"""One measurement, in a process of its own: ``python -m benchmarks.measure JOB``, a job as JSON.

Times are of the processor (`time.process_time`), as the machine may have other work, and of one
core. Building the slice and finding its rest (some seconds, once for a slice) are timed apart. So
are the audits of an excerpt: there are eight in a run of any length, and in one of twenty pulses
they would be most of the cost.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ca1ltd.declared import SYNAPSES

#: The whole experiment, as the name of an excerpt.
WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to simulate, and how; ``keep`` names a file for what the pulses did."""

    excerpt: str
    length: float = 0.0
    integrator: str = "efficient"
    atol: float = 1e-3
    synapses: int = SYNAPSES
    density: float = 1.0  # of modelled axons, as a multiple of the default
    strength: float = 1.0  # of a synapse, as a multiple of the default
    d_lambda: float | None = None
    keep: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it cost; seconds of processor time unless named wall, audits apart."""

    cpu_s: float
    wall_s: float
    start_cpu_s: float
    audit_cpu_s: float
    simulated_s: float
    steps: int
    pulses: int
    memory_MB: float
    segments: int
    synapses: int
    refinement: float
    audits: int
    worst_audit: float

    @property
    def speed(self) -> float:
        """Simulated seconds per second of processor time."""
        return self.simulated_s / self.cpu_s


def measured(job: Job, repeats: int = 1) -> Cost:
    """Return the cost of a job, the run of median processor time of a few."""
    costs = [in_own_process(job) for _ in range(repeats)]
    middle = median(cost.cpu_s for cost in costs) if repeats % 2 else costs[0].cpu_s
    return next(cost for cost in costs if cost.cpu_s == middle)


def in_own_process(
    job: Job,
    python: str = sys.executable,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Return the cost of a job, run once, by the Python of an environment in a folder."""
    answer = subprocess.run(
        [python, "-m", "benchmarks.measure", json.dumps(asdict(job))],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment or {**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    if answer.returncode:
        raise RuntimeError(f"{job} failed:\n{answer.stderr}")
    return Cost(**json.loads(answer.stdout.splitlines()[-1]))


class _Watch:
    """Notes when the simulation proper begins: `simulate` asks whether to stop before it."""

    begun: tuple[float, float] | None = None

    def __call__(self) -> bool:
        if self.begun is None:
            self.begun = time.process_time(), time.perf_counter()
        return False


def run(job: Job) -> Cost:
    """Simulate a job in this process."""
    from neuron import n

    from benchmarks.excerpts import Excerpt
    from ca1ltd import protocols
    from ca1ltd.engine import simulation

    started = time.process_time()
    protocol: Any = (
        protocols.lfs() if job.excerpt == WHOLE else Excerpt(of=job.excerpt, length=job.length)
    )
    rig = _rig(job, protocol)
    watch, audits = _Watch(), _Audits()
    recording = simulation.simulate(
        rig, protocol, [], integrator=job.integrator, atol=job.atol, stop=watch
    )
    assert watch.begun is not None
    cpu = time.process_time() - watch.begun[0]
    wall = time.perf_counter() - watch.begun[1]
    apart = audits if job.excerpt != WHOLE else _Nothing
    if job.keep:
        _keep(Path(job.keep), recording)
    unit = 1 if platform.system() == "Darwin" else 1024
    return Cost(
        cpu_s=cpu - apart.cpu,
        wall_s=wall - apart.wall,
        start_cpu_s=watch.begun[0] - started,
        audit_cpu_s=audits.cpu,
        simulated_s=recording.statistics["simulated_s"],
        steps=int(recording.statistics["steps"]) - apart.steps,
        pulses=len(protocol.pulses()),
        memory_MB=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6,
        segments=sum(sec.nseg for sec in n.allsec() if not sec.name().startswith("spine")),
        synapses=len(rig.synapses),
        refinement=recording.statistics["refinement"],
        audits=len(recording.audits),
        worst_audit=max((audit.worst for audit in recording.audits), default=0.0),
    )


def _rig(job: Job, protocol: Any) -> Any:
    """Return the slice of a job, with the synapses that its protocol reaches."""
    from ca1ltd.engine.cell import D_LAMBDA
    from ca1ltd.engine.rig import Rig
    from ca1ltd.model import parameters

    scaled = {"placement.modelled_fraction": job.density}
    scaled |= dict.fromkeys(("ca1ampa.g_receptor", "ca1nmda.g_max"), job.strength)
    return Rig(
        cell="dhc",
        seed=1,
        index=0,
        synapses=job.synapses,
        changed={key: by * parameters.default(key) for key, by in scaled.items() if by != 1.0},
        pulses=protocol.pulses(),
        d_lambda=job.d_lambda or D_LAMBDA,
    )


class _Nothing:
    cpu, wall, steps = 0.0, 0.0, 0


class _Audits:
    """What the audits of a run cost."""

    def __init__(self) -> None:
        from ca1ltd.engine.auditor import Auditor

        self.cpu, self.wall, self.steps = 0.0, 0.0, 0
        audit = Auditor.audit

        def timed(auditor: Auditor, pulse: Any) -> None:
            cpu, wall = time.process_time(), time.perf_counter()
            steps = len(auditor.potential)
            audit(auditor, pulse)
            self.cpu += time.process_time() - cpu
            self.wall += time.perf_counter() - wall
            self.steps += len(auditor.potential) - steps

        setattr(Auditor, "audit", timed)  # noqa: B010, for mypy lets no method be replaced


def _keep(path: Path, recording: Any) -> None:
    """Write what the pulses did: EPSPs, releases and receptors."""
    from ca1ltd.analysis import measure_epsp

    onsets, slopes, fired = [], [], []
    for response in recording.responses:
        fired.append(bool(response.potential.max() > 0.0))
        if response.has_size:
            onsets.append(response.onset)
            slopes.append(measure_epsp(response.times, response.potential, 0.0).slope)
    releases = recording.releases
    np.savez(
        path,
        onsets=onsets,
        slopes=slopes,
        fired=fired,
        release=releases[["onset", "synapse", "quanta"]].to_numpy(),
        calcium=releases["peak_uM"].to_numpy(),
        calcineurin=recording.peaks["calcineurin_active"],
        surface=recording.states["ampar_anchored"] + recording.states["ampar_diffusing"],
    )


if __name__ == "__main__":
    print(json.dumps(asdict(run(Job(**json.loads(sys.argv[1]))))))
