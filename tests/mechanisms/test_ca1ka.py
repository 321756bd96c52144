"""A-type potassium current: proximal and distal kinetics, relaxation, current."""

import numpy as np
import pytest

K = 96485.332 / (8.314463 * 307.15) * 1e-3  # 1/mV at 34 degC
PROXIMAL = {"z0": 1.5, "vhalf": 11.0, "gm": 0.55, "a0": 0.05, "tau_n_min": 0.1}
DISTAL = {"z0": 1.8, "vhalf": -1.0, "gm": 0.39, "a0": 0.1, "tau_n_min": 0.2}


def barrier(v, z0, vhalf, **_):
    return -(z0 + 1 / (1 + np.exp((v + 40) / 5))) * K * (v - vhalf)


def n_inf(v, **form):
    return 1 / (1 + np.exp(barrier(v, **form)))


def n_tau(v, gm, a0, tau_n_min, **form):
    e = barrier(v, **form)
    return max(tau_n_min, np.exp(gm * e) / (5.0 * a0 * (1 + np.exp(e))))


def l_inf(v):
    return 1 / (1 + np.exp(3 * K * (v + 56)))


def l_tau(v):
    return max(2.0, 0.26 * (v + 50))


def make(patch, form):
    cell = patch("ca1ka")
    for name, value in form.items():
        setattr(cell.ca1ka, name, value)
    return cell


@pytest.mark.parametrize(
    ("v", "reference"),
    [
        (-70, {"n_inf": 4.789e-4, "n_tau": 0.12825, "l_inf": 0.83018}),
        (-20, {"n_inf": 0.14455, "n_tau": 1.5374}),
    ],
)
def test_default_rates_are_the_published_proximal_ones(patch, v, reference):
    cell = patch("ca1ka")
    found = {name: getattr(cell.ca1ka, name)(v) for name in reference}
    assert found == pytest.approx(reference, rel=1e-3)


@pytest.mark.parametrize("form", [PROXIMAL, DISTAL], ids=["proximal", "distal"])
def test_rates_follow_the_equations(n, patch, form):
    n.celsius = 34.0
    for v in np.arange(-110.0, 80.0, 9.5):
        mech = make(patch, form).ca1ka
        assert mech.n_inf(v) == pytest.approx(n_inf(v, **form), rel=1e-3)
        assert mech.n_tau(v) == pytest.approx(n_tau(v, **form), rel=1e-3)
        assert mech.l_inf(v) == pytest.approx(l_inf(v), rel=1e-3)
        assert mech.l_tau(v) == pytest.approx(l_tau(v), rel=1e-6)


@pytest.mark.parametrize(("form", "v"), [(PROXIMAL, 11.0), (DISTAL, -1.0)])
def test_half_activation(patch, form, v):
    assert make(patch, form).ca1ka.n_inf(v) == pytest.approx(0.5, abs=1e-6)


def test_activation_is_five_times_slower_ten_degrees_colder(n, patch):
    mech = patch("ca1ka").ca1ka
    warm = mech.n_tau(0.0), mech.l_tau(0.0)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert mech.n_tau(0.0) == pytest.approx(5.0 * warm[0], rel=0.05)  # F/(R T) moves by 3 %
    assert mech.l_tau(0.0) == warm[1]


def test_gates_relax_exponentially(relaxes):
    gates = {
        "n": (lambda v: n_inf(v, **PROXIMAL), lambda v: n_tau(v, **PROXIMAL)),
        "l": (l_inf, l_tau),
    }
    relaxes("ca1ka", gates, (-80, -10, 1.0), (-80, 20, 2.0), (0, -60, 1.0))


def test_gates_start_at_their_fixed_point(stays_at_rest):
    stays_at_rest("ca1ka", -90.0, -70.0, -40.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1ka")
    cell.ca1ka.gbar = 0.05
    cell.section.ek = -90.0
    _clamp, current = cell.clamp(-80, -40, 100.0)
    expected = 0.05 * n_inf(-40, **PROXIMAL) * l_inf(-40) * (-40 + 90)
    assert cell.seg.ik == pytest.approx(expected, rel=1e-3)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert current > 0.01


def test_a_blocker_takes_its_share_of_the_current_and_leaves_the_gates(patch):
    found = []
    for block in (0.0, 0.95, 1.0):
        cell = patch("ca1ka")
        cell.ca1ka.gbar, cell.ca1ka.block = 0.01, block
        cell.section.ek = -90.0
        cell.clamp(-80, -40, 100.0)
        found.append((cell.seg.ik, cell.ca1ka.g, cell.ca1ka.n))
    (current, g, gate), *blocked = found
    assert current > 0
    assert blocked[0] == pytest.approx((0.05 * current, 0.05 * g, gate), rel=1e-6)
    assert blocked[1] == pytest.approx((0.0, 0.0, gate), rel=1e-6, abs=1e-15)


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1ka", 0.05)
