"""How outcomes answer to a parameter: which changes are the worst, and what is said of them."""

from ca1ltd.appraisal import robustness
from pages.source import table


def outcomes(lfs, hfs, baseline):
    return {"1 Hz": lfs, "100 Hz": hfs, "baseline": baseline}


FOUND = {
    "as_it_is": outcomes(70.0, 150.0, 100.0),
    "parameters": {
        "ca1cam.can_total": {"value": 0.004, "0.8": outcomes(97, 150, 100), "1.25": None},
        "ca1psd.k_leave": {
            "value": 1e-8,
            "0.8": outcomes(70, 150, 100),
            "1.25": outcomes(70, 150, 96),
        },
    },
    "simulated": [
        {"parameter": "ca1cam.can_total", "factor": 0.8, **outcomes(99.0, 151.0, 100.0)},
    ],
}


def test_the_worst_is_farthest_out_of_what_is_allowed_whichever_outcome_it_is():
    # the baseline at 96 is 4 / 3 half widths from the middle, 1 Hz at 97 is 23.5 / 18.5
    assert robustness.worst(FOUND, 2) == [("ca1psd.k_leave", 1.25), ("ca1cam.can_total", 0.8)]
    # a value that is not allowed is no change
    assert len(robustness.worst(FOUND, 10)) == 3


def test_it_is_said_how_many_changes_are_kept_and_which_outcomes_are_outside():
    said = robustness.summary(FOUND)
    assert "Of 3 changes of 2 parameters 1 keep" in said
    assert "1 Hz in 1, 100 Hz in 0, baseline in 1" in said
    rows = table(robustness.worst_shown(FOUND)).splitlines()
    assert rows[3].startswith("| `ca1psd.k_leave` | 1e-08 | 1.25 | 70 % | 150 % | **96 %** |")
    assert "| **97 %** | 150 % | 100 % | **99 %** | 151 % | 100 % |" in rows[4]
