"""Currents of synapses with the soma clamped, as the tables of a run have them."""

import numpy as np
import pandas as pd
import pytest

from ca1ltd import protocols
from ca1ltd.experiment.slice import run_slice
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.model import drugs

ONE_VESICLE = (
    ("ca1bouton.u_rest", 1.0),
    ("ca1bouton.n_rrp", 1.0),
    ("slice.series_resistance", 3.0),
)
CURVE = protocols.current_voltage(potentials=(-70, -20, 60), pulses=1)


def currents(*names, mg=None):
    """What is measured at each potential, by `holding_mV`, and the slice's result."""
    changed = ONE_VESICLE if mg is None else (*ONE_VESICLE, ("ca1nmda.mg_o", mg))
    spec = SliceSpec(
        protocol=CURVE,
        synapses=10,
        drugs=tuple(drugs.drug(name) for name in ("caesium", *names)),
        parameters=changed,
    )
    result = run_slice(spec)
    return result.pulses.set_index("holding_mV"), result


@pytest.fixture(scope="module")
def nmda():
    return currents("NBQX")


def test_nmda_receptors_are_blocked_at_rest_and_reverse(nmda):
    table, _ = nmda
    free, _ = currents("NBQX", mg=0.0)
    assert free.loc[-70, "epsc_pA"] < 5 * table.loc[-70, "epsc_pA"] < 0
    assert table.loc[-20, "epsc_pA"] < 1.3 * table.loc[-70, "epsc_pA"]
    assert table.loc[60, "epsc_pA"] > 1
    assert table.loc[60, "epsc_pA"] > 0.8 * free.loc[60, "epsc_pA"]  # relieved
    late = table["epsc_late_pA"] / table["epsc_pA"]
    assert (late > 0.1).all()  # slow, at rest less so: blocked channels close over magnesium
    assert (late[late.index > -70] > 0.3).all()


def test_calcium_of_the_spines_is_largest_in_between(nmda):
    table, _ = nmda
    rise = table["spine_ca_uM"] - table["spine_ca_before_uM"]
    assert rise[-20] > 1.5 * rise[-70] > 0
    assert rise[-20] > 1.5 * rise[60] > 0
    assert (table["spine_v_mV"].diff().dropna() > 20).all()


def test_ampa_receptors_are_fast_and_need_no_depolarisation():
    table, _ = currents("D-AP5")
    assert table.loc[-70, "epsc_pA"] < -10
    assert abs(table.loc[-70, "epsc_late_pA"]) < 0.1 * abs(table.loc[-70, "epsc_pA"])


def test_the_mean_current_is_kept_and_there_is_no_epsp(nmda):
    table, result = nmda
    trace = result.traces["soma_i/conditioned/60/before"]
    assert trace.unit == "pA"
    assert trace.values.max() == pytest.approx(table.loc[60, "epsc_pA"], rel=0.02)
    assert np.isnan(table["epsp_slope_mV_per_ms"]).all()
    assert not [name for name in result.traces if name.startswith("soma_v")]


def test_a_table_without_voltage_clamp_has_no_columns_of_it():
    spec = SliceSpec(protocol=protocols.test_pulses(duration=2, baseline=1), synapses=2)
    table: pd.DataFrame = run_slice(spec).pulses
    assert not {"holding_mV", "epsc_pA", "spine_v_mV"} & set(table)
    assert table["epsp_slope_mV_per_ms"].notna().all()
