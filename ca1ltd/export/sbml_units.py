"""NMODL's units in SBML.

NMODL writes a conversion as a bare number in parentheses: ``(0.001)*koff`` takes a rate from /s to
/ms. Such a number is 1 in units of which there are a thousand to one, and is given that unit here,
so that every equation stays consistent in its units, as it is in the mod file.
"""

import re
from typing import Any, Final

import libsbml

from ca1ltd.engine.nmodl.mechanism import Number
from ca1ltd.errors import BadInput

#: NMODL's names: SBML's kind, exponent and power of ten.
_BASES: Final = {
    "mM": ((libsbml.UNIT_KIND_MOLE, 1, -3), (libsbml.UNIT_KIND_LITRE, -1, 0)),
    "uM": ((libsbml.UNIT_KIND_MOLE, 1, -6), (libsbml.UNIT_KIND_LITRE, -1, 0)),
    "ms": ((libsbml.UNIT_KIND_SECOND, 1, -3),),
    "s": ((libsbml.UNIT_KIND_SECOND, 1, 0),),
    "um3": ((libsbml.UNIT_KIND_LITRE, 1, -15),),
    "amol": ((libsbml.UNIT_KIND_MOLE, 1, -18),),
}
_NAME: Final = re.compile(r"[A-Za-z]+3?")


def declare_unit(model: Any, unit: str) -> str:
    """Return SBML's id of a unit written as in NMODL (``/uM-s``), defining it at its first use.

    Raises
    ------
    BadInput
        If it is made of units that the cascade does not use.
    """
    if unit in ("", "1"):
        return "dimensionless"
    over, _, under = unit.partition("/")
    parts = [(name, 1) for name in _NAME.findall(over)]
    parts += [(name, -1) for name in _NAME.findall(under)]
    if not parts or any(name not in _BASES for name, _ in parts):
        raise BadInput(f"the unit '{unit}' has no translation to SBML")
    identifier = over.replace("-", "_") + ("_per_" + under.replace("-", "_") if under else "")
    return _define(
        model,
        identifier.lstrip("_"),
        [
            (kind, exponent * sign, scale, 1.0)
            for name, sign in parts
            for kind, exponent, scale in _BASES[name]
        ],
    )


def declare_number(model: Any, number: Number) -> str:
    """Return the id of the unit of a literal, defining it at its first use."""
    if not number.factor:
        return declare_unit(model, number.unit)
    identifier = f"factor_{number.value:g}".replace(".", "_").replace("-", "_").replace("+", "")
    return _define(model, identifier, [(libsbml.UNIT_KIND_DIMENSIONLESS, 1, 0, 1 / number.value)])


def _define(model: Any, identifier: str, parts: list[tuple[int, int, int, float]]) -> str:
    if model.getUnitDefinition(identifier) is None:
        definition = model.createUnitDefinition()
        definition.setId(identifier)
        for kind, exponent, scale, multiplier in parts:
            unit = definition.createUnit()
            unit.setKind(kind)
            unit.setExponent(exponent)
            unit.setScale(scale)
            unit.setMultiplier(multiplier)
    return identifier
