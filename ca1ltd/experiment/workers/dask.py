"""Slices on a Dask cluster: a worker runs each as the local pool does and sends its files back.

Nothing needs to be shared but the network: only the client writes into the sweep's folder. Each
slice is a process of its own there, too, so a Dask worker never holds a model, and a worker of n
threads runs n slices at once.
"""

import logging
import queue
import re
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ca1ltd import cell_files
from ca1ltd.errors import BadInput, Ca1ltdError, NotStored, RunError
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import Failure, Job, Report, run_local
from ca1ltd.jsontext import read_json
from ca1ltd.provenance import Provenance, provenance
from ca1ltd.writing import write_bytes

if TYPE_CHECKING:
    from distributed import Client, Future, Worker

CONNECT_WITHIN = 10
"""How long a scheduler may take to answer (s)."""
QUIET = 60.0
"""After how long without news (s) it is reported that there is none."""
OUTSTANDING = 2000
"""Slices that the scheduler knows of at a time: more than a cluster has cores, fewer than a study
has slices, so that results are fetched and let go as they come."""

_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://\S+:\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """What a worker sends back: the files of a slice, or why there are none and what it printed."""

    files: dict[str, bytes]
    failure: Failure | None = None
    log: bytes = b""


@contextmanager
def connected(scheduler: str) -> Iterator["Client"]:
    """Give a client of a scheduler whose workers are made of the same parts as this machine.

    Parameters
    ----------
    scheduler : str
        Its address, as "tcp://10.0.0.1:8786", or the scheduler file that it wrote.

    Raises
    ------
    BadInput
        If Dask is not installed, the address is none, or a worker has another ca1ltd, NEURON or
        other mechanisms.
    RunError
        If the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BadInput(
            "--scheduler needs Dask, which is not installed: pip install 'ca1ltd[cluster]'"
        ) from None
    address = _address(scheduler)
    with _quiet():
        try:
            client = Client(address, timeout=CONNECT_WITHIN, set_as_default=False)
        except OSError:
            raise RunError(f"no Dask scheduler answers at {address}") from None
        try:
            try:
                client.run(_refuse_other_cells, _here())
            except Exception as error:
                raise _as_ours(error, address) from None
            yield client
        finally:
            with suppress(TimeoutError):  # a client waits for a lost scheduler to come back
                client.close(timeout=CONNECT_WITHIN if client.status == "running" else 0.1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Dask while the block runs: it logs a lost scheduler as a traceback.

    It does so even later, from a thread that goes on looking for it: then it stays silent.
    """
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    loggers = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    for logger, _ in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    lost = False
    try:
        yield
    except RunError:
        lost = True
        raise
    finally:
        if not lost:
            for logger, level in loggers:
                logger.setLevel(level)


def _address(scheduler: str) -> str:
    """Return the address of a scheduler, from itself or from the file that the scheduler wrote."""
    found = scheduler
    try:
        if Path(scheduler).is_file():
            found = read_json(scheduler)["address"]
        if _ADDRESS.fullmatch(found):
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise BadInput(
        f"'{scheduler}' is no scheduler: give its address, as tcp://10.0.0.1:8786, or the file "
        "that `dask scheduler --scheduler-file` wrote"
    )


def run_on_cluster(
    jobs: Iterable[Job], *, client: "Client", function: str
) -> Generator[Report, None, None]:
    """Run slices on the workers of a cluster and yield what becomes of them, as it happens.

    A slice whose worker dies is run again by another. When the generator is closed, or this
    process dies, the workers stop the slices that they are running.

    Parameters
    ----------
    jobs : iterable of Job
        The slices.
    client : Client
        As `connected` gives it.
    function : str
        What simulates a slice, as "module:name".

    Yields
    ------
    Report
        One for each slice, with a fraction of 1 when it lies in its store, or a failure.

    Raises
    ------
    RunError
        If the scheduler is lost.
    BadInput
        If a worker that joined later has another ca1ltd, NEURON or other mechanisms.
    OSError
        If a slice cannot be stored.
    """
    waiting = iter(jobs)
    done: queue.Queue[Future[_Parcel]] = queue.Queue()
    running: dict[Future[_Parcel], Job] = {}
    scheduler = str(client.scheduler.address) if client.scheduler else "its address"
    try:
        while True:
            while len(running) < OUTSTANDING and (job := next(waiting, None)) is not None:
                description = {
                    "spec": job.store.spec.as_dict(),
                    "index": job.index,
                    "drives": job.drives,
                    "function": function,
                    "provenance": provenance(job.store.spec.cell),
                }
                future = client.submit(_run_slice, description, pure=False)
                running[future] = job
                future.add_done_callback(done.put)
            if not running:
                return
            try:
                future = done.get(timeout=QUIET)
            except queue.Empty:
                yield Report(next(iter(running.values())), 0.0)
                continue
            job = running.pop(future)
            try:
                parcel = future.result()
            except Exception as error:
                parcel = _Parcel(files={}, failure=_failure(error, scheduler))
            yield _stored(job, parcel)
    finally:
        if client.status == "running":
            client.cancel(list(running), reason="the sweep was stopped")


