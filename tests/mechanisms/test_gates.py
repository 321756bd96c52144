"""What all voltage-gated channels have in common: rates, relaxation, rest, current, integrators."""

import numpy as np
import pytest
from channels import CA_O, CAL, CAR, CAT, CHANNELS, K, ghk

VOLTAGES = np.arange(-119.5, 80.0, 7.0)
each = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)


def mech_of(cell, channel):
    """The mechanism of a channel in a patch, as it is tested."""
    mech = getattr(cell, channel.name)
    for name, value in channel.settings.items():
        setattr(mech, name, value)
    return mech


def rate_of(mech, name, v):
    """A rate at a potential (mV); some do not depend on it."""
    rate = getattr(mech, name)
    try:
        return rate(v)
    except TypeError:
        return rate()


@each
def test_rates_are_the_published_ones(patch, channel):
    mech = mech_of(patch(channel.name), channel)
    for v, published in channel.published:
        found = {name: rate_of(mech, name, v) for name in published}
        assert found == pytest.approx(dict(published), rel=1e-3), v


@each
def test_rates_follow_the_equations(patch, untabulated, channel):
    untabulated(channel.name)
    mech = mech_of(patch(channel.name), channel)
    for gate, (steady, tau) in channel.gates.items():
        for v in VOLTAGES:
            found = rate_of(mech, f"{gate}_inf", v), rate_of(mech, f"{gate}_tau", v)
            assert found == pytest.approx((steady(v), tau(v)), rel=channel.exact), (gate, v)


@each
def test_half_activation(patch, channel):
    mech = mech_of(patch(channel.name), channel)
    for name, v, within in channel.half:
        assert rate_of(mech, name, v) == pytest.approx(0.5, abs=within), name


@each
def test_gates_are_slower_ten_degrees_colder_by_their_q10(n, patch, channel):
    cell = patch(channel.name)
    mech = mech_of(cell, channel)
    warm = [rate_of(mech, name, v) for name, v, _ in channel.tenfold]
    n.celsius = 24.0
    n.finitialize(-70.0)
    for (name, v, q10), before in zip(channel.tenfold, warm, strict=True):
        assert rate_of(mech, name, v) == pytest.approx(q10 * before, rel=1e-6), name


@each
def test_gates_relax_exponentially(relaxes, channel):
    relaxes(channel.name, dict(channel.gates), *channel.steps)


@each
def test_gates_start_at_their_fixed_point(stays_at_rest, channel):
    stays_at_rest(channel.name, *channel.rests)


@each
def test_clamp_current_is_the_recorded_current(patch, channel):
    cell, clamp = patch(channel.name), channel.clamp
    mech = mech_of(cell, channel)
    mech.gbar = 0.1
    for name, value in clamp.ions.items():
        setattr(cell.section, name, value)
    _clamp, current = cell.clamp(clamp.before, clamp.during, clamp.lasts)
    expected = 0.1 * clamp.opened * clamp.force
    assert carried(cell, mech) == pytest.approx(expected, rel=clamp.tolerance)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert abs(current) > 1e-3


def carried(cell, mech):
    """The current density (mA/cm2) of whatever carries it."""
    (found,) = (
        getattr(owner, name)
        for owner, name in ((cell.seg, "ica"), (cell.seg, "ik"), (cell.seg, "ina"), (mech, "i"))
        if hasattr(owner, name)
    )
    return found


@each
def test_a_blocker_takes_its_share_of_the_current_and_leaves_the_gates(patch, channel):
    found = []
    for block in (0.0, 0.95, 1.0):
        cell, clamp = patch(channel.name), channel.clamp
        mech = mech_of(cell, channel)
        mech.gbar, mech.block = 0.01, block
        for name, value in clamp.ions.items():
            setattr(cell.section, name, value)
        cell.clamp(clamp.before, clamp.during, clamp.lasts)
        gate = getattr(mech, next(iter(channel.gates)))
        found.append((carried(cell, mech), mech.g, gate))
    (current, g, gate), *blocked = found
    assert abs(current) > 1e-5
    assert blocked[0] == pytest.approx((0.05 * current, 0.05 * g, gate), rel=1e-6)
    assert blocked[1] == pytest.approx((0.0, 0.0, gate), rel=1e-6, abs=1e-15)


@each
def test_both_integrators_agree(agrees_with_cvode, channel):
    agrees_with_cvode(channel.name, channel.current, **channel.settings)


@pytest.mark.parametrize("co", [1.0, 2.0, 2.5])
@pytest.mark.parametrize("channel", [CAL, CAR, CAT], ids=lambda channel: channel.name)
def test_driving_force_of_calcium(patch, untabulated, channel, co):
    untabulated(channel.name)
    mech = mech_of(patch(channel.name), channel)
    nernst = np.log(co / 5e-5) / (2 * K)
    for v in (-90.0, -40.0, 30.0, 140.0, 160.0):
        assert mech.ghk(v, 5e-5, co) == pytest.approx(ghk(v, 5e-5, co), rel=1e-4)
    assert mech.ghk(0.0, 5e-5, CA_O) == pytest.approx(-1 / (2 * K), rel=1e-4)
    assert mech.ghk(nernst, 5e-5, co) == pytest.approx(0.0, abs=1e-2)
    assert mech.ghk(nernst + 1, 5e-5, co) > 0 > mech.ghk(nernst - 1, 5e-5, co)
