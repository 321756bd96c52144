"""Drugs as they are taken: which, at what concentration, from when to when."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from ca1ltd.errors import BadInput
from ca1ltd.jsontext import plain
from ca1ltd.model import window
from ca1ltd.model.drugs.catalogue import DrugInfo, info

MAX_CONCENTRATION = 1e5
"""Highest concentration accepted (uM)."""

_WRITTEN = "NAME[=uM][@FROM..TO] (minutes)"
_IN_UM = {"nM": 1e-3, "uM": 1.0, "µM": 1.0, "μM": 1.0, "mM": 1e3}  # micro sign and mu
_SPEC = re.compile(r"(?P<name>[^=@]+)(=(?P<concentration>[^@]*))?(@(?P<start>.*?)\.\.(?P<end>.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug at a concentration, for the whole run or for a window of it.

    Attributes
    ----------
    info : DrugInfo
        Which drug.
    concentration : float
        In uM.
    start, end : float or None
        The window in minutes from the start of induction; None is the start or end of the run.
    """

    info: DrugInfo
    concentration: float
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        given = self.concentration
        if not isinstance(given, Real):
            raise BadInput(f"{self.info.name}: the concentration {given!r} is not a number of uM")
        if not 0 < given <= MAX_CONCENTRATION:
            raise BadInput(
                f"{self.info.name}: the concentration is {given:g} uM, and must be above 0 and at "
                f"most {MAX_CONCENTRATION:g} uM"
            )
        window.check(self.info.name, self.start, self.end)

    @property
    def name(self) -> str:
        """Return the drug's name."""
        return self.info.name

    def window(self, protocol: window.Timed) -> tuple[float, float]:
        """Return when the drug comes and goes (ms from the start of the simulation).

        Raises
        ------
        BadInput
            If the window lies wholly outside the run.
        """
        return window.span(self.name, self.start, self.end, protocol)

    def as_dict(self) -> dict[str, Any]:
        """Return the drug as JSON values."""
        return {
            "name": self.name,
            "concentration": plain(self.concentration),
            "start": plain(self.start),
            "end": plain(self.end),
        }

    def __str__(self) -> str:
        always = self.start is None and self.end is None
        when = "" if always else f"@{window.written(self.start, self.end)}"
        return f"{self.name}={self.concentration:.12g}{when}"


def notes(taken: Sequence[Drug], gaba: str) -> tuple[str, ...]:
    """Return what should be known of drugs that cannot do anything in a slice, in sentences.

    Parameters
    ----------
    taken : sequence of Drug
        The drugs.
    gaba : str
        Whether GABA-A receptors are "blocked" or "intact".
    """
    return tuple(
        f"{name} changes nothing: GABA-A receptors are blocked already (not in --gaba intact)"
        for name in dict.fromkeys(drug.name for drug in taken if _of_gaba(drug))
        if gaba == "blocked"
    )


def _of_gaba(drug: Drug) -> bool:
    return all(act.mechanism == "ca1gaba" for act in drug.info.acts)


def together(
    taken: Sequence[Drug], present: Mapping[DrugInfo, float], without: Callable[[str], float]
) -> tuple[tuple[str, str, float], ...]:
    """Return what all drugs of a run set while some of them are there.

    Parameters
    ----------
    taken : sequence of Drug
        All drugs of the run: what they act on is set, to its value without them if none is there.
    present : mapping of DrugInfo to float
        Those that are there, and their concentrations (uM).
    without : callable
        Value of a variable, named ``mechanism.variable``, without any drug.

    Returns
    -------
    tuple of (str, str, float)
        Mechanism, variable and value: a fraction, a rise or mM.
    """
    settings = {}
    for effect in (effect for drug in taken for effect in drug.info.acts):
        value = without(effect.key)
        for known, concentration in present.items():
            for act in known.acts:
                if act.key == effect.key:
                    value = act.joined(value, concentration)
        settings[effect.mechanism, effect.variable] = value
    return tuple((*place, value) for place, value in settings.items())


def drug(
    name: str,
    concentration: float | None = None,
    *,
    start: float | None = None,
    end: float | None = None,
) -> Drug:
    """Return a drug at a concentration.

    Parameters
    ----------
    name : str
        Name or alias, in any case.
    concentration : float, optional
        In uM; by default what slice experiments use.
    start, end : float, optional
        Window in minutes from the start of induction; by default the whole run.

    Raises
    ------
    BadInput
        If there is no such drug or a value is not allowed.
    """
    known = info(name)
    return Drug(
        info=known,
        concentration=known.default if concentration is None else concentration,
        start=start,
        end=end,
    )


def from_dict(values: Mapping[str, Any]) -> Drug:
    """Return the drug that `Drug.as_dict` describes."""
    return drug(values["name"], values["concentration"], start=values["start"], end=values["end"])


def parse(text: str) -> Drug:
    """Return the drug that ``NAME[=uM][@FROM..TO]`` describes (minutes).

    The concentration may have a unit, as 500nM or 1.5mM. FROM and TO count from the start of
    induction; either may be left out.

    Raises
    ------
    BadInput
        If the text is not of this form, or `drug` refuses it.

    Examples
    --------
    >>> str(parse("d-ap5=50@-5..15"))
    'D-AP5=50@-5..15'
    """
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"the drug '{text}' is not written {_WRITTEN}")
    concentration = match["concentration"]
    return drug(
        match["name"],
        None if concentration is None else _concentration(text, concentration),
        start=_number(text, match["start"]) if match["start"] else None,
        end=_number(text, match["end"]) if match["end"] else None,
    )


def _concentration(text: str, part: str) -> float:
    number, unit = part.strip()[:-2], part.strip()[-2:]
    if unit not in _IN_UM:
        return _number(text, part)
    # As a drug is written: 16.1mM is 16100 and not the sum of its rounding errors.
    return float(f"{_number(text, number) * _IN_UM[unit]:.12g}")


def _number(text: str, part: str) -> float:
    try:
        return float(part)
    except ValueError:
        raise BadInput(
            f"in the drug '{text}', '{part}' is not a number: write {_WRITTEN}"
        ) from None
