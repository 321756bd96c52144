"""Genotypes: which parameters a changed gene changes, and how they combine.

`genotypes.toml` holds what is known of each.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ca1ltd.errors import BadInput
from ca1ltd.model import parameters

WILD_TYPE: Final = "wild-type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a genotype does to a parameter.

    Attributes
    ----------
    key : str
        The parameter.
    times : float or None
        What the wild type's value is multiplied by.
    value : float or None
        What takes its place otherwise, in the parameter's unit.
    """

    key: str
    times: float | None = None
    value: float | None = None

    def on(self, before: float) -> float:
        """Return the parameter's value, if the wild type has `before`; within its limits."""
        row = parameters.table()[self.key]
        found = self.value if self.times is None else self.times * before
        assert found is not None  # one of the two is given
        return min(max(found, row.low), row.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Genotype:
    """What is known about a genotype and what it changes in the model.

    Attributes
    ----------
    name : str
        Its name on the command line.
    aliases : tuple of str
        Other names it goes by.
    locus : str
        Gene and place of it: two genotypes of one locus exclude each other.
    effect : str
        What it does in the model.
    acts : tuple of Act
        What it does to which parameters.
    source : str
        Where that comes from.
    """

    name: str
    aliases: tuple[str, ...] = ()
    locus: str
    effect: str
    acts: tuple[Act, ...]
    source: str


@cache
def genotypes() -> tuple[Genotype, ...]:
    """Return the genotypes of `genotypes.toml`, in their order."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tuple(
        Genotype(
            **row
            | {"aliases": tuple(row.get("aliases", ())), "acts": tuple(map(_act, row["acts"]))}
        )
        for row in tomllib.loads(text)["genotype"]
    )


def _act(row: Mapping[str, Any]) -> Act:
    return Act(key=row["on"], times=row.get("times"), value=row.get("is"))


def named(text: str) -> tuple[Genotype, ...]:
    """Return the genotypes that a text names, with + between; none for the wild type.

    They are in the order of the file, so that one combination has one name.

    Raises
    ------
    BadInput
        If there is none of a name, or two exclude each other.
    """
    if _bare(text) == _bare(WILD_TYPE):
        return ()
    known = {_bare(word): each for each in genotypes() for word in (each.name, *each.aliases)}
    chosen: dict[str, Genotype] = {}
    for word in text.split("+"):
        if _bare(word) not in known:
            there = ", ".join((WILD_TYPE, *(each.name for each in genotypes())))
            raise BadInput(f"no genotype '{word.strip()}': there are {there}")
        each = known[_bare(word)]
        if each.locus in chosen:
            other = chosen[each.locus]
            raise BadInput(
                f"genotype {each.name} is given twice"
                if other is each
                else f"genotype {other.name} and {each.name} exclude each other: both are of "
                f"{each.locus}"
            )
        chosen[each.locus] = each
    return tuple(each for each in genotypes() if chosen.get(each.locus) is each)


def applied(text: str, wild: Mapping[str, float]) -> dict[str, float]:
    """Return parameters that differ from their defaults, by key, in a genotype.

    Parameters
    ----------
    text : str
        The genotype, as `named` takes it.
    wild : mapping
        Those that differ from their defaults in the wild type.
    """
    found = dict(wild)
    for each in named(text):
        for act in each.acts:
            found[act.key] = act.on(found.get(act.key, parameters.default(act.key)))
    return found


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.casefold())
