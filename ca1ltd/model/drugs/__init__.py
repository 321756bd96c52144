"""Drugs: what each acts on in the model, and how strongly at a concentration.

`drugs.toml` holds what is known of each. A drug that blocks leaves its target the fraction
``1 - b``, with ``b = most C^h / (C^h + IC50^h)``; one that raises something follows the same law; a
buffer, a trapped channel blocker or an added protein is there in its concentration. Concentrations
are in uM, those that experiments apply; that a drug in the bath reaches the inside of the cell in
full is an assumption. How they come and go, `course` says.

Every drug has a word in scripts, its name in small letters with underscores: ``drugs.d_ap5(50)``,
``drugs.okadaic_acid(1, start=-20, end=0)``.
"""

from functools import partial
from typing import Protocol as Interface

from ca1ltd.model.drugs.catalogue import DRUGS, DrugInfo, Effect, info
from ca1ltd.model.drugs.course import (
    constants,
    courses,
    exchanged,
    is_washed,
    refuse_overlap,
)
from ca1ltd.model.drugs.dose import Drug, drug, from_dict, notes, parse, together

__all__ = [
    "DRUGS",
    "Drug",
    "DrugInfo",
    "Effect",
    "constants",
    "courses",
    "drug",
    "exchanged",
    "from_dict",
    "info",
    "is_washed",
    "notes",
    "parse",
    "refuse_overlap",
    "together",
]


class _Taken(Interface):
    """What a drug's word does: `drug` of that name."""

    def __call__(
        self,
        concentration: float | None = None,
        *,
        start: float | None = None,
        end: float | None = None,
    ) -> Drug: ...


_WORDS: dict[str, _Taken] = {
    known.name.lower().replace("-", "_"): partial(drug, known.name) for known in DRUGS
}


def __getattr__(name: str) -> _Taken:
    if name in _WORDS:
        return _WORDS[name]
    raise AttributeError(f"module 'ca1ltd.model.drugs' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted((*__all__, *_WORDS))
