"""JSON as it is read everywhere: what is given twice or cannot be counted is refused."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ca1ltd.reading import read_text


def read_json(path: Path | str) -> Any:
    """Return the values of a JSON file in UTF-8, with or without a byte order mark.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no ordinary file in UTF-8, or `parse_json` refuses it.
    """
    return parse_json(read_text(path))


def plain(value: Any) -> Any:
    """Return a number of NumPy's as one of Python's, which JSON can say; anything else as it is."""
    return value.item() if hasattr(value, "item") else value


def parse_json(text: str) -> Any:
    """Return the values that a JSON text describes.

    Raises
    ------
    ValueError
        If it is not JSON, names a key twice in an object, is nested too deeply, or has a whole
        number of thousands of digits.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"'{key}' is given twice")
        found[key] = value
    return found


def _whole_number(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # Python reads some thousands of digits at most
        raise ValueError(f"a number has {len(digits)} digits, which is too many") from None
