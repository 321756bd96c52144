"""The NumPy cascade that the calibration fits is the cascade of the mod files."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from ca1ltd.engine import session
from ca1ltd.engine.integrators import INTEGRATORS
from ca1ltd.engine.spine import CASCADE

SCRIPT = Path(__file__).parents[2] / "calibration" / "cascade.py"


@pytest.fixture(scope="module")
def calibration():
    pytest.importorskip("cma")
    spec = importlib.util.spec_from_file_location("cascade_calibration", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def simulated(calcium, duration, wait):
    """Clamp calcium (uM) for a time (s) in a spine head; states after a wait (s)."""
    n = session.load()
    head = n.Section(name="head")
    head.L = head.diam = 0.45
    head.insert("pas")
    for mechanism in CASCADE:
        head.insert(mechanism)
    here = head(0.5)
    with session.settings(celsius=30.0, atol=1e-4) as cvode:
        n.cai0_ca_ion = 6e-5
        integrator = INTEGRATORS["reference"](cvode)
        integrator.find_rest()
        start = here.ca1ampar.anchored
        here.cai = calcium * 1e-3
        integrator.changed()
        integrator.advance(duration * 1e3)
        peak = here.cani * 1e3, here.ppi * 1e3, here.pti * 1e3
        here.cai = 6e-5
        integrator.changed()
        integrator.advance((duration + wait) * 1e3)
        n.cai0_ca_ion = 5e-5
        return {
            "start": start,
            "peak": peak,
            "q": here.psqi * 1e3,
            "k": here.pski * 1e3,
            "anchored": here.ca1ampar.anchored,
            "vesicles": here.ca1ampar.vesicles,
        }


def replayed(calibration, calcium, duration, wait):
    experiments = calibration.Experiments({"ca100": np.zeros((1, 1))})
    cascade = experiments._cascade([{}])
    start = cascade.state["bound"].item()
    level = cascade.cam(np.full((1, 1), calcium))
    for _ in range(round(duration / 0.01)):
        cascade.step(0.01, level)
    peak = cascade.state["n"].item(), cascade.pp1().item(), cascade.state["p"].item()
    rest = cascade.cam(np.full((1, 1), calibration.REST))
    for _ in range(round(wait / 0.5)):
        cascade.step(0.5, rest)
    state = {name: value.item() for name, value in cascade.state.items()}
    return {
        "start": start,
        "peak": peak,
        "q": state["q"],
        "k": state["k"],
        "anchored": state["bound"],
        "vesicles": state["inside"],
    }


@pytest.mark.parametrize(("calcium", "duration"), [(0.7, 60.0), (10.0, 3.0)])
def test_clamped_calcium_gives_the_same_outcome(calibration, calcium, duration):
    here = simulated(calcium, duration, 600.0)
    there = replayed(calibration, calcium, duration, 600.0)
    assert abs(here["anchored"] / here["start"] - 1) > 0.02  # something moved
    assert there["start"] == pytest.approx(here["start"], rel=2e-3)
    calcineurin, pp1, pt286 = here["peak"]
    # the replay has the binding of PP1 at its steady state, which in truth takes a second: three
    # seconds of high calcium end a quarter below it
    assert there["peak"][1] == pytest.approx(pp1, rel=0.30 if duration < 10 else 0.05)
    assert there["peak"][::2] == pytest.approx((calcineurin, pt286), rel=0.03, abs=1e-6)
    assert there["q"] == pytest.approx(here["q"], rel=0.05, abs=3e-3)  # of 0.3 uM
    # PP1 expels CaMKII, and is early in the replay (see above)
    assert there["k"] == pytest.approx(here["k"], rel=0.15, abs=1e-2)
    assert there["anchored"] == pytest.approx(here["anchored"], rel=0.02)
    assert there["vesicles"] == pytest.approx(here["vesicles"], rel=0.02)
