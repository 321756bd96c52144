"""SK channels in nanodomains of CaV2.3: what opens them, rates, current."""

import numpy as np
import pytest
from channels import CA_O, car_h_inf, ghk

from ca1ltd.model import parameters

Q = 3.0**1.2  # 34 degC, from 22 degC
HALF = parameters.table()["ca1skr.near_half"].value  # mV
CAI = 5e-5  # mM
VHALF = -40.0  # mV: so low that some CaV2.3 stay open and open some SK channels for good


@pytest.fixture
def channels(patch):
    """Maker of patches with CaV2.3 that carry nothing, and SK channels beside them."""

    def make(*others):
        cell = patch("ca1car", "ca1skr", *others)
        cell.section.cai, cell.section.cao, cell.section.ek = CAI, CA_O, -90.0
        cell.ca1car.vhalf_m = VHALF
        return cell

    return make


def m_inf(v):
    return 1 / (1 + np.exp(-(v - VHALF) / 9.6))


def opened(v):
    """The open part of CaV2.3 in the steady state."""
    return m_inf(v) ** 3 * car_h_inf(v)


def near(v, block=0.0):
    return -(1 - block) * opened(v) * ghk(v, CAI, CA_O)


def z_inf(of):
    x = max(of / HALF, 0.0) ** 4
    return x / (1 + x)


def z_tau(of):
    return max(0.5, 1 / (0.03 * (1 + max(of / HALF, 0.0) ** 4) * Q))


@pytest.mark.parametrize("of", [-1.0, 0.0, 0.3, 1.0, 2.0, 50.0])
def test_rates_follow_the_equations(channels, of):
    channel = channels().ca1skr
    assert channel.z_inf(of * HALF) == pytest.approx(z_inf(of * HALF), abs=1e-12)
    assert channel.z_tau(of * HALF) == pytest.approx(z_tau(of * HALF), rel=1e-6)


@pytest.mark.parametrize("block", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("v", [-70.0, -60.0, -55.0, -45.0, -15.0])
def test_it_rests_where_the_calcium_channels_let_calcium_in(channels, v, block):
    cell = channels()
    cell.ca1car.block = block
    cell.start(v)
    assert cell.ca1skr.near(v) == pytest.approx(near(v, block), rel=1e-3, abs=1e-12)
    assert cell.ca1skr.z == pytest.approx(z_inf(near(v, block)), rel=5e-3, abs=1e-12)
    before = cell.ca1skr.z
    cell.clamp(v, v, 200.0)
    assert cell.ca1skr.z == pytest.approx(before, rel=1e-6, abs=1e-12)


def test_calcium_of_the_head_opens_nothing(channels):
    found = []
    for calcium in (CAI, 1e-2):
        cell = channels()
        cell.section.cai = calcium
        cell.start(-60.0)
        found.append(cell.ca1skr.z)
    assert 0.05 < found[0] < 0.5
    assert found[1] == pytest.approx(found[0], rel=0.05)


def test_a_depolarisation_opens_it_and_it_closes_with_its_time_constant(n, channels):
    cell = channels()
    _clamp, _ = cell.clamp(-80.0, 0.0, 10.0)
    open_part = cell.ca1skr.z
    assert open_part > 0.9
    _clamp.amp1 = -80.0
    for _ in range(round(20.0 / n.dt)):
        n.fadvance()
    assert cell.ca1skr.z == pytest.approx(open_part * np.exp(-20.0 * 0.03 * Q), rel=0.15)
    assert cell.ca1skr.z < 0.5 * open_part


@pytest.mark.parametrize("dt", [0.025, 0.1, 0.2])
def test_it_sees_the_calcium_channels_in_the_middle_of_a_step(n, channels, dt):
    """So that it is of second order: by their beginning or end it would be late or early."""
    cell = channels()
    _clamp, _ = cell.clamp(-80.0, -10.0, 0.0)
    n.dt = dt
    n.fadvance()
    m, h = m_inf(-80.0), car_h_inf(-80.0)
    after = cell.ca1car.m, cell.ca1car.h
    assert after[0] > 1.02 * m
    expected = (m**3 * h + after[0] ** 3 * after[1]) / 2
    assert cell.seg.cari == pytest.approx(expected, rel=1e-3)


def test_both_integrators_agree(channels, trajectories_agree):
    found = []
    for variable in (False, True):
        cell = channels("pas")
        cell.ca1skr.gbar, cell.pas.g, cell.pas.e = 1e-3, 1e-4, -70.0
        names = {"v": cell.seg._ref_v, "z": cell.ca1skr._ref_z, "open": cell.seg._ref_cari}
        found.append(cell.trajectory(names, 0.05, variable=variable))
    trajectories_agree(*found, part=0.2, limit=5e-3)


def test_clamp_current_is_the_recorded_current_less_what_is_blocked(channels):
    for block in (0.0, 0.75):
        cell = channels()
        cell.ca1skr.gbar, cell.ca1skr.block = 0.01, block
        _clamp, current = cell.clamp(-60.0, -60.0, 5.0)
        expected = (1 - block) * 0.01 * z_inf(near(-60.0)) * (-60.0 + 90.0)
        assert expected > 0.003
        assert cell.seg.ik == pytest.approx(expected, rel=1e-2)
        assert current == pytest.approx(cell.seg.ik * cell.seg.area() * 1e-2, rel=1e-3)
