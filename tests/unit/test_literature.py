"""The published conditions, and the experiment that is declared for each."""

import pytest

from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature.experiments import Experiment, Setting, chosen, experiments
from ca1ltd.literature.measures import before_last_phase
from ca1ltd.literature.published import published

RULES = {"value", "value_wide", "direction", "ordering"}


def test_every_condition_is_whole():
    assert len(published()) == 182
    for condition in published().values():
        assert condition.paper
        assert condition.mechanism
        assert condition.rule in RULES
        assert bool(condition.number_seen) <= (condition.mean is not None)
        for other in condition.contested_with:
            assert condition.id in published()[other].contested_with
        # a condition in scope is judged on something
        assert condition.accepted or condition.stated or experiments()[condition.id].out_of_scope
        assert (condition.rule in ("direction", "ordering")) <= (condition.mean is None)


@pytest.mark.parametrize("key", published())
def test_every_condition_is_an_experiment_or_says_what_is_missing(key):
    experiment = experiments()[key]
    specs = Setting().specs(experiment)
    assert all(isinstance(spec, ExperimentSpec) for spec in specs)
    assert bool(specs) != bool(experiment.out_of_scope)
    window = published()[key].window
    for spec in specs:
        start, end = spec.protocol.induction_end, spec.protocol.t_stop
        assert window is None or start + window[1] * 60e3 <= end
        if experiment.against == "last-phase":
            start, end = before_last_phase(spec.protocol)
            assert end - start == pytest.approx(
                min(10, experiment.options.get("rest", 30)), abs=0.1
            )


def test_an_induction_has_the_current_of_its_test_pulses_unless_the_paper_says_otherwise():
    otherwise = {"CH96_3Hz_spikes", "CH96_3Hz_sub", "CH96_3Hz_bAP_only"}  # weak pulses
    for key, experiment in experiments().items():
        for spec in Setting().specs(experiment):
            found = {pulse.strength for pulse in spec.protocol.pulses()}
            assert found <= {1.0} or key in otherwise, key


def test_conditions_of_the_same_experiment_share_its_run():
    same = ("MM92_ctrl", "MM92_control_input", "MHM93_ctrl", "SE95_AMPA", "REV_LTD", "CA_1Hz")
    specs = {spec for key in same for spec in Setting().specs(experiments()[key])}
    assert len(specs) == 1


def test_like_takes_over_all_but_what_is_written_and_the_options_of_another_protocol():
    pair = experiments()["TI16_1Pre1Post10"]
    assert pair.options == {"interval": 10, "rate": 5, "pairs": 300}
    assert pair.conditions == experiments()["TI16_1Pre"].conditions
    assert experiments()["IN20_post_pre_1p3"].conditions == {
        "mg": 0.867,
        "ca": 1.3,
        "temperature": 30,
        "age": 17,
    }


def test_a_setting_reaches_every_run_and_a_genotype_changes_it():
    setting = Setting(slices=2, seed=7, parameters=(("ca1cam.camkii_total", 0.04),))
    (usual,) = setting.specs(experiments()["MM92_ctrl"])
    assert (usual.slices, usual.seed) == (2, 7)
    assert dict(usual.parameters)["ca1cam.camkii_total"] == 0.04
    (half,) = setting.specs(experiments()["JN16_CaMKII_het_LTD"])
    found = half.conditions.parameters(dict(half.parameters))
    assert found["ca1cam.camkii_total"] == 0.5 * 0.04
    (many,) = setting.specs(experiments()["SB02_bAP_tau"])
    assert many.slices == 10


def test_an_experiment_is_either_run_or_out_of_scope():
    with pytest.raises(ValueError, match="either a protocol"):
        Experiment()
    with pytest.raises(ValueError, match="either a protocol"):
        Experiment(protocol="lfs", out_of_scope="wings")
    with pytest.raises(ValueError, match="several runs"):
        Experiment(protocol="lfs", combine="rising")


def test_experiments_are_chosen_by_id():
    assert list(chosen(("DB92_1Hz", "DB92_1Hz"))) == ["DB92_1Hz"]
    assert chosen(("all",)) == chosen(()) == experiments()
    with pytest.raises(BadInput, match="no experiment 'DB93'"):
        chosen(("DB93",))


def test_what_is_compared_with_is_one_run_in_scope():
    compared = [each for each in experiments().values() if each.reference is not None]
    assert compared
    for each in compared:
        assert not each.reference.out_of_scope
        assert len(Setting().specs(each)) == 2
