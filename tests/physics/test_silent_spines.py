"""Spines that wait where nothing moves: what wakes them, and that they miss nothing."""

import pytest

from ca1ltd.engine import session
from ca1ltd.engine.arrivals import Arrivals
from ca1ltd.engine.integrators import Efficient, efficient
from ca1ltd.model.mechanisms import CASCADE


def calcineurin_after_a_jump_of_calcium():
    """Calcineurin (mM) of a head whose calcium is set to 1 uM for a while by someone else."""
    n = session.load()
    with session.settings(celsius=34, atol=session.ATOL) as cvode:
        head = n.Section(name="head")
        for mechanism in CASCADE:
            head.insert(mechanism)
        integrator = Efficient(cvode)
        integrator.find_rest()
        with integrator.telling():
            times, calcium = [0, 150, 150, 230, 230, 1000], [6e-5, 6e-5, 1e-3, 1e-3, 6e-5, 6e-5]
            played = [n.Vector(calcium), n.Vector(times)]
            played[0].play(head(0.5)._ref_cai, played[1], True)
            n.finitialize(-70)
            integrator.pulse(Arrivals(0.0, 0.0))
            integrator.advance(240.0)
            return head(0.5).cani


def test_calcium_that_someone_else_sets_wakes_a_spine(monkeypatch):
    found = calcineurin_after_a_jump_of_calcium()
    monkeypatch.setattr(efficient, "SILENT", 0.0)
    awake = calcineurin_after_a_jump_of_calcium()
    assert awake > 1e-5
    assert found == pytest.approx(awake, rel=0.05)  # it wakes with the step after the jump
