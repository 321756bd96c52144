"""Files as they are read everywhere: ordinary ones, and not endless.

What a user names, or a stranger's folder holds, may be a pipe that never answers, a device without
an end or a file as large as the memory.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

MB: Final = 1_000_000
LARGEST_TEXT: Final = 100 * MB
"""Most bytes of a file that people write or read, as JSON."""


@contextmanager
def opened(path: Path | str, *, largest: int) -> Iterator[BufferedReader]:
    """Give an ordinary file, open to be read.

    Parameters
    ----------
    path : path-like
        The file.
    largest : int
        Most bytes that it may have.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no ordinary file, or larger.
    """
    try:
        # A pipe that no one writes to would keep us waiting.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise ValueError("it is no ordinary file") from None
        raise
    with open(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is no ordinary file")
        if found.st_size > largest:
            size = f"{found.st_size / MB:.0f} MB"
            raise ValueError(f"it has {size}, and must have {largest / MB:.0f} MB at most")
        yield file


def read_bytes(path: Path | str, *, largest: int = LARGEST_TEXT) -> bytes:
    """Return the bytes of an ordinary file.

    Raises
    ------
    OSError, ValueError
        As `opened` does.
    """
    with opened(path, largest=largest) as file:
        return file.read(largest)


def read_text(path: Path | str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    OSError, ValueError
        As `opened` does, and if it is other than UTF-8.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"it is not UTF-8 text (byte {error.start} is {error.object[error.start]:#04x}): "
            "save it as UTF-8"
        ) from None
