"""Published rules scored on the drives of runs from the command line, with slices made up."""

import json

import pytest

from ca1ltd.experiment.runs import run_missing
from ca1ltd.literature.experiments import Setting, experiments
from ca1ltd.literature.scorecard import cache
from ca1ltd.rules import RULES
from ca1ltd.rules.expressible import (
    CALCIUM_CHANGED,
    CASCADE_CHANGED,
    MEASURED,
    unexpressed,
)
from ca1ltd.rules.score import driven

# fake slices give 70 % in the conditioned pathway, and calcium that depresses in both
IDS = ("MM92_ctrl", "MM92_control_input", "M94_FK506", "LE00_LTD_S845", "YA99_LTD", "JP05_depot")
SETTING = ("--slices", "1")


def test_rules_are_scored_beside_the_model_on_what_they_can_express(said_by, tmp_path):
    folder = tmp_path / "runs" / "experiments"
    status, _, err = said_by("experiment", "run", *IDS, *SETTING, "--drives", "1")
    assert status == 0, err
    status, out, err = said_by("experiment", "rules", *SETTING)
    assert status == 0, err
    for rule in RULES.values():
        assert rule.title in out
    assert "no drives of" in out
    found = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    assert "DB92_1Hz" in found["missing"]
    rows = {row["id"]: row for row in found["conditions"]}
    assert set(IDS) <= set(rows)
    assert set(rows["MM92_ctrl"]["outcomes"]) == {"model", *RULES}
    assert set(rows["M94_FK506"]["outcomes"]) == {"model"}
    assert rows["LE00_LTD_S845"]["unexpressed"] == dict.fromkeys(RULES, MEASURED)
    assert rows["YA99_LTD"]["unexpressed"] == {"clopath-2010": CALCIUM_CHANGED}
    assert rows["MM92_ctrl"]["outcomes"]["model"]["change_percent"] == pytest.approx(70, abs=5)
    both = (rows[key]["outcomes"]["two-thresholds"] for key in ("MM92_ctrl", "MM92_control_input"))
    assert [each["change_percent"] for each in both] == pytest.approx([_left(15)] * 2, abs=0.01)
    assert rows["JP05_depot"]["outcomes"]["two-thresholds"]["change_percent"] is not None
    shares = found["rules"]["two-thresholds"]["shares"]["all"]["direction"]
    told = [row["outcomes"]["two-thresholds"]["direction_right"] for row in rows.values()
            if "two-thresholds" in row["outcomes"]]  # fmt: skip
    assert shares["right"] == sum(filter(None, told))
    status, out, err = said_by("figure", "rules", "--from", folder, "--out", tmp_path / "drawn")
    assert status == 0, err
    assert out.startswith("Published rules of plasticity")
    drawn = {file.name for file in (tmp_path / "drawn").iterdir()}
    assert drawn == {f"rules.{end}" for end in ("png", "svg", "pdf", "json", "txt")}
    min(folder.glob("*/slices/drives-000.npz")).write_bytes(b"not an archive")
    status, out, err = said_by("experiment", "rules", *SETTING)
    assert (status, out) == (2, "")
    assert "drives-000.npz cannot be used: it is no archive of drives" in err


def _left(minutes):
    """What a second of .5 uM in each minute leaves of the EPSP, by the fitted plain rule (%)."""
    values = RULES["two-thresholds"].fitted
    if not values["theta_d"] < 0.5 <= values["theta_p"]:
        pytest.skip("the fitted rule has its thresholds elsewhere")
    level, kept = values["W_d"], 2.718281828459045 ** (-minutes / values["tau_d"])
    return 100 * (level + (1 - level) * kept)


def test_without_drives_a_sentence_says_what_records_them(said_by, tmp_path, left_in):
    assert said_by("experiment", "run", "MM92_ctrl", *SETTING)[0] == 0
    before = left_in(tmp_path)
    status, out, err = said_by("experiment", "rules", *SETTING)
    assert (status, out) == (2, "")
    assert "ca1ltd experiment run all --drives 1 records it" in err
    assert len(err.splitlines()) == 1
    status, out, err = said_by("figure", "rules", "--from", tmp_path, "--out", tmp_path / "drawn")
    assert (status, out) == (2, "")
    assert "holds no rules.json: ca1ltd experiment rules --out" in err
    status, _, err = said_by("figure", "rules")
    assert status == 2
    assert "give its folder with --from" in err
    assert left_in(tmp_path) == before


@pytest.mark.parametrize(
    ("key", "by_calcium", "by_potential"),
    [
        ("MM92_ctrl", None, None),
        ("MM92_APV", None, None),  # acts on a channel, which both see
        ("NO98_aged_nifedipine", None, None),
        ("MM92_BAPTA", None, CALCIUM_CHANGED),
        ("YA99_LTP", None, CALCIUM_CHANGED),
        ("M94_FK506", CASCADE_CHANGED, CASCADE_CHANGED),
        ("GI98_T286A_LTP", CASCADE_CHANGED, CASCADE_CHANGED),
        ("LU99_dyn", CASCADE_CHANGED, CASCADE_CHANGED),
        ("LE00_LTD_S845", MEASURED, MEASURED),
    ],
)
def test_what_a_rule_can_express_follows_from_what_is_changed(key, by_calcium, by_potential):
    experiment = experiments()[key]
    specs = Setting(slices=1).specs(experiment)
    assert unexpressed(RULES["shouval-2002"], experiment, specs) == by_calcium
    assert unexpressed(RULES["clopath-2010"], experiment, specs) == by_potential


def test_the_fit_misses_targets_by_what_the_score_sees(fake_slices, tmp_path):
    pytest.importorskip("cma", reason="needs pip install 'ca1ltd[calibration]'")
    from calibration.levenberg import SOFT
    from calibration.rules import OVER_THE_LAST, Objective
    from calibration.targets import TARGETS

    setting, rule = Setting(slices=1), RULES["two-thresholds"]
    wanted = {key: experiments()[key] for key in ("MM92_ctrl", "NO96_reversal", "M94_FK506")}
    runs = cache(tmp_path, setting, wanted)
    run_missing(runs, workers=1, function=fake_slices, drives=1)
    conditions = {
        each.key: each
        for each in driven(tmp_path, setting)[0]
        if unexpressed(rule, each.experiment, each.specs) is None
    }
    assert conditions.keys() >= {"MM92_ctrl", "NO96_reversal"}
    expected = {}
    for target in TARGETS:
        costs = []
        for key in conditions.keys() & {*target.conditions}:
            found = conditions[key].by_rule(rule, rule.published, conditions[key].synapses())
            over = target.name in OVER_THE_LAST
            level = found.outcome.change if over else found.outcome.value
            miss = abs(level / 100 - target.value) / target.allowed
            costs.append(miss**2 if miss < SOFT else SOFT * (2 * miss - SOFT))
        if costs:
            expected[target.name] = sum(costs) / len(costs)
    assert {"900 at 1 Hz", *OVER_THE_LAST, "test pulses"} <= expected.keys()
    objective = Objective(rule, driven(tmp_path, setting)[0])
    assert objective(rule.published) == pytest.approx(sum(expected.values()), rel=1e-6)
