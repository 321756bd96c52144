"""What is missing of runs: run in parallel, here or on a cluster; nothing finished is lost."""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol as Interface

from ca1ltd import build
from ca1ltd.errors import BadInput, Interrupted, NotStored, RunError
from ca1ltd.experiment.plan.speed import remember
from ca1ltd.experiment.store.reading import read_run_file
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import RUN_SLICE, Failure, Job, Report, run_local
from ca1ltd.experiment.workers.tally import Standing, Tally
from ca1ltd.protocols import Protocol

Runner = Callable[[Iterator[Job]], Generator[Report, None, None]]


class Runs(Interface):
    """A folder of one run or many."""

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

    def write_table(self) -> object:
        """Write the table of what is finished, if there is one."""


def run_missing(
    runs: Runs,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[Standing], None] | None = None,
    function: str = RUN_SLICE,
    drives: int = 0,
) -> None:
    """Run the slices that are missing of runs, and make the tables of what is finished.

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
    drives : int
        Of how many slices of each run, from the first, it is recorded what drives the spines. One
        that is there without it is simulated again for it, and stays as it is.

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
    if drives < 0:
        raise BadInput(f"drives is {drives}, and must be 0 or more")
    _refuse_links(runs)
    with _runner(workers, scheduler, function) as runner, _kept(runs), runs.claimed():
        new = [store for store in runs.stores() if not store.completed]
        work = _Work(runs.stores(), drives)
        failed = _complete(work, runner, progress or (lambda _: None))
        runs.write_table()
    if scheduler is None and function == RUN_SLICE:
        _remember_speeds(new)
    if failed:
        raise _failure(failed, runs)


def _refuse_links(runs: Runs) -> None:
    """Raise BadInput if a folder within that of the runs lies elsewhere: we write where we say."""
    for store in runs.stores():
        place = store.slices.path
        for folder in (place, *place.parents):
            if folder == runs.path:
                break
            if folder.is_symlink():
                raise BadInput(f"{folder} is a link, and nothing is written through it: remove it")


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
    work: "_Work", runner: Runner, progress: Callable[[Standing], None]
) -> list[tuple[Job, Failure]]:
    """Run what is missing, each run completed with its last slice; return what failed."""
    progress(work.tally.standing())
    failed: list[tuple[Job, Failure]] = []
    with closing(runner(work.jobs())) as reports:
        for report in reports:
            failure = report.failure
            if failure is not None:
                if issubclass(failure.error, NotStored):
                    raise NotStored(failure.message)
                if work.is_of_one_run and failure.error is BadInput:
                    raise BadInput(failure.message)  # every slice would refuse the specification
                failed.append((report.job, failure))
            work.note(report)
            progress(work.tally.standing())
    return sorted(failed, key=lambda failure: work.number(failure[0]))


def _remember_speeds(stores: Sequence[Store]) -> None:
    """Keep how long slices of each protocol took here, for `--dry-run`."""
    for store in {store.spec.protocol.name: store for store in stores if store.completed}.values():
        slices = read_run_file(store.path, finished=True)["slices"]
        remember(store.spec, [row["wall_s"] for row in slices if "wall_s" in row])


class _Work:
    """The slices of runs: which are missing, and how much is done."""

    def __init__(self, stores: Sequence[Store], drives: int) -> None:
        self._drives = drives
        self._missing: dict[Path, tuple[Store, set[int]]] = {}
        self._numbers: dict[tuple[Path, int], int] = {}
        weights: list[float] = []
        there: list[int] = []
        for store in stores:
            every, whole = range(store.spec.slices), store.whole
            there_already = every if whole else store.slices.undamaged(every)
            finished = [index for index in there_already if not self._lacks_drives(store, index)]
            there += [len(weights) + index for index in finished]
            self._numbers |= {(store.path, index): len(weights) + index for index in every}
            weights += [_work(store.spec.protocol)] * len(every)
            missing = set(every).difference(finished)
            self._missing[store.path] = store, missing
            if not missing and not whole:
                _finish(store)
        self.tally = Tally(weights, there)

    @property
    def is_of_one_run(self) -> bool:
        """Return whether there is one run."""
        return len(self._missing) == 1

    def _lacks_drives(self, store: Store, index: int) -> bool:
        return index < self._drives and not store.slices.drives_file(index).exists()

    def number(self, job: Job) -> int:
        """Return the number of a slice among those of all runs."""
        return self._numbers[job.store.path, job.index]

    def jobs(self) -> Iterator[Job]:
        """Yield the slices that are missing, one of every run before the next of any.

        The first of a run makes its folder.
        """
        every = [(index, path) for path, (_, missing) in self._missing.items() for index in missing]
        begun: set[Path] = set()
        for index, path in sorted(every, key=lambda job: job[0]):
            store, _ = self._missing[path]
            if path not in begun:
                store.begin()
                begun.add(path)
            yield Job(store, index, drives=index < self._drives)

    def note(self, report: Report) -> None:
        """Note what became of a slice; with the last of a run its tables are made."""
        job = report.job
        failed = report.failure is not None
        self.tally.note(self.number(job), report.fraction, failed=failed)
        if report.fraction >= 1:
            store, missing = self._missing[job.store.path]
            missing.discard(job.index)
            if not missing:
                _finish(store)


def _finish(store: Store) -> None:
    """Make the tables of a run whose slices are there."""
    store.complete()
    store.slices.tidy(store.spec.slices)


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
    # on a full disk the table is not made, and can be later, as that of damaged runs
    with suppress(OSError, BadInput):
        runs.write_table()
    counts = [(len(run.finished()), run.spec.slices) for run in runs.stores()]
    finished, slices = (sum(column) for column in zip(*counts, strict=True))
    return (
        f"{finished} of {slices} slices are finished and kept in {runs.path}; "
        f"{runs.how_to_complete}"
    )


def _failure(failed: Sequence[tuple[Job, Failure]], runs: Runs) -> RunError:
    job, failure = failed[0]
    store, seed = job.store, job.store.spec.seed
    log = f"what it printed is in {store.slices.log_file(job.index)}"
    if store.path == runs.path:
        others = f"; {len(failed)} slices failed" if len(failed) > 1 else ""
        return RunError(f"slice {job.index} (seed {seed}) failed: {failure.message}{others}; {log}")
    many = f"{len(failed)} slices failed, the first" if len(failed) > 1 else "one slice failed"
    return RunError(
        f"{many} slice {job.index} of run {store.path.name} (seed {seed}): {failure.message}; "
        f"{log}; the others are finished, and {runs.how_to_complete}"
    )
