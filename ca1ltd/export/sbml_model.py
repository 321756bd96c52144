"""One spine head as an SBML model: species, parameters, functions, rules and reactions."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from ca1ltd.engine.nmodl.calculus import net_flux
from ca1ltd.engine.nmodl.mechanism import (
    Apply,
    Assignment,
    Expression,
    Mechanism,
    Name,
    Number,
    Quantity,
    Rate,
    Reaction,
    names,
)
from ca1ltd.errors import BadInput
from ca1ltd.export.network import CALCIUM, TITLES, VOLUME
from ca1ltd.export.sbml_math import definition, mathematics
from ca1ltd.export.sbml_units import declare_number, declare_unit
from ca1ltd.export.scope import Scope
from ca1ltd.model import parameters

_HEAD: Final = "head"


class HeadModel:
    """Adds a spine head to an empty SBML model.

    A state in mM is the concentration of a species. A state without a unit is a number of molecules
    (or a fraction: of one molecule). SBML counts all reactions in one unit, here amol, and the
    parameter ``molecule`` of 1 amol stands for one molecule in theirs: a conversion factor of the
    species would say it better, but simulators exist that read the file and leave it out.

    Parameters
    ----------
    model : libsbml.Model
        The model.
    volume : float
        Volume of the head (um3).
    calcium : float
        Free calcium (mM), a parameter for the simulator to change.
    """

    def __init__(self, model: Any, *, volume: float, calcium: float) -> None:
        self._model = model
        model.setTimeUnits(declare_unit(model, "ms"))
        amol = declare_unit(model, "amol")
        model.setSubstanceUnits(amol)
        model.setExtentUnits(amol)
        model.setVolumeUnits(declare_unit(model, "um3"))
        compartment = model.createCompartment()
        _identify(compartment, _HEAD, "spine head", parameters.table()[VOLUME].source)
        compartment.setSpatialDimensions(3)
        compartment.setSize(volume)
        compartment.setUnits(model.getVolumeUnits())
        compartment.setConstant(True)
        self._parameter("molecule", "what a reaction counts for one molecule", "amol", 1.0)
        self._parameter(CALCIUM, TITLES[CALCIUM], "mM", calcium, constant=False)

    def add_species(self, state: Quantity, initial: float, source: str) -> None:
        """Add a state or a written ion concentration, with its value at the start."""
        if state.unit not in ("mM", "1"):
            raise BadInput(f"{source}: the unit of '{state.name}' is {state.unit}, not mM or 1")
        counted = state.unit == "1"
        species = self._model.createSpecies()
        _identify(species, state.name, TITLES.get(state.name, state.name), source)
        species.setCompartment(_HEAD)
        species.setConstant(False)
        species.setBoundaryCondition(False)
        species.setHasOnlySubstanceUnits(counted)
        if counted:
            species.setSubstanceUnits("dimensionless")
            species.setInitialAmount(initial)
        else:
            species.setSubstanceUnits(self._model.getSubstanceUnits())
            species.setInitialConcentration(initial)

    def add_constant(self, scope: Scope, constant: Quantity, value: float, source: str) -> None:
        """Add a PARAMETER or CONSTANT."""
        identifier = scope.identifier(constant.name)
        self._parameter(identifier, constant.name, constant.unit, value, source=source)

    def add_equations(self, scope: Scope, mechanism: Mechanism) -> None:
        """Add functions, rules and reactions of a mechanism whose species are there already."""
        source = f"{mechanism.name}.mod"
        assigned = {each.name: each for each in mechanism.assigned}
        reactions = 0
        for equation in mechanism.equations:
            match equation:
                case Assignment(name=name, value=value):
                    if name not in mechanism.writes:
                        quantity = assigned[name]
                        self._parameter(
                            scope.identifier(name), name, quantity.unit, None, source=source
                        )
                    self._rule(self._model.createAssignmentRule(), scope, name, value)
                case Rate(state=state, value=value):
                    self._rule(self._model.createRateRule(), scope, state, value)
                case Reaction():
                    reactions += 1
                    self._reaction(scope, equation, f"{mechanism.name}_{reactions}", source)
        for function in scope.functions.values():
            item = self._model.createFunctionDefinition()
            _identify(item, function.identifier, function.identifier, source)
            item.setMath(definition(function.arguments, function.value, self._unit))

    def _rule(self, rule: Any, scope: Scope, name: str, value: Expression) -> None:
        rule.setVariable(scope.identifier(name))
        rule.setMath(mathematics(scope.outside(value), self._unit))

    def _reaction(self, scope: Scope, reaction: Reaction, identifier: str, source: str) -> None:
        law = net_flux(reaction)
        states = dict(reaction.reactants + reaction.products)
        counted = {self._model.getSpecies(each).getHasOnlySubstanceUnits() for each in states}
        if len(counted) > 1:
            raise BadInput(f"{source}: a reaction mixes concentrations and numbers of molecules")
        law = Apply("*", (Name("molecule" if counted.pop() else _HEAD), scope.outside(law)))
        item = self._model.createReaction()
        arrow = "<->" if reaction.backward is not None else "->"
        written = f"{_side(reaction.reactants)} {arrow} {_side(reaction.products)}".strip()
        _identify(item, identifier, written, source)
        item.setReversible(reaction.backward is not None)
        for side, create in (
            (reaction.reactants, item.createReactant),
            (reaction.products, item.createProduct),
        ):
            for state, count in side:
                reference = create()
                reference.setSpecies(state)
                reference.setStoichiometry(count)
                reference.setConstant(True)
        for name in dict.fromkeys(names(law)):
            if name not in states and self._model.getSpecies(name) is not None:
                item.createModifier().setSpecies(name)
        item.createKineticLaw().setMath(mathematics(law, self._unit))

    def _parameter(
        self,
        identifier: str,
        name: str,
        unit: str,
        value: float | None,
        *,
        constant: bool = True,
        source: str = "",
    ) -> None:
        item = self._model.createParameter()
        _identify(item, identifier, name, source)
        item.setUnits(declare_unit(self._model, unit))
        item.setConstant(constant and value is not None)
        if value is not None:
            item.setValue(value)

    def _unit(self, number: Number) -> str:
        return declare_number(self._model, number)


def _side(states: Iterable[tuple[str, int]]) -> str:
    return " + ".join(f"{count} {state}" if count > 1 else state for state, count in states)


def _identify(item: Any, identifier: str, name: str, source: str) -> None:
    item.setId(identifier)
    item.setName(name)
    if source:
        item.setNotes(f'<p xmlns="http://www.w3.org/1999/xhtml">{escape(source)}</p>')
