"""What the scripts of `calibration/` leave is what the page of calibration shows."""

import importlib
import json

import numpy as np
import pytest

from pages.calibration import OBJECTIVE, TARGETS
from pages.result import ROOT

pytest.importorskip("cma", reason="needs pip install 'ca1ltd[calibration]'")


@pytest.fixture
def cascade(monkeypatch):
    """The script of the fit; every target is met but the first, which is missed by 2.5."""
    monkeypatch.syspath_prepend(str(ROOT / "calibration"))
    script = importlib.import_module("cascade")

    def score(_drive, changed):
        got = np.array([target.value for target in script.SCORED])
        got[0] += 2.5 * script.SCORED[0].allowed
        return 6.25 + len(changed), got

    monkeypatch.setattr(script, "score", score)
    return script


def as_file(found):
    return json.loads(json.dumps(found, allow_nan=False))


def test_targets(cascade):
    shown = TARGETS.views["table"](as_file(cascade.report({})))
    first, count = cascade.SCORED[0], len(cascade.SCORED)
    assert f"{count - 1} of {count} are met; the sum of misses is 6.25." in shown
    assert f"| {first.name} | {first.value + 2.5 * first.allowed:.3f} | {first.value:g} |" in shown
    assert shown.count(" | 2.5 | ") == 1


def test_the_objective_with_each_parameter_changed(cascade):
    shown = OBJECTIVE.views["table"](as_file(cascade.sensitivity({})))
    assert "| as it is |  | 6 |  |" in shown
    for key in cascade.FITTED:
        assert f"| `{key}` | " in shown
    assert shown.count("| 7 | 7 |") == len(cascade.FITTED)
