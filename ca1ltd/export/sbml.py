"""The cascade as an SBML Level 3 file.

KINETIC blocks become reactions, DERIVATIVE blocks rate rules, assignments assignment rules, and
FUNCTIONs function definitions, all from the mod files' syntax trees. Concentrations are mM and
time is ms, as in the mod files. Calcium is the parameter ``cai``, for the simulator to change.
"""

from collections.abc import Mapping
from html import escape
from importlib.metadata import metadata
from pathlib import Path

import libsbml

from ca1ltd import __version__
from ca1ltd.engine.nmodl.mechanism import Quantity
from ca1ltd.errors import BadInput, RunError
from ca1ltd.export.network import Network, resting
from ca1ltd.export.sbml_math import OPERATORS
from ca1ltd.export.sbml_model import HeadModel
from ca1ltd.export.scope import Scope
from ca1ltd.writing import write_text


def save_sbml(network: Network, path: Path) -> None:
    """Write a network, at rest, to a file.

    Parameters
    ----------
    network : Network
        What to write.
    path : Path
        The file; one that is there is replaced, and its folder is made if need be.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    text = sbml_text(network, resting(network))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(text, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}") from None


def sbml_text(network: Network, start: Mapping[str, float]) -> str:
    """Return a network in SBML.

    Parameters
    ----------
    network : Network
        What to write.
    start : mapping
        Value of each state at the start, in the unit of its mod file.

    Raises
    ------
    BadInput
        If an equation has no translation.
    RunError
        If libsbml finds a fault in the result.
    """
    document = libsbml.SBMLDocument(3, 2)
    model = document.createModel()
    model.setId("ca1ltd_cascade")
    model.setName("From calcium to the AMPA receptor in a spine head of a CA1 pyramidal neuron")
    model.setNotes(_notes(network))
    head = HeadModel(model, volume=network.volume, calcium=network.calcium)
    for mechanism in network.mechanisms:
        file = f"{mechanism.name}.mod"
        units = {each.name: each.unit for each in (*mechanism.states, *mechanism.assigned)}
        for name in network.owned(mechanism):
            head.add_species(Quantity(name=name, unit=units[name]), start[name], file)
    for mechanism in network.mechanisms:
        scope = Scope(mechanism, OPERATORS)
        for constant in mechanism.constants:
            key = f"{mechanism.name}.{constant.name}"
            source = f"{mechanism.name}.mod" + (f": {constant.source}" if constant.source else "")
            value = network.changed.get(key, constant.value or 0.0)
            head.add_constant(scope, constant, value, source)
        head.add_equations(scope, mechanism)
    _check(document)
    return str(libsbml.writeSBMLToString(document))


def _check(document: libsbml.SBMLDocument) -> None:
    document.checkConsistency()
    for k in range(document.getNumErrors()):
        fault = document.getError(k)
        raise RunError(f"the SBML is at fault: {' '.join(fault.getMessage().split())}")


def _notes(network: Network) -> str:
    """Return who made the model, how to cite it, and what each mod file says of itself."""
    about = metadata("ca1ltd")
    files = "".join(
        f"<h2>{mechanism.name}.mod: {escape(mechanism.title)}</h2>"
        f"<pre>{escape(mechanism.comment)}</pre>"
        for mechanism in network.mechanisms
    )
    changed = "".join(f"<li>{key} = {value:g}</li>" for key, value in network.changed.items())
    return (
        '<body xmlns="http://www.w3.org/1999/xhtml">'
        f"<h1>ca1ltd {__version__}: {escape(about['Summary'])}</h1>"
        f"<p>Written by `ca1ltd export sbml`, at rest at {network.calcium:g} mM calcium. "
        "Please cite the program as its CITATION.cff says, and the work each mod file refers to. "
        f"Licence: {escape(about['License-Expression'])}.</p>"
        + (f"<p>Changed parameters:</p><ul>{changed}</ul>" if changed else "")
        + f"{files}</body>"
    )
