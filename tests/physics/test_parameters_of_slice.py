"""Parameters of spines, afferents, electrodes and the slice: each is set, and moves something."""

from functools import cache

import numpy as np
import pytest
from busy_rig import OF_MECHANISMS, TABLE, fingerprint, other, rig_of

from ca1ltd.engine import session
from ca1ltd.model import parameters

OF_SLICE = [
    row for row in TABLE.values() if row.key in parameters.table() and row not in OF_MECHANISMS
]


def all_of(**changed):
    """What becomes of a rig with changed parameters, and where and how its electrodes are."""
    rig = rig_of(**changed)
    found = fingerprint(rig)
    return found, rig.field, rig.wiring.currents, rig.wiring.electrodes, len(rig.wiring.sites)


@cache
def usual():
    return all_of()


@pytest.mark.parametrize("row", OF_SLICE, ids=lambda row: row.key)
def test_a_parameter_of_the_slice_moves_something(row):
    if row.key == "slice.series_resistance":  # of a clamp
        rig = rig_of(**{row.key: other(row)})
        assert rig.electrode._clamp.rs == other(row)
        return
    seen, *electrodes = all_of(**{row.key: other(row)})
    before, *as_usual = usual()
    assert np.isfinite(seen).all()
    assert electrodes != as_usual or not np.array_equal(seen, before)


@pytest.mark.parametrize("key", ["ca1nat.q10", "ca1cal.q10", "ca1nmda.g_max", "ca1psd.k_leave"])
def test_a_parameter_reaches_all_its_places(key):
    mechanism, name = key.split(".")
    wanted = other(TABLE[key])
    n = session.load()
    rig = rig_of(**{key: wanted})
    with session.settings(celsius=rig.celsius, atol=1e-3, shared=rig.shared):
        if rig.shared:
            assert getattr(n, f"{name}_{mechanism}") == wanted
        else:
            values = [getattr(each, name) for each in rig.instances(mechanism)]
            assert np.mean(values) == pytest.approx(wanted, rel=0.2)  # of NMDA: spread
    if rig.shared:
        assert getattr(n, f"{name}_{mechanism}") == TABLE[key].value
    del rig
