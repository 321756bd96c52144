"""Progress, to stderr."""

import sys


def say(text: str) -> None:
    """Write what is being measured."""
    print(text, file=sys.stderr, flush=True)
