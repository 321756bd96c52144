"""Run an experiment from its specification to its results."""

import os
from pathlib import Path

from ca1ltd import build
from ca1ltd.errors import BadInput, Interrupted
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import RUN_SLICE, Progress, run_slices


def run_experiment(
    spec: ExperimentSpec,
    out: Path | str,
    *,
    workers: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
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
        Complete the run that `out` holds, if it is of the same specification.
    progress : callable, optional
        Called with a slice's number and the fraction of its pulses that are done, 0 to 1.
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
    if workers is not None and workers < 1:
        raise BadInput(f"workers is {workers}, and must be 1 or more")
    store = Store.open(Path(out), spec, resume=resume)
    build.build()
    new = store.create()
    there = store.finished()
    report = progress or (lambda _index, _fraction: None)
    for index in there:
        report(index, 1.0)
    missing = [index for index in range(spec.slices) if index not in there]
    try:
        run_slices(
            store,
            missing,
            workers=workers or os.cpu_count() or 1,
            progress=report,
            function=function,
        )
    except BadInput:
        if new and not store.finished():
            store.remove()
        raise
    except KeyboardInterrupt:
        raise Interrupted(
            f"stopped: {len(store.finished())} of {spec.slices} slices are finished and kept in "
            f"{store.path}; --resume completes the run"
        ) from None
    return store.complete()
