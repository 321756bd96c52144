"""Run many experiments, on this machine or on a cluster, so that nothing finished is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import Run, load_run
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.sweep_folder import SweepStore
from ca1ltd.experiment.workers.bar import told_standing
from ca1ltd.experiment.workers.local import RUN_SLICE
from ca1ltd.experiment.workers.tally import Standing
from ca1ltd.text import count


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sweep:
    """The results of a sweep, those of its finished runs.

    Attributes
    ----------
    table : DataFrame
        A row for each finished run: ``run``, what was swept, and the numbers of its summary.
    path : Path
        The sweep's folder.
    swept : tuple of str
        The options and parameters in which its runs differ: columns of the table.
    """

    table: pd.DataFrame
    path: Path
    swept: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Sweep of {count(len(self.table), 'finished run')} in {self.path}>"

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
    progress: Callable[[Standing], None] | Literal[False] | None = None,
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
    progress : callable or False, optional
        Called with how far it is; by default there is a bar in a notebook and on a terminal, and
        with False there is none.
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
    store = SweepStore.open(Path(out), tuple(dict.fromkeys(specs)), resume=resume)
    with told_standing(progress, count(len(specs), "run")) as tell:
        run_missing(store, workers=workers, scheduler=scheduler, progress=tell, function=function)
    return Sweep(table=store.table(), path=store.path, swept=store.swept)


def load_sweep(path: Path | str) -> Sweep:
    """Return what is finished of the sweep in a folder, which may still be at work.

    Raises
    ------
    BadInput
        If there is no sweep.
    """
    store = SweepStore.load(Path(path))
    return Sweep(table=store.table(), path=store.path, swept=store.swept)
