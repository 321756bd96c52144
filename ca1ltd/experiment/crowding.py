"""How many synapses fit: the pathways of a cell are independent up to a number that is its own."""

from collections.abc import Iterator
from dataclasses import replace

from ca1ltd import cell_files
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import MAX_SYNAPSES, ExperimentSpec
from ca1ltd.model import parameters
from ca1ltd.model.cell_biophysics import biophysics_of, changed_biophysics
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.model.parameters import Values
from ca1ltd.model.wiring import Wiring, streams, strongest, tips_of, wire


def most_synapses(spec: ExperimentSpec) -> int:
    """Return the largest number of synapses in each pathway that fits in all slices.

    Parameters
    ----------
    spec : ExperimentSpec
        The experiment, whatever number of synapses it has.

    Raises
    ------
    BadInput
        If not even one fits.
    """
    strengths = strongest(spec.protocol.pulses())
    most = min(wiring.most_synapses(strengths) for wiring in _wirings(spec))
    if not most:
        raise BadInput(
            f"the cell {cell_files.shown(spec.cell)} has too little dendrite in radiatum for two "
            "independent pathways"
        )
    if spec.conditions.readjust:
        said = parameters.checked(spec.parameters, spec.cell)
        numbers = range(1, MAX_SYNAPSES + 1)
        return max(n for n in numbers if spec.conditions.recruited(n, said) <= most)
    return most


def refuse_crowded(spec: ExperimentSpec) -> None:
    """Raise BadInput, with the number that fits, if an experiment has too many synapses.

    Raises
    ------
    BadInput
        If it has.
    """
    strengths = strongest(spec.protocol.pulses())
    said = parameters.checked(spec.parameters, spec.cell)
    recruited = spec.conditions.recruited(spec.synapses, said)
    if all(wiring.fits(recruited, strengths) for wiring in _wirings(spec)):
        return
    raise BadInput(
        f"{recruited} synapses in each pathway are too many for two independent pathways on "
        f"this cell: --synapses {most_synapses(spec)} is the most in these slices (--synapses max "
        "takes it)"
    )


def _wirings(spec: ExperimentSpec) -> Iterator[Wiring]:
    """Yield the wiring of each slice, with one synapse in each pathway."""
    said = parameters.checked(spec.parameters, spec.cell)
    value = Values(spec.conditions.parameters(said))
    morphology = replace(
        morphology_of(spec.cell, as_drawn=spec.as_drawn),
        radiatum_depth=value("placement.radiatum_depth"),
    )
    rules = biophysics_of(spec.cell)
    passive = changed_biophysics(rules, value.of_cell(), source="changed for this run").passive
    tips = tips_of(morphology, passive, value)
    for index in range(spec.slices):
        placing, _, _, wandering = streams(spec.seed, index)
        yield wire(
            morphology,
            passive,
            value,
            synapses=1,
            placing=placing,
            wandering=wandering,
            tips=tips,
        )
