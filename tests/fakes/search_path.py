"""Where the processes that tests start look for modules."""

import os
from pathlib import Path


def with_fakes() -> str:
    """Return a PYTHONPATH that begins with this folder.

    It has no empty entry, which would stand for the folder in which a process is started.
    """
    known = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return os.pathsep.join([str(Path(__file__).parent), *known])
