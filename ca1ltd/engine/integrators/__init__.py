"""How time advances: one module for each integrator, by the name that a run gives."""

from typing import Final

from ca1ltd.engine.integrators.base import Integrator
from ca1ltd.engine.integrators.efficient import Efficient
from ca1ltd.engine.integrators.fixed import Fixed
from ca1ltd.engine.integrators.reference import Reference

__all__ = ["INTEGRATORS", "Efficient", "Fixed", "Integrator", "Reference"]

INTEGRATORS: Final[dict[str, type[Integrator]]] = {
    "efficient": Efficient,
    "reference": Reference,
    "fixed": Fixed,
}
