"""L-type calcium current: what it has beside its gates. Inactivation by calcium, block, scale."""

import pytest
from channels import cal_m_inf, ghk


def test_the_singular_point_is_continuous(patch):
    rate = patch("ca1cal").ca1cal.m_inf
    assert rate(81.5) == pytest.approx((rate(81.4) + rate(81.6)) / 2, rel=1e-5)


@pytest.mark.parametrize("cai", [5e-5, 1e-3])
def test_calcium_inactivates_the_current(patch, cai):
    cell = patch("ca1cal")
    cell.ca1cal.gbar = 0.01
    cell.section.cao, cell.section.cai = 2.0, cai
    _clamp, current = cell.clamp(-70, 0, 30.0)
    expected = 0.01 * cal_m_inf(0) ** 2 * 1e-3 / (1e-3 + cai) * ghk(1e-9, cai, 2.0)
    assert cell.seg.ica == pytest.approx(expected, rel=1e-3)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert current < -1e-3


def test_block_and_scale_act_on_the_current(patch):
    found = []
    for scale, block in ((1.0, 0.0), (2.0, 0.0), (1.0, 0.75)):
        cell = patch("ca1cal")
        cell.ca1cal.gbar, cell.ca1cal.scale, cell.ca1cal.block = 0.01, scale, block
        found.append(cell.clamp(-70, 0, 5.0)[0].i)
    assert found[0] < -1e-3
    assert found[1:] == pytest.approx([2 * found[0], 0.25 * found[0]], rel=1e-6)
