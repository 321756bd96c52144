"""SK channels in nanodomains of CaV2.3: what opens them, rates, current."""

import numpy as np
import pytest
from channels import CA_O, car_h_inf, car_m_inf, ghk

from ca1ltd.model import parameters

Q = 3.0**1.2  # 34 degC, from 22 degC
HALF = parameters.table()["ca1skr.near_half"].value  # mV
CAI = 5e-5  # mM


def bathed(cell):
    cell.section.cai, cell.section.cao, cell.section.ek = CAI, CA_O, -90.0
    return cell


def near(v, cav_block=0.0):
    return -(1 - cav_block) * car_m_inf(v) ** 3 * car_h_inf(v) * ghk(v, CAI, CA_O)


def z_inf(of):
    x = max(of / HALF, 0.0) ** 4
    return x / (1 + x)


def z_tau(of):
    return max(0.5, 1 / (0.03 * (1 + max(of / HALF, 0.0) ** 4) * Q))


@pytest.mark.parametrize("of", [-1.0, 0.0, 0.3, 1.0, 2.0, 50.0])
def test_rates_follow_the_equations(patch, of):
    channel = patch("ca1skr").ca1skr
    assert channel.z_inf(of * HALF) == pytest.approx(z_inf(of * HALF), abs=1e-12)
    assert channel.z_tau(of * HALF) == pytest.approx(z_tau(of * HALF), rel=1e-6)


@pytest.mark.parametrize("block", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("v", [-70.0, -50.0, -40.0, -20.0])
def test_it_rests_where_the_calcium_channels_let_calcium_in(patch, v, block):
    cell = bathed(patch("ca1skr"))
    cell.ca1skr.cav_block = block
    cell.start(v)
    assert cell.ca1skr.near(v) == pytest.approx(near(v, block), rel=1e-3, abs=1e-12)
    assert cell.ca1skr.z == pytest.approx(z_inf(near(v, block)), rel=5e-3, abs=1e-12)
    before = cell.ca1skr.z
    cell.clamp(v, v, 200.0)
    assert cell.ca1skr.z == pytest.approx(before, rel=1e-6, abs=1e-12)


def test_calcium_of_the_head_opens_nothing(patch):
    found = []
    for calcium in (CAI, 1e-2):
        cell = bathed(patch("ca1skr"))
        cell.section.cai = calcium
        cell.start(-60.0)
        found.append(cell.ca1skr.z)
    assert found[1] == pytest.approx(found[0], rel=0.05)
    assert found[1] < 0.1


def test_a_depolarisation_opens_it_and_it_closes_with_its_time_constant(n, patch):
    cell = bathed(patch("ca1skr"))
    _clamp, _ = cell.clamp(-80.0, 0.0, 10.0)
    opened = cell.ca1skr.z
    assert opened > 0.9
    _clamp.amp1 = -80.0
    for _ in range(round(20.0 / n.dt)):
        n.fadvance()
    assert cell.ca1skr.z == pytest.approx(opened * np.exp(-20.0 * 0.03 * Q), rel=0.15)
    assert cell.ca1skr.z < 0.5 * opened


def test_both_integrators_agree(patch):
    found = []
    for variable in (False, True):
        cell = bathed(patch("ca1skr", "pas"))
        cell.ca1skr.gbar, cell.pas.g, cell.pas.e = 1e-3, 1e-4, -70.0
        names = {"v": cell.seg._ref_v, "z": cell.ca1skr._ref_z}
        found.append(cell.trajectory(names, 0.05, variable=variable))
    for name in found[0]:
        scale = np.abs(found[0][name]).max()
        assert np.ptp(found[0][name]) > 0.2 * scale
        np.testing.assert_allclose(found[0][name], found[1][name], rtol=0, atol=5e-3 * scale)


def test_clamp_current_is_the_recorded_current_less_what_is_blocked(patch):
    for block in (0.0, 0.75):
        cell = bathed(patch("ca1skr"))
        cell.ca1skr.gbar, cell.ca1skr.block = 0.01, block
        _clamp, current = cell.clamp(-30.0, -30.0, 5.0)
        expected = (1 - block) * 0.01 * z_inf(near(-30.0)) * (-30.0 + 90.0)
        assert expected > 0
        assert cell.seg.ik == pytest.approx(expected, rel=1e-2)
        assert current == pytest.approx(cell.seg.ik * cell.seg.area() * 1e-2, rel=1e-3)


def test_its_calcium_channels_are_those_of_ca1car():
    for name in ("vhalf_m", "vhalf_h", "q10"):
        assert (
            parameters.table()[f"ca1skr.{name}"].value == parameters.table()[f"ca1car.{name}"].value
        )
