"""The parameters a run may change: those of the mod files and those of `synapse.toml`.

A parameter is named ``group.name``: the mechanism and its PARAMETER (``ca1nmda.g_max``), in the
mod file's unit, or a table and key of `synapse.toml` (``spine.neck_resistance``). Value, unit,
limits and source are read from the file that holds the parameter, so nothing is written twice.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ca1ltd import resources
from ca1ltd.errors import BadInput

_BLOCKS = {
    name: re.compile(rf"^{name}\s*\{{(.*?)\}}[ \t]*$", re.MULTILINE | re.DOTALL)
    for name in ("PARAMETER", "CONSTANT")
}
_ROW = re.compile(
    r"^\s*(?P<name>\w+)\s*=\s*(?P<value>[-+.\deE]+)\s*(?:\((?P<unit>[^)]*)\))?"
    r"(?:\s*<\s*(?P<low>[-+.\deE]+)\s*,\s*(?P<high>[-+.\deE]+)\s*>)?\s*(?::\s*(?P<source>.*))?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number of the model, with its unit, allowed range and source."""

    group: str
    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str

    @property
    def key(self) -> str:
        """Return ``group.name``."""
        return f"{self.group}.{self.name}"


@cache
def table() -> Mapping[str, Parameter]:
    """Return every parameter by its key, those of `synapse.toml` first."""
    rows = [*_synapse_rows(), *(row for file in resources.mod_files() for row in declared(file))]
    return {row.key: row for row in rows}


def checked(overrides: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return changed parameters by key.

    Raises
    ------
    BadInput
        If a name is unknown, given twice, or its value is out of range.
    """
    values: dict[str, float] = {}
    for key, value in overrides:
        row = table().get(key)
        if row is None:
            raise BadInput(f"no parameter '{key}': `ca1ltd info parameters` lists them")
        if key in values:
            raise BadInput(f"the parameter '{key}' is given twice")
        if not row.low <= value <= row.high:
            raise BadInput(
                f"the parameter '{key}' is {value:g} {row.unit}; "
                f"it must lie between {row.low:g} and {row.high:g}"
            )
        values[key] = float(value)
    return values


def _synapse_rows() -> list[Parameter]:
    text = Path(__file__).with_name("synapse.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(text)
    return [
        Parameter(group=group, name=name, **fields)
        for group, names in groups.items()
        for name, fields in names.items()
    ]


def declared(file: Path, block: str = "PARAMETER") -> list[Parameter]:
    """Return what a mod file declares with a value.

    Parameters
    ----------
    file : Path
        The mod file.
    block : str
        ``PARAMETER`` or ``CONSTANT``.
    """
    found = _BLOCKS[block].search(file.read_text(encoding="utf-8"))
    lines = found[1].splitlines() if found else []
    return [
        Parameter(
            group=file.stem,
            name=row["name"],
            value=float(row["value"]),
            unit=row["unit"] or "1",
            low=float(row["low"] or "-inf"),
            high=float(row["high"] or "inf"),
            source=(row["source"] or "").strip(),
        )
        for row in map(_ROW.match, lines)
        if row
    ]
