"""The parameters a run may change: those of the mod files, of `synapse.toml` and of the cell.

A parameter is named ``group.name``: the mechanism and its PARAMETER (``ca1nmda.g_max``), in the
mod file's unit; a table and key of `synapse.toml` (``spine.neck_resistance``); or, of the cell's
biophysics, a density by its domain (``soma.nat``, ``apical.nat``, ``dendrites.sk``) and any other
number by its table (``nat.slow_from``, ``passive.e_leak``). Value, unit, limits and source are read
from the file that holds the parameter, so nothing is written twice; the source of a number for
which there is a literature says what that is, as ``published 0.01-0.1`` or ``published 1``.
A PARAMETER of a mod file that the biophysics sets from place to place is none: it has no single
value.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ca1ltd import resources
from ca1ltd.errors import BadInput
from ca1ltd.model import cell_biophysics

_BLOCKS = {
    name: re.compile(rf"^{name}\s*\{{(.*?)\}}[ \t]*$", re.MULTILINE | re.DOTALL)
    for name in ("PARAMETER", "CONSTANT")
}
_ROW = re.compile(
    r"^\s*(?P<name>\w+)\s*=\s*(?P<value>[-+.\deE]+)\s*(?:\((?P<unit>[^)]*)\))?"
    r"(?:\s*<\s*(?P<low>[-+.\deE]+)\s*,\s*(?P<high>[-+.\deE]+)\s*>)?\s*(?::\s*(?P<source>.*))?$"
)
_PUBLISHED = re.compile(
    r"\bpublished (?P<low>[.\d]+(?:e[-+]?\d+)?)(?:-(?P<high>[.\d]+(?:e[-+]?\d+)?))?"
)

#: What a density of the biophysics is named after, in its file and here.
_DOMAINS = ("soma", "axon", "basal", "apical", "dendrites")


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

    @property
    def published(self) -> tuple[float, float] | None:
        """Return the lowest and highest of what is published, in its unit, if the source says."""
        found = _PUBLISHED.search(self.source)
        if found is None:
            return None
        return float(found["low"]), float(found["high"] or found["low"])


@cache
def table(cell: str | None = None) -> Mapping[str, Parameter]:
    """Return parameters by key: those of `synapse.toml`, of a cell, and of the mod files.

    Parameters
    ----------
    cell : str, optional
        Name of the cell whose biophysics are told, too.

    Raises
    ------
    BadInput
        If there is no such cell.
    """
    of_cell = [] if cell is None else _cell_rows(cell)
    of_mods = [row for file in resources.mod_files() for row in declared(file)]
    rows = [*_synapse_rows(), *of_cell, *(row for row in of_mods if row.key not in by_place())]
    return {row.key: row for row in rows}


def default(key: str) -> float:
    """Return the value of a parameter that is not of a cell."""
    return table()[key].value


@cache
def by_place() -> Mapping[str, tuple[str, ...]]:
    """Return the keys of PARAMETERs that biophysics sets place by place, with what sets them."""
    return {
        f"{mechanism}.{variable}": tuple(map(_key, _sets(mechanism, variable)))
        for mechanism, variable in cell_biophysics.set_by_place()
    }


def _sets(mechanism: str, variable: str) -> list[tuple[str, ...]]:
    """Return the paths of what decides a variable of a mechanism in the biophysics."""
    table = mechanism.removeprefix("ca1")
    if variable == f"e{table[1:]}":
        return [("reversal", table[1:])]
    inside = {path: unit.unit for path, unit in cell_biophysics.quantities() if path[0] == table}
    densities = [path for path, unit in inside.items() if unit == "S/cm2"]
    if variable == "gbar":
        return densities
    named = [path for path in inside if path[-1].startswith(variable)]
    return named or [path for path in inside if path not in densities]


def checked(overrides: Iterable[tuple[str, float]], cell: str | None = None) -> dict[str, float]:
    """Return changed parameters by key.

    Parameters
    ----------
    overrides : iterable of (str, float)
        Keys and values.
    cell : str, optional
        The cell whose biophysics may be changed, too.

    Raises
    ------
    BadInput
        If a name is unknown, given twice, or its value is out of range.
    """
    values: dict[str, float] = {}
    for key, value in overrides:
        known = row(key, cell)
        if key in values:
            raise BadInput(f"the parameter '{key}' is given twice")
        if not known.low <= value <= known.high:
            raise BadInput(
                f"the parameter '{key}' is {value:g} {known.unit}; "
                f"it must lie between {known.low:g} and {known.high:g}"
            )
        values[key] = float(value)
    if cell is not None and of_cell(values):
        cell_biophysics.changed_biophysics(
            cell_biophysics.biophysics_of(cell), of_cell(values), source="checked for a run"
        )
    return values


def row(key: str, cell: str | None = None) -> Parameter:
    """Return a parameter by its key.

    Raises
    ------
    BadInput
        If there is none, or it has no single value.
    """
    if key in by_place():
        raise BadInput(
            f"the parameter '{key}' differs from place to place, and has no single value: "
            f"set {', '.join(by_place()[key])}"
        )
    if key not in table(cell):
        raise BadInput(f"no parameter '{key}': `ca1ltd info parameters` lists them")
    return table(cell)[key]


class Values:
    """The parameters of a slice: those that are changed, and the others by default.

    Parameters
    ----------
    changed : mapping
        Parameters that differ from their defaults, by key.
    """

    def __init__(self, changed: Mapping[str, float]) -> None:
        self._changed = dict(changed)

    def __call__(self, key: str) -> float:
        """Return the value of a parameter; of the cell's, one that is changed."""
        return self._changed[key] if key in self._changed else table()[key].value

    def group(self, name: str) -> dict[str, float]:
        """Return the parameters of a table of `synapse.toml` by their names in it."""
        return {row.name: self(row.key) for row in table().values() if row.group == name}

    def of_cell(self) -> dict[tuple[str, ...], float]:
        """Return the changed parameters of the cell, by their path in the biophysics."""
        return of_cell(self._changed)

    def of_mechanisms(self) -> Iterator[tuple[str, str, float]]:
        """Yield the changed parameters of mod files: mechanism, name and value."""
        mechanisms = {file.stem for file in resources.mod_files()}
        for key, value in self._changed.items():
            mechanism, name = key.split(".")
            if mechanism in mechanisms:
                yield mechanism, name, value


def of_cell(changed: Mapping[str, float]) -> dict[tuple[str, ...], float]:
    """Return those of changed parameters that are of the cell, by their path in the biophysics."""
    paths = {_key(path): path for path, _ in cell_biophysics.quantities()}
    return {paths[key]: value for key, value in changed.items() if key in paths}


def _key(path: tuple[str, ...]) -> str:
    """Return the key of a quantity of the biophysics: a density has its domain in front."""
    *tables, name = path
    return f"{name}.{tables[0]}" if name in _DOMAINS else f"{'_'.join(tables)}.{name}"


def _cell_rows(cell: str) -> Iterable[Parameter]:
    rules = cell_biophysics.biophysics_of(cell)
    for path, allowed in cell_biophysics.quantities():
        group, _, name = _key(path).partition(".")
        quantity = cell_biophysics.quantity_at(rules, path)
        yield Parameter(
            group=group,
            name=name,
            value=quantity.value,
            unit=allowed.unit,
            low=allowed.low,
            high=allowed.high,
            source=quantity.source,
        )


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
