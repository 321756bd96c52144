"""Calcium-activated potassium current: rates, relaxation, current."""

import numpy as np
import pytest

Q = 3.0**1.2  # 34 degC, from 22 degC


def m_inf(cai):
    x = (cai / 3.5e-4) ** 4
    return x / (1 + x)


def m_tau(cai):
    return max(0.5, 1 / (0.03 * (1 + (cai / 3.5e-4) ** 4) * Q))


@pytest.mark.parametrize("cai", [5e-5, 2e-4, 3.5e-4, 1e-3, 1e-2])
def test_rates_follow_the_equations(patch, cai):
    cell = patch("ca1sk")
    assert cell.ca1sk.m_inf(cai) == pytest.approx(m_inf(cai), rel=1e-6)
    assert cell.ca1sk.m_tau(cai) == pytest.approx(m_tau(cai), rel=1e-6)


def test_half_activation(patch):
    assert patch("ca1sk").ca1sk.m_inf(3.5e-4) == pytest.approx(0.5)


def test_gate_is_three_times_slower_ten_degrees_colder(n, patch):
    cell = patch("ca1sk")
    warm = cell.ca1sk.m_tau(3e-4)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert cell.ca1sk.m_tau(3e-4) == pytest.approx(3 * warm, rel=1e-6)


def test_gate_relaxes_exponentially_after_a_step_of_calcium(n, patch):
    cell = patch("ca1sk")
    cell.section.cai = 5e-5
    cell.start(-70)
    assert cell.ca1sk.m == pytest.approx(m_inf(5e-5), rel=1e-6)
    cell.section.cai = 5e-4
    for _ in range(80):
        n.fadvance()
    expected = m_inf(5e-4) + (m_inf(5e-5) - m_inf(5e-4)) * np.exp(-2.0 / m_tau(5e-4))
    assert cell.ca1sk.m == pytest.approx(expected, rel=1e-3)
    assert 0.1 < cell.ca1sk.m < 0.9 * m_inf(5e-4)


def test_gate_starts_at_its_fixed_point(n, patch):
    cell = patch("ca1sk")
    cell.section.cai = 3e-4
    cell.start(-70)
    before = cell.ca1sk.m
    for _ in range(2000):
        n.fadvance()
    assert before == pytest.approx(m_inf(3e-4), rel=1e-6)
    assert cell.ca1sk.m == pytest.approx(before, rel=1e-9)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1sk")
    cell.ca1sk.gbar = 0.01
    cell.section.cai, cell.section.ek = 5e-4, -90.0
    _clamp, current = cell.clamp(-60, -60, 5.0)
    expected = 0.01 * m_inf(5e-4) ** 3 * (-60 + 90)
    assert cell.seg.ik == pytest.approx(expected, rel=1e-4)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=1e-3)


def test_both_integrators_agree_with_calcium_from_a_channel(patch, trajectories_agree):
    found = []
    for variable in (False, True):
        cell = patch("ca1sk", "ca1capool", "ca1car", "pas")
        cell.ca1sk.gbar, cell.ca1car.gbar = 1e-3, 2e-4
        cell.pas.g, cell.pas.e = 1e-4, -70.0
        names = {"v": cell.seg._ref_v, "m": cell.ca1sk._ref_m, "cai": cell.seg._ref_cai}
        found.append(cell.trajectory(names, 0.02, variable=variable))
    trajectories_agree(*found, part=0.2)


def test_block_takes_its_part_of_the_current(n, patch):
    currents = []
    for block in (0.0, 0.75):
        cell = patch("ca1sk")
        cell.section.cai = 5e-4
        cell.ca1sk.gbar, cell.ca1sk.block = 0.01, block
        cell.start(-50)
        currents.append(cell.section(0.5).ik)
    assert currents[0] > 0
    assert currents[1] == pytest.approx(0.25 * currents[0], rel=1e-9)
