"""Our mechanisms in a session's own NEURON model."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "own_model.md"


def python(source: str, *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_page_shows_our_synapse_on_a_section_of_ones_own():
    (example, *_) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for line in example.splitlines() if line]
    assert len(lines) < 26
    said = python(example + "print(calcium[0], head.ca1ampar.anchored, h.t, synapse.bouton.spikes)")
    words, numbers = said.splitlines()
    peak, active = map(float, re.findall(r"[\d.]+", words))
    assert 0.5 < peak < 3  # uM, of a release
    assert 5 < active < 100
    rest, anchored, end, spikes = map(float, numbers.split())
    assert rest == pytest.approx(6e-5, rel=0.01)  # mM
    assert anchored == pytest.approx(52.4, abs=1)  # about the rest of a slice's spine
    assert (end // 1000, spikes) == (20, 20)


def test_the_model_rests_and_its_stimuli_begin_at_time_0():
    said = python(
        """
        import ca1ltd as ltd
        from neuron import h

        h.load_file("stdrun.hoc")
        h.celsius, h.dt = 34, 0.1
        dendrite = h.Section("dendrite")
        dendrite.insert("hh")
        stimulus = h.NetStim()
        stimulus.start, stimulus.number, stimulus.interval = 5, 1e9, 20
        synapse = ltd.add_synapse(dendrite(0.5), seed=3, axon=7)
        connection = h.NetCon(stimulus, synapse.bouton)
        connection.weight[0], connection.delay = 1, 0
        anchored = h.Vector().record(synapse.spine.head(0.5).ca1ampar._ref_anchored)
        ltd.find_rest()
        print(h.t, h.dt, stimulus.number, synapse.bouton.spikes)
        h.continuerun(4)
        print(max(anchored) - min(anchored), len(anchored), synapse.bouton.spikes)
        h.continuerun(50)
        print(synapse.bouton.spikes)
        """
    )
    before, rest, after = (list(map(float, line.split())) for line in said.splitlines())
    assert before == [0, 0.1, 1e9, 0]
    assert rest[0] < 1e-6
    assert rest[1:] == [41, 0]
    assert after == [3]


def test_loading_twice_is_fine_whoever_loads():
    said = python(
        """
        import importlib
        import ca1ltd as ltd
        from ca1ltd import build
        from neuron import h

        h.nrn_load_dll(str(build.build()))  # by hand
        ltd.load_mechanisms()
        ltd.load_mechanisms()
        import ca1ltd.engine.session
        importlib.reload(ca1ltd.engine.session).load()  # as after %autoreload
        h.Section("one").insert("ca1nat")
        print("loaded")
        """
    )
    assert said == "loaded\n"


def test_mechanisms_of_the_same_names_from_elsewhere_are_refused():
    said = python(
        """
        import ctypes, os, shutil, tempfile
        import ca1ltd as ltd
        from ca1ltd import build
        from ca1ltd.errors import RunError
        from neuron import h

        other = shutil.copy(build.build(), tempfile.mkdtemp())
        h.nrn_load_dll(other)
        try:
            ltd.load_mechanisms()
        except RunError as error:
            print(error)
        """
    )
    assert "already loaded mechanisms of the same names" in said
