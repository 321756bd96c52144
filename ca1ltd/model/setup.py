"""How a slice is set up beyond the usual: what is recorded of it, and further electrodes."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, Final, Self

from ca1ltd.errors import BadInput
from ca1ltd.jsontext import plain
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.model.own_mechanisms import Insertion, OwnMechanisms
from ca1ltd.units import MOhm, minute, ms, s

_PLACE: Final = re.compile(r"(?P<section>axon|\w+\[\d+\])(?:\((?P<x>\d*\.?\d+)\))?")
_SPINE: Final = re.compile(r"spine\[(?P<axon>\d+)\]")
_INTERVAL: Final = re.compile(r"(?P<number>\d*\.?\d+)\s*(?P<unit>ms|s|min)")
_UNITS: Final = {"ms": ms, "s": s, "min": minute}
#: Samples of one record: more would fill the memory.
MOST_SAMPLES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the cell: the name of a section, and where along it (0 to 1)."""

    section: str
    x: float

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Return the place written ``section[i](x)`` or ``section[i]``; None if it is none."""
        found = _PLACE.fullmatch(text) if isinstance(text, str) else None
        return cls(found["section"], float(found["x"] or 0.5)) if found else None


@dataclass(frozen=True, slots=True)
class Spine:
    """The spine that an axon contacts."""

    axon: int


def place_of(text: object) -> Place | Spine | None:
    """Return the place written ``section[i](x)`` or ``spine[axon]``; None if it is none."""
    spine = _SPINE.fullmatch(text) if isinstance(text, str) else None
    return Spine(int(spine["axon"])) if spine else Place.parse(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A variable that is recorded.

    Parameters
    ----------
    name : str
        Name of the recording.
    what : str
        ``section[i](x).variable`` or ``spine[axon].variable``.
    every : float, optional
        Interval of samples through the whole run (ms); without it all is kept around each pulse.

    Raises
    ------
    BadInput
        If something is not written like this.
    """

    name: str
    what: str
    every: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name or "/" in self.name:
            raise BadInput(f"a recording needs a name without a slash, not {self.name!r}")
        if self._parts is None:
            raise BadInput(
                f"'{self.what}' cannot be recorded: write section[i](x).variable, as "
                "apic[12](0.5).v, or spine[axon].variable, as spine[19].cai"
            )
        if isinstance(self.place, Place) and self.place.x > 1:
            raise BadInput(f"'{self.what}': a location on a section lies between 0 and 1")

    @property
    def place(self) -> Place | Spine:
        """Return where it is recorded."""
        assert self._parts is not None  # seen to when it was made
        return self._parts[0]

    def refuse_too_many(self, t_stop: float) -> None:
        """Raise BadInput if there would be too many samples of a run of this length (ms)."""
        if self.every is not None and t_stop / self.every > MOST_SAMPLES:
            raise BadInput(
                f"every {self.every:g} ms of '{self.name}' in {t_stop / minute:g} min gives "
                f"{t_stop / self.every:.0f} samples, and there can be {MOST_SAMPLES}"
            )

    @property
    def variable(self) -> str:
        """Return what is recorded there, as ``v`` or ``ca1nat.m``."""
        assert self._parts is not None
        return self._parts[1]

    @property
    def _parts(self) -> tuple[Place | Spine, str] | None:
        if not isinstance(self.what, str):
            return None
        found = re.fullmatch(r"(.*(?:\]|axon|\)))\.([A-Za-z_][\w.]*)", self.what)
        if found is None:
            return None
        place = place_of(found[1])
        return (place, found[2]) if place else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchSpec:
    """A patch electrode on the cell.

    Parameters
    ----------
    where : str
        ``section[i](x)``.
    hold : float, optional
        Potential at which it holds the cell there (mV).
    series_resistance : float, optional
        Its resistance, if it holds the cell (MOhm); by default 10.

    Raises
    ------
    BadInput
        If it is not written like this, a value is no number or not allowed, or a cell that is not
        held is given a resistance.
    """

    where: str
    hold: float | None = None
    series_resistance: float | None = None

    def __post_init__(self) -> None:
        for word, value in (("hold", self.hold), ("series_resistance", self.series_resistance)):
            if value is not None and not isinstance(value, Real):
                raise BadInput(f"{word} is {value!r}, and must be a number")
        if self.hold is None and self.series_resistance is not None:
            raise BadInput("series_resistance is of a clamp: give the potential to hold, too")
        if Place.parse(self.where) is None:
            raise BadInput(
                f"'{self.where}' cannot be patched: write section[i](x), as apic[12](0.5)"
            )
        if self.place.x > 1:
            raise BadInput(f"'{self.where}': a location on a section lies between 0 and 1")
        if self.hold is not None and not -200 <= self.hold <= 200:
            raise BadInput(f"a cell is held between -200 and 200 mV, not at {self.hold:g} mV")
        if not 0 < self.resistance < float("inf"):
            raise BadInput(f"a series resistance is above 0 MOhm, not {self.resistance:g} MOhm")

    @property
    def place(self) -> Place:
        """Return where it is."""
        place = Place.parse(self.where)
        assert place is not None  # seen to when it was made
        return place

    @property
    def resistance(self) -> float:
        """Return its series resistance (MOhm)."""
        return 10 * MOhm if self.series_resistance is None else float(self.series_resistance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How a slice is set up beyond the usual. Single pulses are kept of such a slice.

    Attributes
    ----------
    records : tuple of Record
        What is recorded beside the somatic potential and the field.
    patches : tuple of PatchSpec
        Further patch electrodes.
    field : FieldElectrode, optional
        The field electrode, if it is elsewhere than by default.
    own : OwnMechanisms, optional
        Mechanisms of the user's own.
    inserted : tuple of Insertion
        Which of them are inserted where.
    """

    records: tuple[Record, ...] = ()
    patches: tuple[PatchSpec, ...] = ()
    field: FieldElectrode | None = None
    own: OwnMechanisms | None = None
    inserted: tuple[Insertion, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the setup as JSON values; times in ms, potentials in mV, resistances in MOhm."""
        field = self.field and {
            "tip": [float(coordinate) for coordinate in self.field.tip],
            "conductivity": float(self.field.conductivity),
            "reach": float(self.field.reach),
        }
        return {
            "records": [asdict(record) for record in self.records],
            "patches": [
                {name: plain(value) for name, value in asdict(patch).items()}
                for patch in self.patches
            ],
            "field": field,
            "mechanisms": self.own and asdict(self.own),
            "inserted": [insertion.as_dict() for insertion in self.inserted],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the setup that `as_dict` describes.

        Raises
        ------
        BadInput
            If a part is missing or a value is not allowed.
        """
        try:
            field, own = values["field"], values["mechanisms"]
            return cls(
                records=tuple(Record(**record) for record in values["records"]),
                patches=tuple(PatchSpec(**patch) for patch in values["patches"]),
                field=field and FieldElectrode(**{**field, "tip": tuple(field["tip"])}),
                own=own and OwnMechanisms(**own),
                inserted=tuple(map(Insertion.from_dict, values["inserted"])),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise BadInput(f"the setup of the slice cannot be read: {error}") from None


def interval(text: object) -> float:
    """Return an interval (ms) that is written with its unit, as "1 s", "100 ms" or "1 min".

    Raises
    ------
    BadInput
        If it is not written like this, or is 0.
    """
    found = _INTERVAL.fullmatch(text.strip()) if isinstance(text, str) else None
    length = float(found["number"]) * _UNITS[found["unit"]] if found else 0.0
    if not length > 0:
        raise BadInput(
            f"every is {text!r}, and must be a time above 0 with its unit, as '1 s' or '100 ms'"
        )
    return length
