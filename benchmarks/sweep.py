"""``python -m benchmarks.sweep``: what a sweep costs beside the simulation of its slices.

With ``--whole`` the slice that is stored is one of the default LTD experiment (minutes), and
``docs/results/sweep.json`` is written, from which `docs/sweep.md` has its numbers; otherwise it is
a short one, whose times are as good and whose bytes are too few. Seconds are of processor time
unless they are named wall: the machine may have other work.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from ca1ltd import protocols
from ca1ltd.experiment.spec import ExperimentSpec, SliceSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.dask import connected, run_on_cluster
from ca1ltd.experiment.workers.local import RUN_SLICE, Job, run_local
from ca1ltd.recording import SliceResult
from pages.speed import SWEEP

REPEATS = 5
NOTHING = "benchmarks.sweep:stored_slice"
STORED = "CA1LTD_BENCHMARK_SLICE"


def stored_slice(spec: SliceSpec, _progress: Callable[[float], None]) -> SliceResult:
    """Return a slice that was simulated before: what is left of a slice without its simulation."""
    path = Path(os.environ[STORED])
    found = json.loads((path / "run.json").read_text())
    result = Store(path, ExperimentSpec.from_dict(found["spec"])).slices.load(0)
    return replace(result, index=spec.index)


def children_cpu() -> float:
    """Return the processor time of the processes that have ended (s)."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(command: str) -> float:
    """Return the processor time (s) of a Python process, the least of a few."""
    times = []
    for _ in range(REPEATS):
        before = children_cpu()
        subprocess.run([sys.executable, "-c", command], check=True, capture_output=True)
        times.append(children_cpu() - before)
    return min(times)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that something takes in this process (s)."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def simulate(folder: Path, *, whole: bool) -> dict[str, float]:
    """Simulate one slice as a sweep does; return its cost inside and outside of NEURON."""
    short = protocols.make("lfs", {"baseline": 1, "pulses": 5, "follow_up": 1, "test_interval": 10})
    spec = ExperimentSpec(protocol=protocols.lfs() if whole else short, slices=1)
    store = Store(folder, spec)
    store.begin()
    with closing(run_local([Job(store, 0)], workers=1, function=RUN_SLICE)) as reports:
        before, begun = children_cpu(), time.perf_counter()
        list(reports)
        wall, cpu = time.perf_counter() - begun, children_cpu() - before
    statistics = store.slices.load(0).statistics
    sizes = [file.stat().st_size for file in (folder / "slices" / "slice-000").iterdir()]
    return {
        "slice_cpu_s": cpu,
        "slice_wall_s": wall,
        "simulated_s": statistics["simulated_s"],
        "MB_of_slice": sum(sizes) / 1e6,
    }


def storing(source: Path, folder: Path) -> dict[str, float]:
    """Store one run of five slices; return its cost for each slice."""
    spec = ExperimentSpec.from_dict(json.loads((source / "run.json").read_text())["spec"])
    result = Store(source, spec).slices.load(0)
    store = Store(folder, replace(spec, slices=REPEATS))
    store.begin()
    results = [replace(result, index=index) for index in range(REPEATS)]

    def keep() -> None:
        for each in results:
            store.slices.save(each)

    save = seconds(keep)
    complete = seconds(store.complete)
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        "save_slice_s": save / REPEATS,
        "complete_s_per_slice": complete / REPEATS,
        "MB_kept_per_slice": sum(file.stat().st_size for file in files) / 1e6 / REPEATS,
        "files_per_run": len(files),
    }


def on_cluster(source: Path, folder: Path, slices: int = 20) -> dict[str, float]:
    """Run slices that are not simulated on a cluster of one worker; return what each costs."""
    spec = ExperimentSpec(protocol=protocols.lfs(), slices=slices)
    environment = {**os.environ, STORED: str(source), "PYTHONPATH": str(Path(__file__).parents[1])}
    file = folder / "scheduler.json"
    words = ("--no-dashboard", "--scheduler-file", str(file))
    dask = (sys.executable, "-m", "dask")
    processes = [
        subprocess.Popen([*dask, *each, *words], env=environment, stderr=subprocess.DEVNULL)
        for each in (("scheduler", "--port", "0"), ("worker", "--nthreads", "1"))
    ]
    try:
        while not file.exists():
            time.sleep(0.1)
        store = Store(folder / "run", spec)
        store.begin()
        jobs = [Job(store, index) for index in range(slices)]
        with connected(str(file)) as client:
            client.wait_for_workers(1)
            reports = run_on_cluster(jobs, client=client, function=NOTHING)
            return {"client_s_per_slice": seconds(lambda: list(reports)) / slices}
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def locally(source: Path, folder: Path, slices: int = 20) -> dict[str, float]:
    """Run slices that are not simulated in one process after the other; return what each costs."""
    os.environ[STORED] = str(source)
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    store = Store(folder, ExperimentSpec(protocol=protocols.lfs(), slices=slices))
    store.begin()
    jobs = [Job(store, index) for index in range(slices)]
    before = children_cpu()
    pool = seconds(lambda: list(run_local(jobs, workers=1, function=NOTHING)))
    return {
        "empty_slice_s": (children_cpu() - before) / slices,
        "pool_s_per_slice": pool / slices,
    }


def measured(*, whole: bool) -> dict[str, float | str | bool]:
    """Return all that is measured."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as work:
        here = Path(work)
        (here / "cluster").mkdir()
        return {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}",
            "whole": whole,
            "python_s": timed("pass"),
            "import_s": timed("import ca1ltd.experiment.workers.server, ca1ltd.experiment.slice"),
            "rig_s": timed(
                "from ca1ltd import protocols; from ca1ltd.experiment.slice import build_rig; "
                "from ca1ltd.experiment.spec import SliceSpec; "
                "build_rig(SliceSpec(protocol=protocols.lfs()))"
            ),
            **simulate(here / "source", whole=whole),
            **storing(here / "source", here / "stored"),
            **locally(here / "source", here / "local"),
            **on_cluster(here / "source", here / "cluster"),
        }


def main() -> None:
    """Measure and print; write ``docs/results/sweep.json`` if the slice is a whole one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--whole", action="store_true", help="A slice of the default experiment.")
    whole = parser.parse_args().whole
    result = SWEEP.result(partial(measured, whole=whole))
    for name, value in result.found.items():
        print(f"{name:24s} {value:.3g}" if isinstance(value, float) else f"{name:24s} {value}")
    if whole:
        print(result.write(SWEEP.name))


if __name__ == "__main__":
    main()
