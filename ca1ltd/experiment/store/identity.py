"""By what a run is known: its specification and all that its result is made with."""

from dataclasses import replace

from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import sha256_of
from ca1ltd.provenance import provenance


def name_of(spec: ExperimentSpec) -> str:
    """Return the name of a run: sixteen hexadecimal digits.

    It depends on the specification and on all that the result is made with.
    """
    return sha256_of({"spec": spec.as_dict(), "provenance": provenance(spec.cell)})[:16]


def name_of_slices(spec: ExperimentSpec) -> str:
    """Return what is the same for all slices of a run, however many it has."""
    return name_of(replace(spec, slices=1))
