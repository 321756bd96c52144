"""Every parameter that is listed can be set, and moves something."""

import numpy as np
import pytest
from busy_rig import BUSY, OF_MECHANISMS, TABLE, fingerprint, other, rig_of

from ca1ltd.model import parameters
from ca1ltd.model.cell_biophysics import biophysics_of, changed_biophysics

OF_CELL = [row for row in TABLE.values() if row.key not in parameters.table()]
#: Limits of what stays within them on these cells.
LIMITS = ("ka.ceiling", "ih.ceiling", "passive.e_leak_min")
DISTANCES = (0.0, 40.0, 60.0, 110.0, 240.0, 600.0)  # um
KINDS = ("soma", "axon", "basal", "apical")


@pytest.fixture(scope="module")
def busy():
    rig = rig_of()
    yield rig, fingerprint(rig)
    del rig


@pytest.mark.parametrize("row", OF_MECHANISMS, ids=lambda row: row.key)
def test_a_parameter_of_a_mechanism_moves_something(busy, row):
    rig, before = busy
    assert np.isfinite(before).all()
    instances = list(rig.instances(row.group))
    assert instances
    places = [instance for instance in instances if hasattr(instance, row.name)]
    kept = [getattr(place, row.name) for place in places]
    for place, value in zip(places, kept, strict=True):
        setattr(place, row.name, value * other(row) / BUSY.get(row.key, row.value))
    shared = {} if places else {f"{row.name}_{row.group}": other(row)}
    try:
        assert not np.array_equal(fingerprint(rig, shared), before)
    finally:
        for place, value in zip(places, kept, strict=True):
            setattr(place, row.name, value)


def test_what_was_moved_is_back(busy):
    rig, before = busy
    np.testing.assert_array_equal(fingerprint(rig), before)


@pytest.mark.parametrize("row", OF_CELL, ids=lambda row: row.key)
def test_a_parameter_of_the_cell_moves_its_membrane(row):
    rules = biophysics_of("dhc")
    wanted = parameters.checked([(row.key, other(row))], "dhc")
    after = changed_biophysics(rules, parameters.of_cell(wanted), source="a test of it")

    def membrane(rules):
        """All that the rules say of the places of a cell."""
        places = [
            (k, d, w)
            for k in KINDS
            for d in (0.0, 40.0, 60.0, 110.0, 240.0, 600.0)
            for w in (0.6, 2)
        ]
        settings = [rules.settings_at(*place) for place in places]
        capacitance = [rules.capacitance_at(*place) for place in places]
        shape = rules.axon, rules.passive.branch_diameter, rules.passive.axial_resistance
        return settings, capacitance, rules.reversal, shape

    if row.key in LIMITS:
        path = parameters.of_cell(wanted).popitem()[0]
        extreme = -66.9 if row.key == "passive.e_leak_min" else row.low
        after = changed_biophysics(rules, {path: extreme}, source="a test of it")
    assert membrane(after) != membrane(rules)
