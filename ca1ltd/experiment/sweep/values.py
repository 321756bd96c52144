"""Values as they are written on the command line or in a file, one or several in a text."""

import itertools
import math
import re

from ca1ltd.declared import MOST
from ca1ltd.errors import BadInput

MAX_RUNS = 100_000
"""Most runs of one sweep: enough for any study, and few enough that a slip is noticed."""
NO_DRUG = "none"

_RANGE = re.compile(r"(?P<low>[^:]+):(?P<high>[^:]+):(?P<count>\d+)(?P<log>:log)?")
_TOGETHER = re.compile(r"\+(?=\s*[A-Za-z])")  # not the plus of 1e+3
_CONCENTRATION = re.compile(r"(?P<name>[^=@]+)=(?P<values>[^@]*)(?P<window>@.*)?")


def values(text: str) -> tuple[str, ...]:
    """Return the values that a text holds: between commas, or N from one number to another.

    Raises
    ------
    BadInput
        If a value is empty or a range is not understood.

    Examples
    --------
    >>> values("0.5,1:2:3,0.1:10:3:log")
    ('0.5', '1', '1.5', '2', '0.1', '1', '10')
    """
    found: list[str] = []
    for part in (piece.strip() for piece in text.split(",")):
        if not part:
            raise BadInput(f"'{text}' has an empty value")
        found += _range(part) if ":" in part else [part]
    return tuple(found)


def _range(text: str) -> list[str]:
    match = _RANGE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        low, high, count = float(match["low"]), float(match["high"]), int(match["count"])
        if match["log"]:
            low, high = math.log10(low), math.log10(high)
        if not (2 <= count <= MAX_RUNS and math.isfinite(low) and math.isfinite(high)):
            raise ValueError
    except ValueError:
        raise BadInput(
            f"the range '{text}' is not written FROM:TO:N or FROM:TO:N:log, with N from 2 (and "
            "FROM and TO above 0 for log)"
        ) from None
    steps = [low + (high - low) * k / (count - 1) for k in range(count)]
    # Twelve digits: 0.1:0.3:3 is 0.1, 0.2 and 0.3.
    return [f"{10**step if match['log'] else step:.12g}" for step in steps]


def conditions(text: str) -> tuple[str, ...]:
    """Return each condition that a text of drugs holds: a concentration may be several values.

    Raises
    ------
    BadInput
        If a value is empty or a range is not understood.

    Examples
    --------
    >>> conditions("D-AP5=1,50@0..15+FK506")
    ('D-AP5=1@0..15+FK506', 'D-AP5=50@0..15+FK506')
    """
    parts = []
    for part in _TOGETHER.split(text):
        if "," in part and "=" not in part:
            each = " ".join(f"--drug {name.strip()}" for name in text.split(","))
            raise BadInput(f"'{text}' has a comma between conditions: write {each}")
        match = _CONCENTRATION.fullmatch(part.strip())
        parts.append(
            [part.strip()]
            if match is None
            else [
                f"{match['name']}={value}{match['window'] or ''}"
                for value in values(match["values"])
            ]
        )
    return tuple("+".join(combination) for combination in itertools.product(*parts))


def drugs_in(text: str) -> tuple[str, ...]:
    """Return each drug of one condition, ``NAME[=CONC][@FROM..TO]`` with + between, or "none"."""
    return () if text.casefold() == NO_DRUG else tuple(_TOGETHER.split(text))


def synapses_of(text: str) -> int | str:
    """Return a number of synapses, or `MOST`.

    Raises
    ------
    BadInput
        If it is neither.
    """
    return MOST if text.casefold() == MOST else number_of("synapses", text)


def number_of(name: str, text: str) -> int:
    """Return a whole number, as of slices.

    Raises
    ------
    BadInput
        If it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise BadInput(f"{name} is '{text}', and must be a whole number") from None
