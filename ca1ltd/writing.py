"""Files written whole or not at all: a full disk leaves no half file and takes no good one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written replaces the file at once.

    A path that is no ordinary file, as ``/dev/stdout``, is given itself.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    target = path.resolve()  # a link stays a link
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield temporary
        settle(temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Have a file's bytes, or a folder's names, survive a power failure."""
    # Without it a name may reach the disk before its bytes: a finished slice of empty files.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_bytes(content: bytes, path: Path) -> None:
    """Write bytes."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(text: str, path: Path) -> None:
    """Write text in UTF-8."""
    write_bytes(text.encode(), path)
