"""Run many experiments, on this machine or on a cluster, so that nothing finished is lost."""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from ca1ltd import build
from ca1ltd.errors import BadInput, Interrupted, NotStored, RunError
from ca1ltd.experiment.pool import RUN_SLICE, Failure, Job, Report, run_local
from ca1ltd.experiment.results import Run, load_run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store import Store
from ca1ltd.experiment.sweepstore import SweepStore
from ca1ltd.experiment.tally import Standing, Tally
from ca1ltd.protocols import Protocol

Runner = Callable[[Iterator[Job]], Generator[Report, None, None]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sweep:
    """The results of a sweep, those of its finished runs.

    Attributes
    ----------
    table : DataFrame
        A row for each finished run: ``run``, what was swept, and the numbers of its summary.
    path : Path
        The sweep's folder.
    """

    table: pd.DataFrame
    path: Path

    def run(self, name: str) -> Run:
        """Return the results of a run, by its name in the table.

        Raises
        ------
        BadInput
            If it is not there or not finished.
        """
        return load_run(self.path / "runs" / name)


def sweep(
    specs: Sequence[ExperimentSpec],
    out: Path | str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Callable[[Standing], None] | None = None,
    function: str = RUN_SLICE,
) -> Sweep:
    """Return the results of many experiments, after running the slices that are missing.

    Each finished slice is stored whole or not at all, and the results do not depend on where and
    how many at once the slices run. An experiment given twice is run once.

    Parameters
    ----------
    specs : sequence of ExperimentSpec
        What to run, as from `grid`.
    out : path-like
        The sweep's folder. It must be new or empty, unless `resume`.
    workers : int, optional
        Slices at once on this machine; by default as many as there are cores.
    scheduler : str, optional
        Address or scheduler file of a Dask scheduler whose workers run the slices instead.
    resume : bool
        Complete the sweep that `out` holds, if it is this very sweep.
    progress : callable, optional
        Called with how far it is.
    function : str
        What simulates a slice, as "module:name".

    Raises
    ------
    BadInput
        If something asked for is not possible; nothing is written then.
    BuildError
        If the mechanisms cannot be compiled; nothing is written then.
    RunError
        If slices failed, the disk is full or the scheduler is lost. What is finished is kept.
    Interrupted
        On Ctrl-C. What is finished is kept.
    """
    if not specs:
        raise BadInput("this sweep has no run: give it one or several")
    if workers is not None and (workers < 1 or scheduler is not None):
        raise BadInput(
            f"workers is {workers}, and must be 1 or more"
            if workers < 1
            else "workers are those of the scheduler: give either workers or a scheduler"
        )
    store = SweepStore.open(Path(out), tuple(dict.fromkeys(specs)), resume=resume)
    with _runner(workers, scheduler, function) as runner, _kept(store), store.claimed():
        failed = _complete(store, runner, progress or (lambda _: None))
        table = store.write_table()
    if failed:
        raise _failure(failed)
    return Sweep(table=table, path=store.path)


def load_sweep(path: Path | str) -> Sweep:
    """Return what is finished of the sweep in a folder, which may still be at work.

    Raises
    ------
    BadInput
        If there is no sweep.
    """
    store = SweepStore.load(Path(path))
    return Sweep(table=store.table(), path=store.path)


@contextmanager
def _runner(workers: int | None, scheduler: str | None, function: str) -> Iterator[Runner]:
    """Give what runs slices, when it is known that it can."""
    if scheduler is None:
        build.build()
        count = workers or os.cpu_count() or 1
        yield lambda jobs: run_local(jobs, workers=count, function=function)
        return
    from ca1ltd.experiment import cluster

    with cluster.connected(scheduler) as client:
        yield lambda jobs: cluster.run_on_cluster(jobs, client=client, function=function)


def _complete(
    sweep_store: SweepStore, runner: Runner, progress: Callable[[Standing], None]
) -> list[tuple[Job, Failure]]:
    """Run what is missing, each run completed with its last slice; return what failed."""
    stores = sweep_store.stores()
    numbers: dict[tuple[Path, int], int] = {}
    missing: dict[Path, set[int]] = {}
    weights: list[float] = []
    there: list[int] = []
    for store in stores:
        finished = store.finished()
        missing[store.path] = set(range(store.spec.slices)).difference(finished)
        for index in range(store.spec.slices):
            if index in finished:
                there.append(len(weights))
            numbers[store.path, index] = len(weights)
            weights.append(_work(store.spec.protocol))
        if not missing[store.path]:
            _finish(store)
    tally = Tally(weights, there)
    progress(tally.standing())
    failed: list[tuple[Job, Failure]] = []
    jobs = _jobs((store, sorted(missing[store.path])) for store in stores)
    with closing(runner(jobs)) as reports:
        for report in reports:
            job, failure = report.job, report.failure
            if failure is not None and issubclass(failure.error, NotStored):
                raise NotStored(failure.message)
            if failure is not None:
                failed.append((job, failure))
            number = numbers[job.store.path, job.index]
            tally.note(number, report.fraction, failed=failure is not None)
            if report.fraction >= 1:
                missing[job.store.path].discard(job.index)
                if not missing[job.store.path]:
                    _finish(job.store)
            progress(tally.standing())
    return failed


def _jobs(missing: Iterator[tuple[Store, list[int]]]) -> Iterator[Job]:
    for store, indices in missing:
        if indices:
            store.begin()
        yield from (Job(store, index) for index in indices)


def _finish(store: Store) -> None:
    """Make the tables of a run whose slices are there; they take the place of its slices."""
    if not store.completed:
        store.complete()
    store.remove_slices()


@lru_cache(maxsize=1024)
def _work(protocol: Protocol) -> float:
    """Return the work of a slice: pulses cost time, waiting does not."""
    return float(len(protocol.pulses()) + 1)


@contextmanager
def _kept(store: SweepStore) -> Iterator[None]:
    """Say what is kept when a sweep ends early, and leave the table of it."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"stopped: {_so_far(store)}") from None
    except OSError as error:
        where = error.filename or store.path
        message = f"{where} cannot be written: {error.strerror or error}"
        raise NotStored(f"{message}; {_so_far(store)}") from None
    except RunError as error:
        raise type(error)(f"{error}; {_so_far(store)}") from None


def _so_far(store: SweepStore) -> str:
    with suppress(OSError):  # on a full disk the table is not made, and can be later
        store.write_table()
    counts = [(len(run.finished()), run.spec.slices) for run in store.stores()]
    finished, slices = (sum(column) for column in zip(*counts, strict=True))
    return (
        f"{finished} of {slices} slices are finished and kept in {store.path}; "
        "--resume completes the sweep"
    )


def _failure(failed: Sequence[tuple[Job, Failure]]) -> RunError:
    job, failure = failed[0]
    many = f"{len(failed)} slices failed, the first" if len(failed) > 1 else "one slice failed"
    return RunError(
        f"{many} slice {job.index} of run {job.store.path.name} (seed {job.store.spec.seed}): "
        f"{failure.message}; what it printed is in {job.store.log_file(job.index)}; the others "
        "are finished, and --resume tries again"
    )
