"""What pages name is there: files, folders, and figures."""

import re

import pytest

from pages.page import pages
from pages.result import ROOT
from pages.runs import spec_of

PLACE = re.compile(
    r"(?:\[[^\]]*\]\(|`)((?:ca1ltd|docs|mod|cells|tests|calibration|benchmarks|pages|figures)/"
    r"[\w./*<>-]*)"
)
#: Places that a command makes.
MADE = ("figures/runs", "figures/ltd.png", "figures/ap5")


def named(text):
    """Places of the repository in backticks or links; `<suffix>` stands for any name."""
    return {re.sub(r"<\w+>", "*", found).rstrip("/.") for found in PLACE.findall(text)}


@pytest.mark.parametrize("page", [*pages(), ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_every_place_that_a_page_names_exists(page):
    here = page.parent
    missing = [
        place
        for place in sorted(named(page.read_text()))
        if place not in MADE and not [*ROOT.glob(place), *here.glob(place)]
    ]
    assert not missing


def test_every_run_that_the_readme_tries_is_a_possible_experiment():
    lines = re.findall(r"\.venv/bin/ca1ltd run (.*?) *(?:#.*)?\n", (ROOT / "README.md").read_text())
    own = [line for line in lines if "--file" not in line]
    assert len(own) > 8
    for words in own:
        spec_of(re.sub(r"--out \S+", "", words))


def test_places_are_found_in_backticks_and_links():
    text = "see `ca1ltd/engine/spine.py`, [a](docs/no.md), `tests/mechanisms/test_<suffix>.py`"
    assert named(text) == {
        "ca1ltd/engine/spine.py",
        "docs/no.md",
        "tests/mechanisms/test_*.py",
    }
