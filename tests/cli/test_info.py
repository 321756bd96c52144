"""What `ca1ltd info` tells: of everything or of one thing, for people or for machines."""

import json

import pytest

from ca1ltd.cli import main
from ca1ltd.cli.topics import TOPICS
from ca1ltd.model import drugs
from pages.runs import spec_of


def said(capsys, *words):
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert not err
    return out


def numbers_in(value):
    """All texts and numbers of a JSON value."""
    if isinstance(value, dict):
        return [each for part in value.values() for each in numbers_in(part)]
    if isinstance(value, list):
        return [each for part in value for each in numbers_in(part)]
    return [value]


def test_the_installation_as_json_is_what_the_text_says(capsys):
    text, told = said(capsys, "info"), json.loads(said(capsys, "info", "--json"))
    for value in numbers_in(told):
        if not isinstance(value, bool):
            assert str(value) in text


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_as_json_is_what_the_text_says(capsys, topic):
    text, told = said(capsys, "info", topic), json.loads(said(capsys, "info", topic, "--json"))
    assert len(told) == len(TOPICS[topic]("dhc"))
    for entry in told:
        for key in entry.keys() & {"name", "title", "text", "source", "effect", "target"}:
            assert entry[key] in text
    one = json.loads(said(capsys, "info", topic, told[-1]["name"].upper(), "--json"))
    assert one == told[-1]


@pytest.mark.parametrize("known", drugs.DRUGS, ids=lambda known: known.name)
def test_a_drug_by_any_of_its_names_with_a_command_that_gives_it(capsys, known):
    text = said(capsys, "info", "drugs", known.name)
    for word in (known.target, known.effect, known.source, f"{known.default:g} uM", "washed"):
        assert word in text
    for name in known.aliases:
        assert said(capsys, "info", "drugs", name) == text
    told = json.loads(said(capsys, "info", "drugs", known.name, "--json"))
    assert told["example"] in text
    (given,) = spec_of(told["example"].removeprefix("ca1ltd run ")).drugs
    assert given.info is known
    assert given.concentration == known.default
    coming, going = told["wash"]["in_min"], told["wash"]["out_min"]
    assert (coming, going) == ((0, 0) if known.site == "pipette" else (coming, going))
    if known.site == "bath":
        assert f"time constant of {coming:g} min, out with {going:g} min" in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("drugs", "aspirin"), "no drug 'aspirin': there are D-AP5"),
        (("protocols", "lf"), "there is no 'lf' among the protocols: `ca1ltd info protocols`"),
        (("weather", "today"), "no topic 'weather'"),
    ],
)
def test_what_is_not_there_is_one_sentence(capsys, words, sentence):
    assert main(["info", *words, "--json"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert sentence in err
