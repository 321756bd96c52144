"""What targets hold of parameters, where it is known."""

import numpy as np
import pytest

from pages import posterior


def test_what_no_target_sees_stays_as_it_was_assumed_and_what_two_share_goes_together():
    # the first alone, the sum of the second and the third, nothing of the fourth
    slopes = np.array([[10.0, 0, 0, 0], [0, 10.0, 10.0, 0]])
    found = posterior.laplace(slopes)
    assert found.sd[0] == pytest.approx(1 / np.sqrt(101))
    assert found.sd[3] == pytest.approx(1)
    # their sum is known, their difference is not
    assert found.sd[1] == found.sd[2] == pytest.approx(np.sqrt(0.5), abs=0.01)
    assert found.correlation[1, 2] == pytest.approx(-1, abs=0.02)
    assert found.correlation[0, 3] == 0
    assert found.held == pytest.approx(2, abs=0.02)


def test_it_is_said_what_is_identified_and_what_nothing_decides():
    rows = [
        {"parameter": name, "value": 1.0, "sd": sd, "goes_with": others}
        for name, sd, others in (
            ("ca1i1.i1_total", 0.1, [{"parameter": "ca1psd.pp1_total", "correlation": -0.95}]),
            ("ca1psd.pp1_total", 0.7, [{"parameter": "ca1i1.i1_total", "correlation": -0.95}]),
            ("ca1pka.tau", 0.99, [{"parameter": "ca1i1.i1_total", "correlation": 0.1}]),
        )
    ]
    found = {"targets": 5, "held": 1.6, "parameters": rows}
    said = posterior.summary(found)
    assert "The 5 targets hold 2 of 3" in said
    assert "1 are identified" in said
    assert "1 are decided by nothing" in said
    first, *_, last = posterior.shown(found).splitlines()[2:]
    assert first == "| `ca1i1.i1_total` | 1 | 1.11 | `ca1psd.pp1_total` (-0.95) |"
    assert last == "| `ca1pka.tau` | 1 | 2.69 |  |"
