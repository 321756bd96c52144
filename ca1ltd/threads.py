"""One thread for linear algebra: ours is small, and threads that wait for it take processor time.

NumPy's library starts them when it is loaded, and is told before that by the environment.
"""

import os
from typing import Final

#: What the libraries look at.
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def take_one_thread() -> None:
    """Let NumPy, which must not be loaded yet, start no threads, unless the user has said more."""
    if not any(name in os.environ for name in ONE_THREAD):
        os.environ.update(ONE_THREAD)
