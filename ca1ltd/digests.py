"""What stands for files, so that a change of any byte or name is noticed."""

import hashlib
from collections.abc import Iterable


def digest(named: Iterable[tuple[str, bytes]]) -> str:
    """Return the hexadecimal SHA-256 of names and contents, in their order."""
    found = hashlib.sha256()
    for name, content in named:
        found.update(f"{name}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()
