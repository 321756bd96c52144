"""Files written whole or not at all: a full disk leaves no half file and takes no good one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path, *, through_links: bool = True) -> Iterator[Path]:
    """Give a path to write to; what was written replaces the file at once.

    Parameters
    ----------
    path : Path
        The file.
    through_links : bool
        Whether a link stays one, and what is no ordinary file, as ``/dev/stdout``, is written to.
        Otherwise they are replaced as well: in a folder of ours they are no one's wish.
    """
    if through_links and path.exists() and not path.is_file():
        yield path
        return
    target = path.resolve() if through_links else path
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(exist_ok=False)  # and not what a link of that name leads to
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


def write_bytes(content: bytes, path: Path, *, through_links: bool = True) -> None:
    """Write bytes, as `replacing` does."""
    with replacing(path, through_links=through_links) as temporary:
        temporary.write_bytes(content)


def write_text(text: str, path: Path, *, through_links: bool = True) -> None:
    """Write text in UTF-8, as `replacing` does."""
    write_bytes(text.encode(), path, through_links=through_links)
