"""Progress of runs on a terminal; lines now and then anywhere else."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from ca1ltd.experiment.workers.tally import Standing

EVERY = 60.0
"""Time between two lines where there is no terminal (s)."""


@contextmanager
def standing_shown(
    what: str,
    console: Console | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[Standing], None]]:
    """Show how far runs are and the time left while the block runs.

    Parameters
    ----------
    what : str
        What is run, at the start of a line.
    console : Console, optional
        Where to draw; by default standard error. If it is no terminal, a line is written at the
        start, every minute and at the end.
    clock : callable
        Returns the time (s).

    Yields
    ------
    callable
        To be called with how far it is.
    """
    screen = console or Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[words]}"))
    shown: list[Standing] = []
    printed = -math.inf
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
        task = bar.add_task(what, total=1.0, words=what)

        def show(standing: Standing) -> None:
            nonlocal printed
            bar.update(task, completed=standing.fraction, words=in_words(standing))
            shown[:] = [standing]
            if not screen.is_terminal and clock() - printed >= EVERY:
                screen.print(f"{what}: {in_words(standing)}", highlight=False, soft_wrap=True)
                printed = clock()

        yield show
    if not screen.is_terminal and shown:
        screen.print(f"{what}: {in_words(shown[0])}", highlight=False, soft_wrap=True)


def in_words(standing: Standing) -> str:
    """Return how far it is, as "12 of 50 slices finished, 1 h 05 min left"."""
    words = f"{standing.finished} of {standing.slices} slices finished"
    if standing.failed:
        words += f", {standing.failed} failed"
    if standing.finished + standing.failed < standing.slices:
        left = standing.time_left
        words += ", time left not known yet" if left is None else f", {_duration(left)} left"
    return words


def _duration(seconds: float) -> str:
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min" if minutes >= 10 else f"{minutes} min {rest:02d} s"
