"""Progress of a run on a terminal; silence anywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ca1ltd.experiment.pool import Progress as Report


@contextmanager
def progress_bar(slices: int, console: Console | None = None) -> Iterator[Report]:
    """Show a bar with the time left while the block runs.

    Parameters
    ----------
    slices : int
        How many slices the run has.
    console : Console, optional
        Where to draw; by default standard error. Nothing is drawn if it is not a terminal.

    Yields
    ------
    callable
        To be called with a slice's number and the fraction of it that is done, 0 to 1.
    """
    done = dict.fromkeys(range(slices), 0.0)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[finished]} of {task.total} slices finished"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    screen = console or Console(stderr=True)
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
        task = bar.add_task("running", total=slices, finished=0)

        def report(index: int, fraction: float) -> None:
            done[index] = fraction
            finished = sum(part >= 1 for part in done.values())
            bar.update(task, completed=sum(done.values()), finished=finished)

        yield report
