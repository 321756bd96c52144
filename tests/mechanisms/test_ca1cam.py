"""Calmodulin: the two lobes, relaxation, fixed point."""

import numpy as np
import pytest

from ca1ltd import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1cam.{name}"].value


TOTAL, TAU = 0.03, 2.0  # mM, ms
K_C, K_N = value("k_c"), value("k_n")  # mM


def cam_inf(ca):
    return TOTAL * ca**2 / (ca**2 + K_C**2) * ca**2 / (ca**2 + K_N**2)


@pytest.mark.parametrize("cai", [6e-5, 7e-4, 5e-3, 1e-1])
def test_it_starts_at_its_fixed_point_and_stays(head, cai):
    for variable in (False, True):
        it = head("ca1cam", cai=cai)
        it.start()
        assert it.seg.cami == pytest.approx(cam_inf(cai), rel=1e-9)
        it.advance(50.0, variable=variable)
        assert it.seg.cami == pytest.approx(cam_inf(cai), rel=1e-9)


def test_both_lobes_bind_two_ions(head):
    it = head("ca1cam")
    assert it.ca1cam.lobe(3.0, 1.0) == pytest.approx(0.9)
    assert it.ca1cam.cam_inf(2e-5) == pytest.approx(16 * it.ca1cam.cam_inf(1e-5), rel=1e-3)
    assert it.ca1cam.cam_inf(1.0) == pytest.approx(TOTAL, rel=1e-3)
    each = it.ca1cam.lobe(K_C, K_C), it.ca1cam.lobe(K_C, K_N)
    assert it.ca1cam.cam_inf(K_C) == pytest.approx(TOTAL * each[0] * each[1], rel=1e-9)


@pytest.mark.parametrize("variable", [False, True])
def test_it_relaxes_exponentially(head, variable):
    it = head("ca1cam", cai=6e-5)
    it.start()
    it.hold(cai=5e-3)
    for t in (1.0, 3.0):
        it.advance(t, variable=variable)
        assert it.seg.cami == pytest.approx(cam_inf(5e-3) * (1 - np.exp(-t / TAU)), rel=1e-3)


def test_both_integrators_agree_in_a_calcium_transient(head):
    found = []
    for variable in (False, True):
        it = head("ca1spineca", "ca1cam")
        taken = it.record({"cami": it.seg._ref_cami}, 0.5)
        it.start()
        it.seg.cai = 0.5
        it.advance(60.0, variable=variable, dt=0.005)
        found.append(taken["cami"].as_numpy()[:120].copy())
    assert found[0].max() > 0.1 * TOTAL
    np.testing.assert_allclose(found[0], found[1], rtol=0, atol=2e-3 * found[0].max())
