"""What the page on speed says of NEURON's nightly build, and how the bench compares it."""

import re
import sys
from types import SimpleNamespace

import pytest

from benchmarks import growth, nightly
from benchmarks.excerpts import LENGTHS, SOURCES, Excerpt
from pages.speed import SPEED

MACHINE = {"machine": {"neuron": "9.0.2"}}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "not tried; `make nightly` installs it"),
        ({"nightly": None}, "not tried; `make nightly` installs it"),
        ({"nightly": {"version": "9.1.0.dev28", "ratio": None}}, r"9\.1\.0\.dev28 .* not run\."),
        (
            {"nightly": {"version": "9.1.0.dev28", "ratio": 1.234}},
            r"build 9\.1\.0\.dev28 .* takes 1\.23 times .* with NEURON 9\.0\.2\.",
        ),
    ],
)
def test_a_page_tells_what_came_of_a_nightly_build(found, said):
    text = SPEED.views["nightly"](MACHINE | found)
    assert re.search(said, text)


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """An environment whose NEURON is the nightly build 9.1.0.dev1."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 9.1.0.dev1\n")
    python.chmod(0o755)
    monkeypatch.setattr(nightly, "PYTHON", python)
    return str(python)


def test_a_nightly_build_and_the_release_take_turns(installed, monkeypatch):
    spent = {installed: [3.0, 9.0, 4.0], sys.executable: [2.0, 1.0, 8.0]}
    turns = []

    def run(job, python):
        turns.append(python)
        return SimpleNamespace(cpu_s=spent[python][(len(turns) - 1) // 2])

    monkeypatch.setattr(nightly, "in_own_process", run)
    assert nightly.nightly() == {"version": "9.1.0.dev1", "ratio": 4.0 / 2.0}
    assert turns == [installed, sys.executable] * 3


def test_a_nightly_build_that_does_not_run_stops_no_bench(installed, monkeypatch, capsys):
    def run(job, python):
        raise RuntimeError("it does not compile")

    monkeypatch.setattr(nightly, "in_own_process", run)
    assert nightly.nightly() == {"version": "9.1.0.dev1", "ratio": None}
    assert "it does not compile" in capsys.readouterr().err


def test_without_a_nightly_build_nothing_is_measured(monkeypatch, tmp_path):
    monkeypatch.setattr(nightly, "PYTHON", tmp_path / "python")
    assert nightly.nightly() is None


def test_what_the_bench_simulates_are_protocols_of_today():
    assert sum(pulse.kind == "induction" for pulse in growth.SHORT.pulses()) == 20
    assert SOURCES.keys() == LENGTHS.keys()
    for name, (length, _) in LENGTHS.items():
        assert Excerpt(of=name, length=length).pulses()
