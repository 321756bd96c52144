"""Which drugs there are: `drugs.toml`, read."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ca1ltd.errors import BadInput
from ca1ltd.units import mM, uM

Law = Literal["block", "rise", "amount"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a drug does to a variable of a mechanism, which is 0 without it.

    Attributes
    ----------
    mechanism, variable : str
        The variable.
    law : str
        "block": it takes the blocked fraction; "rise": it takes a rise; "amount": it takes the
        concentration itself (mM).
    half : float or None
        Concentration (uM) of half the block or rise; None for an amount.
    hill : float
        Hill coefficient.
    most : float
        Block or rise at a saturating concentration.
    rates : tuple of str
        Parameters of the mechanism by which an amount binds and leaves.
    """

    mechanism: str
    variable: str
    law: Law
    half: float | None = None
    hill: float = 1.0
    most: float = 1.0
    rates: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return ``mechanism.variable``, as the table of parameters has it."""
        return f"{self.mechanism}.{self.variable}"

    def size(self, concentration: float) -> float:
        """Return the effect of a concentration (uM): a fraction, a rise, or mM."""
        if concentration <= 0:
            return 0.0
        if self.half is None:
            return concentration * uM / mM
        return self.most / (1 + math.pow(self.half / concentration, self.hill))

    def concentration(self, size: float) -> float:
        """Return the concentration (uM) whose effect is of a size, which must be possible."""
        if self.half is None:
            return size * mM / uM
        return self.half * math.pow(size / (self.most - size), 1 / self.hill)

    def joined(self, present: float, concentration: float) -> float:
        """Return the variable's value when the drug joins what has made it `present`.

        Blocks are independent of each other: what each leaves multiplies. The rest adds up.
        """
        size = self.size(concentration)
        return 1 - (1 - present) * (1 - size) if self.law == "block" else present + size


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugInfo:
    """What is known about a drug and what it does in the model.

    Attributes
    ----------
    name : str
        Its name on the command line.
    aliases : tuple of str
        Other names it goes by.
    target, effect : str
        What it acts on; what that does in the model.
    site : str
        "bath", or "pipette": in the recorded cell alone.
    side : str
        "presynaptic", "postsynaptic" or "both".
    default : float
        Concentration (uM) when none is given: what slice experiments use.
    acts : tuple of Effect
        What it does to which variables.
    source : str
        Where the numbers come from.
    wash_in, wash_out : float
        Its own time constants of coming and going (min), which count where they are longer than
        the bath's; 0 where it goes with the bath.
    wash_source : str
        Where those come from.
    """

    name: str
    aliases: tuple[str, ...] = ()
    target: str
    effect: str
    site: Literal["bath", "pipette"]
    side: Literal["presynaptic", "postsynaptic", "both"]
    default: float
    acts: tuple[Effect, ...]
    source: str
    wash_in: float = 0.0
    wash_out: float = 0.0
    wash_source: str = ""


def info(name: str) -> DrugInfo:
    """Return what is known about a drug, by its name or an alias.

    Case, spaces and hyphens do not count: "Ro 25-6981" is "ro256981".

    Raises
    ------
    BadInput
        If there is no such drug.
    """
    known = _BY_WORD.get(_bare(str(name)))
    if known is None:
        raise BadInput(f"no drug '{name}': there are {', '.join(each.name for each in DRUGS)}")
    return known


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.casefold())


def _read() -> tuple[DrugInfo, ...]:
    text = Path(__file__).with_name("drugs.toml").read_text(encoding="utf-8")
    return tuple(
        DrugInfo(
            **{
                **row,
                "aliases": tuple(row.get("aliases", ())),
                "acts": tuple(map(_effect, row["acts"])),
            }
        )
        for row in tomllib.loads(text)["drug"]
    )


def _effect(row: Mapping[str, Any]) -> Effect:
    mechanism, variable = row["on"].split(".")
    rest = {key: row[key] for key in ("hill", "most") if key in row}
    rest |= {"rates": tuple(row.get("rates", ()))}
    if "ic50" in row:
        rest |= {"law": "block", "half": row["ic50"]}
    elif "ec50" in row:
        rest |= {"law": "rise", "half": row["ec50"]}
    else:
        rest |= {"law": "amount"}
    return Effect(mechanism=mechanism, variable=variable, **rest)


DRUGS: tuple[DrugInfo, ...] = _read()
_BY_WORD = {_bare(word): known for known in DRUGS for word in (known.name, *known.aliases)}