def _stored(job: Job, parcel: _Parcel) -> Report:
    log = job.store.slices.log_file(job.index)
    if parcel.failure is not None:
        write_bytes(parcel.log, log, through_links=False)
        return Report(job, 0.0, parcel.failure)
    job.store.slices.save_files(job.index, parcel.files)
    log.unlink(missing_ok=True)
    return Report(job, 1.0)


def _failure(error: Exception, scheduler: str) -> Failure:
    """Return why one slice failed, or raise what stops them all."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return Failure(RunError, "the workers that ran it died, one after the other")
    raise _as_ours(error, scheduler) from None


def _as_ours(error: Exception, scheduler: str) -> Ca1ltdError:
    """Return an error of Dask as one that says in a sentence what is wrong."""
    if isinstance(error, Ca1ltdError):
        return error
    if isinstance(error, CancelledError | OSError):
        return RunError(f"the Dask scheduler at {scheduler} was lost")
    if "No module named 'ca1ltd" in str(error):  # of any class: Dask wraps what a worker raises
        return BadInput(f"a worker of {scheduler} has no ca1ltd: install the same version there")
    return RunError(f"the workers of {scheduler} fail: {type(error).__name__}: {error}")


def _here() -> dict[str, Provenance]:
    """Return what results of each cell are made with on this machine."""
    return {cell: provenance(cell) for cell in cell_files.project_cells()}


def _refuse_other_cells(expected: Mapping[str, Mapping[str, str]], dask_worker: "Worker") -> None:
    for cell, parts in expected.items():
        _refuse_others(cell, parts, dask_worker)


def _refuse_others(cell: str, expected: Mapping[str, str], worker: "Worker") -> None:
    """Raise BadInput, on a worker, unless its results are made with the same as the client's."""
    other = Provenance(expected).difference(provenance(cell))
    if other is not None:
        raise BadInput(
            f"the worker {worker.address} has {other}, which this machine has: install the same "
            "on both"
        )


def _run_slice(description: Mapping[str, Any]) -> _Parcel:
    """Run a slice on a worker, in a process of its own and a folder that is not kept."""
    from distributed import get_worker

    worker = get_worker()
    _refuse_others(description["spec"]["cell"], description["provenance"], worker)
    key, index = worker.get_current_task(), description["index"]
    with tempfile.TemporaryDirectory(dir=worker.local_directory) as scratch:
        store = Store(Path(scratch), ExperimentSpec.from_dict(description["spec"]))
        try:
            store.begin()
            jobs = [Job(store, index, drives=description["drives"])]
            with closing(run_local(jobs, workers=1, function=description["function"])) as reports:
                for report in reports:
                    if report.failure is not None:
                        log = store.slices.log_file(index).read_bytes()
                        failure = _at(worker.address, report.failure)
                        return _Parcel(files={}, failure=failure, log=log)
                    if not _wanted(worker, key):
                        return _Parcel(files={}, failure=Failure(RunError, "it was stopped"))
            return _Parcel(files=store.slices.files(index))
        except OSError as error:
            message = f"{scratch} cannot be written: {error.strerror or error}"
            return _Parcel(files={}, failure=_at(worker.address, Failure(NotStored, message)))


def _at(address: str, failure: Failure) -> Failure:
    """Return a failure to store on a worker as one of the slice: the client's disk is not full."""
    if failure.error is NotStored:
        return Failure(RunError, f"on the worker {address}, {failure.message}")
    return failure


def _wanted(worker: "Worker", key: Any) -> bool:
    """Return whether someone waits for a task: its client and scheduler may be gone."""
    task = worker.state.tasks.get(key)
    return task is not None and task.state == "executing" and worker.status.name == "running"
