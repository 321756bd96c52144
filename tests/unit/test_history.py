"""What the calibration has seen of each condition."""

import pytest

from ca1ltd.literature.experiments import experiments
from ca1ltd.literature.history import histories, targeted
from calibration import fitted


def test_what_was_fitted_is_what_the_calibration_says():
    assert fitted.FILE.read_text("utf-8") == fitted.text()
    assert set(targeted()) <= set(experiments())


def test_every_condition_in_scope_has_a_history_and_no_other():
    in_scope = {key for key, each in experiments().items() if not each.out_of_scope}
    assert histories().keys() == in_scope


@pytest.mark.parametrize(
    ("condition", "history"),
    [
        ("MM92_ctrl", "fitted"),
        ("REV_LTD", "fitted"),  # the same runs as MM92_ctrl
        ("MM92_APV", "near"),  # with a drug
        ("NO96_aged", "near"),  # of another age
        ("HS99_naive_2Hz", "near"),  # at another rate
        ("LE98_S845", "near"),  # another state of the same run
        ("NO98_aged_apamin", "unseen"),  # of another age and with a drug
        ("KB99_PPLFS", "unseen"),  # another protocol
        ("WN02_primed_1train", "unseen"),  # phases, of other kinds than those that were fitted
        ("SB02_kappa", "put in"),
    ],
)
def test_a_condition_is_as_far_as_it_differs_from_what_was_fitted(condition, history):
    assert histories()[condition] == history
