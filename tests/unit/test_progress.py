import io

from rich.console import Console

from ca1ltd.experiment.progress import progress_bar


def drawn(*, terminal):
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=120)
    with progress_bar(3, console) as report:
        report(0, 1.0)
        report(1, 0.5)
    return screen.getvalue()


def test_the_bar_says_how_much_is_done_how_many_are_finished_and_the_time_left():
    text = drawn(terminal=True)
    assert "50%" in text  # 1.5 of 3 slices
    assert "1 of 3 slices finished" in text
    assert "left" in text


def test_nothing_is_drawn_where_there_is_no_terminal():
    assert drawn(terminal=False) == ""
