"""What is missing of many runs: run in parallel, here or on a cluster; nothing finished is lost."""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol as Interface

import pandas as pd

from ca1ltd import build
from ca1ltd.errors import BadInput, Interrupted, NotStored, RunError
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import RUN_SLICE, Failure, Job, Report, run_local
from ca1ltd.experiment.workers.tally import Standing, Tally
from ca1ltd.protocols import Protocol

Runner = Callable[[Iterator[Job]], Generator[Report, None, None]]


class Runs(Interface):
    """A folder of many runs."""

    @property
    def path(self) -> Path:
        """Return the folder."""

    @property
    def how_to_complete(self) -> str:
        """Return what completes them, to be said when they end early."""

    def claimed(self) -> AbstractContextManager[None]:
        """Keep others from the folder while a block runs."""

    def stores(self) -> tuple[Store, ...]:
        """Return the store of each run."""

    def write_table(self) -> pd.DataFrame:
        """Write the table of what is finished and return it."""


def run_missing(
    runs: Runs,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[Standing], None] | None = None,
    function: str = RUN_SLICE,
) -> pd.DataFrame:
    """Return the table of many runs, after running the slices that are missing.

    Each finished slice is stored whole or not at all, and the results do not depend on where and
    how many at once the slices run.

    Parameters
    ----------
    runs : Runs
        The folder and its runs.
    workers : int, optional
        Slices at once on this machine; by default as many as there are cores.
    scheduler : str, optional
        Address or scheduler file of a Dask scheduler whose workers run the slices instead.
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
    if workers is not None and (workers < 1 or scheduler is not None):
        raise BadInput(
            f"workers is {workers}, and must be 1 or more"
            if workers < 1
            else "workers are those of the scheduler: give either workers or a scheduler"
        )
    with _runner(workers, scheduler, function) as runner, _kept(runs), runs.claimed():
        failed = _complete(runs.stores(), runner, progress or (lambda _: None))
        table = runs.write_table()
    if failed:
        raise _failure(failed, runs.how_to_complete)
    return table


@contextmanager
def _runner(workers: int | None, scheduler: str | None, function: str) -> Iterator[Runner]:
    """Give what runs slices, when it is known that it can."""
    if scheduler is None:
        build.build()
        count = workers or os.cpu_count() or 1
        yield lambda jobs: run_local(jobs, workers=count, function=function)
        return
    from ca1ltd.experiment.workers import dask as cluster

    with cluster.connected(scheduler) as client:
        yield lambda jobs: cluster.run_on_cluster(jobs, client=client, function=function)


def _complete(
    stores: Sequence[Store], runner: Runner, progress: Callable[[Standing], None]
) -> list[tuple[Job, Failure]]:
    """Run what is missing, each run completed with its last slice; return what failed."""
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
def _kept(runs: Runs) -> Iterator[None]:
    """Say what is kept when runs end early, and leave the table of it."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"stopped: {_so_far(runs)}") from None
    except OSError as error:
        where = error.filename or runs.path
        message = f"{where} cannot be written: {error.strerror or error}"
        raise NotStored(f"{message}; {_so_far(runs)}") from None
    except RunError as error:
        raise type(error)(f"{error}; {_so_far(runs)}") from None


def _so_far(runs: Runs) -> str:
    with suppress(OSError):  # on a full disk the table is not made, and can be later
        runs.write_table()
    counts = [(len(run.finished()), run.spec.slices) for run in runs.stores()]
    finished, slices = (sum(column) for column in zip(*counts, strict=True))
    return (
        f"{finished} of {slices} slices are finished and kept in {runs.path}; "
        f"{runs.how_to_complete}"
    )


def _failure(failed: Sequence[tuple[Job, Failure]], how_to_complete: str) -> RunError:
    job, failure = failed[0]
    many = f"{len(failed)} slices failed, the first" if len(failed) > 1 else "one slice failed"
    return RunError(
        f"{many} slice {job.index} of run {job.store.path.name} (seed {job.store.spec.seed}): "
        f"{failure.message}; what it printed is in {job.store.log_file(job.index)}; the others "
        f"are finished, and {how_to_complete}"
    )
