"""The command line: ``ca1ltd COMMAND``.

Errors are one sentence on standard error and an exit status: 2 for input that cannot be used, 1 for
a run that failed, 130 for Ctrl-C.
"""

from ca1ltd.cli.app import main

__all__ = ["main"]
