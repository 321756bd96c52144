"""The figure of published rules beside the model, drawn from what their comparison leaves."""

import json

import pytest

from ca1ltd.errors import BadInput
from ca1ltd.figures import rules

TITLES = ("two thresholds", "Shouval, Bear & Cooper 2002", "Clopath et al. 2010")


def share(weighted):
    interval = None if weighted is None else [weighted - 0.1, weighted + 0.1]
    return {"direction": {"weighted": weighted, "interval": interval}}


@pytest.fixture
def found():
    """A comparison on four conditions; nothing unseen is expressed by the last rule."""
    of_rules = {
        f"rule-{k}": {
            "title": title,
            "shares": {"fitted": share(0.8), "near": share(0.6), "unseen": share(unseen)},
            "model_on_the_same": dict.fromkeys(rules.HISTORIES, share(0.7)),
        }
        for k, (title, unseen) in enumerate(zip(TITLES, (0.5, 0.4, None), strict=True))
    }
    rows = [
        ("LTD", 55.0, "fitted"),
        ("LTD", 300.0, "unseen"),
        ("NC", 100.0, "near"),
        ("LTP", None, "near"),
    ]
    conditions = [
        {
            "id": f"condition {k}",
            "published": [direction],
            "history": history,
            "outcomes": {name: {"change_percent": change} for name in ("model", *of_rules)},
        }
        for k, (direction, change, history) in enumerate(rows)
    ]
    return {"rules": of_rules, "conditions": conditions, "slices": 2}


def test_the_shares_and_every_outcome_are_drawn_and_told(found, flaws_of):
    figure = rules.draw(found)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(180)
    assert flaws_of(figure, least=30) == []
    panels = [axes for axes in figure.axes if axes.get_title() in ("the model", TITLES[0])]
    for axes in panels:
        points = {tuple(line.get_ydata()) for line in axes.lines}
        assert points == {(55.0,), (220.0,), (100.0,)}  # one is beyond the end, one has no outcome
    words = rules.caption(found)
    assert "two thresholds 50% (model 70%)" in words
    assert "Clopath et al. 2010 none (model 70%)" in words
    assert "2 slices of each condition" in words
    assert rules.numbers(found)["rule-1_unseen_rule"] == 0.4


def test_it_is_saved_with_its_numbers_and_read_from_what_was_left(found, tmp_path):
    with pytest.raises(BadInput, match=r"holds no rules\.json"):
        rules.load(tmp_path)
    (tmp_path / "rules.json").write_text(json.dumps(found), encoding="utf-8")
    files = rules.save(rules.load(tmp_path), tmp_path / "drawn")
    assert [file.suffix for file in files] == [".png", ".svg", ".pdf", ".json", ".txt"]
    saved = json.loads((tmp_path / "drawn" / "rules.json").read_text(encoding="utf-8"))
    assert saved["numbers"] == rules.numbers(found)
    (tmp_path / "rules.json").write_text('{"rules": 3}', encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be used"):
        rules.load(tmp_path)
