"""A folder that one process at a time works in."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ca1ltd.errors import BadInput

LOCK_FILE = ".lock"


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Make a folder and keep other processes from it while the block runs.

    Parameters
    ----------
    folder : Path
        The folder.
    what : str
        What is at work in it, for the message.

    Raises
    ------
    BadInput
        If another process is at work in it, or it cannot be written.
    """
    lock = FileLock(folder / LOCK_FILE, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(NotImplementedError):  # some clusters' file systems have no locks
            lock.acquire()
    except Timeout:
        raise BadInput(f"another {what} is at work in {folder}: wait for it") from None
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}") from None
    try:
        yield
    finally:
        lock.release()
