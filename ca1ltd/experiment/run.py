"""Run an experiment from its specification to its results: a sweep of one run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from ca1ltd.errors import BadInput
from ca1ltd.experiment.crowding import refuse_crowded
from ca1ltd.experiment.results import Run, load_run
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.lock import locked
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.bar import told_standing
from ca1ltd.experiment.workers.local import RUN_SLICE
from ca1ltd.experiment.workers.tally import Standing


def run_experiment(
    spec: ExperimentSpec,
    out: Path | str,
    *,
    workers: int | None = None,
    resume: bool = False,
    progress: Callable[[Standing], None] | Literal[False] | None = None,
    function: str = RUN_SLICE,
) -> Run:
    """Return the results of an experiment, after running the slices that are missing.

    Parameters
    ----------
    spec : ExperimentSpec
        What to run.
    out : path-like
        The run's folder. It must be new or empty, unless `resume`.
    workers : int, optional
        Slices at once; by default as many as there are cores.
    resume : bool
        Complete the run that `out` holds, if it is of the same specification. It may have fewer
        slices, finished or not: the others are added, and the result is that of a run which had
        them all from the start.
    progress : callable or False, optional
        Called with how far it is; by default there is a bar in a notebook and on a terminal, and
        with False there is none.
    function : str
        What simulates a slice, as "module:name".

    Raises
    ------
    BadInput
        If the folder cannot be used, or the specification is refused; nothing is written then.
    BuildError
        If the mechanisms cannot be compiled; nothing is written then.
    RunError
        If a slice failed. The others are kept.
    Interrupted
        On Ctrl-C. Finished slices are kept.
    """
    store = Store.open(Path(out), spec, resume=resume)
    try:
        with told_standing(progress, spec.protocol.name) as tell:
            run_missing(OneRun(store), workers=workers, progress=tell, function=function)
    except BadInput:
        refuse_crowded(spec)  # if that is why, with the number that fits
        raise
    return load_run(store.path)


@dataclass(frozen=True, slots=True)
class OneRun:
    """The folder of a run, as one of many runs that has one."""

    store: Store
    how_to_complete: ClassVar[str] = "--resume completes the run"

    @property
    def path(self) -> Path:
        """Return the folder."""
        return self.store.path

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Keep others from the folder while the block runs, and say in it what is run.

        A new run of which nothing can be made is removed again.

        Raises
        ------
        BadInput
            If another process is at work in it, or has left another run, or it cannot be written.
        """
        new = not self.store.begun
        with locked(self.path, "run"):
            if self.store.begun:  # perhaps since we looked, by a process that was faster
                Store.open(self.path, self.store.spec, resume=True)
            try:
                yield
            except BadInput:
                if new and not self.store.finished():
                    self.store.remove()
                raise

    def stores(self) -> tuple[Store, ...]:
        """Return the store of the run."""
        return (self.store,)

    def write_table(self) -> None:
        """Write nothing: the run's own tables say all."""
