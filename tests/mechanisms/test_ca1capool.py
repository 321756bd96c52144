"""Calcium shell: influx, decay, fixed point, charge balance, positivity."""

import numpy as np
import pytest

FARADAY = 96485.332  # C/mol
DEPTH, TAU, REST = 0.1, 30.0, 5e-5  # um, ms, mM


def influx(ica, depth=DEPTH):
    """mM/ms that enter a shell (um) with a current density (mA/cm2)."""
    return -ica * 1e4 / (2 * FARADAY * depth)


def make(patch, *others, **settings):
    cell = patch("ca1capool", *others)
    cell.ca1capool.depth, cell.ca1capool.tau, cell.ca1capool.cai_rest = DEPTH, TAU, REST
    for name, value in settings.items():
        setattr(cell.ca1capool, name, value)
    return cell


def test_decay_is_exponential(n, patch):
    cell = make(patch)
    cell.start(-70)
    assert cell.seg.cai == REST
    cell.seg.cai = 1e-3
    for _ in range(1200):
        n.fadvance()
    assert cell.seg.cai == pytest.approx(REST + (1e-3 - REST) * np.exp(-1), rel=1e-3)


@pytest.mark.parametrize("settings", [{}, {"depth": 0.2}, {"tau": 60.0}, {"cai_rest": 1e-4}])
def test_steady_state_with_a_clamped_channel(patch, settings):
    cell = make(patch, "ca1car", **settings)
    cell.ca1car.gbar = 2e-3
    cell.section.cao = 2.0
    cell.clamp(-35, -35, 900.0)
    pool = cell.ca1capool
    expected = pool.cai_rest + influx(cell.seg.ica, pool.depth) * pool.tau
    assert cell.seg.ica < 0
    assert cell.seg.cai == pytest.approx(expected, rel=1e-3)
    assert cell.seg.cai > 2 * pool.cai_rest


def test_it_stays_at_rest_without_influx(n, patch):
    cell = make(patch)
    cell.start(-70)
    for _ in range(4000):
        n.fadvance()
    assert cell.seg.cai == pytest.approx(REST, rel=1e-12)


@pytest.mark.parametrize("variable", [False, True])
def test_calcium_balance(n, patch, variable):
    cell = make(patch, "ca1car", "pas", tau=1e4)
    cell.ca1car.gbar = 1e-4
    cell.pas.g, cell.pas.e = 1e-4, -70.0
    names = {"cai": cell.seg._ref_cai}
    current, times = n.Vector().record(cell.seg._ref_ica), n.Vector().record(n._ref_t)
    cai = cell.trajectory(names, 0.02, variable=variable)["cai"]
    entered = np.trapezoid(influx(current.as_numpy()), times.as_numpy())
    left = np.trapezoid(cai - REST, np.arange(len(cai))) / 1e4
    assert entered > 10 * REST
    assert cai[-1] - REST + left == pytest.approx(entered, rel=0.01)


@pytest.mark.parametrize("variable", [False, True])
def test_calcium_stays_positive_far_above_its_reversal(patch, variable):
    cell = make(patch, "ca1car", "pas")
    cell.ca1car.gbar = 1e-3
    cell.pas.g, cell.pas.e = 1e-4, 200.0
    cai = cell.trajectory({"cai": cell.seg._ref_cai}, 0.02, variable=variable, v=0.0)["cai"]
    assert cai.min() > 0


def test_both_integrators_agree(patch):
    found = []
    for variable in (False, True):
        cell = make(patch, "ca1car", "pas")
        cell.ca1car.gbar = 1e-4
        cell.pas.g, cell.pas.e = 1e-4, -70.0
        names = {"cai": cell.seg._ref_cai}
        found.append(cell.trajectory(names, 0.02, variable=variable)["cai"])
    assert np.ptp(found[0]) > 1e-4
    np.testing.assert_allclose(found[0], found[1], rtol=0, atol=2e-3 * found[0].max())
