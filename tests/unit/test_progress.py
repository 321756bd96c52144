import io

import pytest
from rich.console import Console

from ca1ltd.experiment.workers.progress import EVERY, in_words, standing_shown
from ca1ltd.experiment.workers.tally import Standing


def standing(finished=1, *, time_left=None, failed=0):
    return Standing(
        finished=finished, slices=4, failed=failed, fraction=finished / 4, time_left=time_left
    )


@pytest.mark.parametrize(
    ("time_left", "words"),
    [
        (None, "time left not known yet"),
        (61.2, "1 min 02 s left"),
        (1500, "25 min left"),
        (3900, "1 h 05 min left"),
        (200_000, "2 d 7 h left"),
    ],
)
def test_the_time_left_is_said_in_words(time_left, words):
    assert in_words(standing(time_left=time_left)) == f"1 of 4 slices finished, {words}"


def test_failed_slices_are_counted_and_the_end_has_no_time_left():
    assert in_words(standing(3, failed=1)) == "3 of 4 slices finished, 1 failed"


def test_where_there_is_no_terminal_a_sweep_says_a_line_now_and_then():
    now, screen = [0.0], io.StringIO()
    console = Console(file=screen, force_terminal=False, width=20)
    with standing_shown("2 runs", console, clock=lambda: now[0]) as show:
        for finished in (0, 1, 2, 3):
            show(standing(finished, time_left=90))
            now[0] += EVERY / 2
        show(standing(4))
    assert screen.getvalue().splitlines() == [
        "2 runs: 0 of 4 slices finished, 1 min 30 s left",
        "2 runs: 2 of 4 slices finished, 1 min 30 s left",
        "2 runs: 4 of 4 slices finished",
        "2 runs: 4 of 4 slices finished",
    ]


def test_on_a_terminal_a_sweep_has_a_bar():
    screen = io.StringIO()
    with standing_shown("2 runs", Console(file=screen, force_terminal=True, width=120)) as show:
        show(standing(time_left=90))
    assert "25%" in screen.getvalue()
    assert "1 of 4 slices finished, 1 min 30 s left" in screen.getvalue()
