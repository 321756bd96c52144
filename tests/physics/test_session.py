"""The same seed gives the same bits, whatever a session did with NEURON before."""

import json
import subprocess
import sys
import textwrap

import pytest

#: What other code may have done in a session. What it says is in effect stays so.
KINDS = {
    "our mechanisms, and their globals": (
        "ltd_session.load(); h.q10_ca1cal = 9; h.usetable_ca1cal = 0",
        "h.q10_ca1cal",
    ),
    "Random123's global index": ("h.Random().Random123_globalindex(7)", None),
    "threads": ("h.ParallelContext().nthread(4)", "h.ParallelContext().nthread()"),
    "DASPK": ("cvode.use_daspk(1)", "cvode.use_daspk()"),
    "temperature": ("h.celsius = 6.3", "h.celsius"),
    "step": ("h.dt = 5", "h.dt"),
    "initial potential": ("h.v_init = 20", "h.v_init"),
    "steps per ms": ("h.steps_per_ms = 1", "h.steps_per_ms"),
    "time": ("h.t = 1e6", "h.t"),
    "second order": ("h.secondorder = 2", "h.secondorder"),
    "tolerance": ("cvode.atol(10); cvode.rtol(.1)", "cvode.atol()"),
    "scale of a state": ("cvode.atolscale('v', 100)", "cvode.atolscale('v')"),
    "condition order": ("cvode.condition_order(2)", "cvode.condition_order()"),
    "longest and shortest step": ("cvode.maxstep(.1); cvode.minstep(.01)", "cvode.maxstep()"),
    "order, Jacobian": ("cvode.maxorder(1); cvode.jacobian(2)", "cvode.jacobian()"),
    "variable step": ("cvode.active(True)", "cvode.active()"),
    "queue of events": ("cvode.queue_mode(True)", "cvode.queue_mode()"),
    "order of memory": ("cvode.cache_efficient(True)", "cvode.cache_efficient()"),
    "membrane currents": ("cvode.use_fast_imem(True)", "cvode.use_fast_imem()"),
    "CoreNEURON": ("from neuron import coreneuron; coreneuron.enable = True", "coreneuron.enable"),
    "concentrations": ("h.cai0_ca_ion = 1; h.cao0_ca_ion = 0.1", "h.cai0_ca_ion"),
    "a section": ("soma = h.Section('soma'); soma.insert('hh')", "len(list(h.allsec()))"),
    "a stimulus": ("clamp = h.IClamp(soma(.5)); clamp.dur = clamp.amp = 1e9", "clamp.amp"),
    "an artificial cell": ("cell = h.NetStim(); cell.number = 1e9", "cell.number"),
    "a cell of a network": ("h.ParallelContext().set_gid2node(1, 0)", None),
    "a handler of initialisation": (
        "handler = h.FInitializeHandler(lambda: setattr(h, 'celsius', 0))",
        None,
    ),
    "a handler of steps": ("cvode.extra_scatter_gather(0, step)", None),
    "an event": ("events = h.FInitializeHandler(lambda: cvode.event(1, lambda: h.quit()))", None),
    "procedures": ("h('proc init() { quit() }'); h('proc advance() { quit() }')", None),
    "random numbers of Python": ("random.seed(3); numpy.random.seed(3)", None),
    "errors of NumPy": ("numpy.seterr(all='raise')", "numpy.geterr()['over']"),
    "environment": (
        "os.environ.update(NEURON_MODULE_OPTIONS='-nthread 3', NRN_NMODL_PATH='/nowhere')",
        "os.environ['NRN_NMODL_PATH']",
    ),
    "folder": ("os.chdir(tempfile.mkdtemp())", "os.getcwd()"),
}

SESSION = """
import json, os, random, sys, tempfile
import numpy
from neuron import h
from ca1ltd.engine import session as ltd_session
import ca1ltd as ltd

h.load_file("stdrun.hoc")
cvode = h.CVode()

def step():
    h.celsius = 0

def bits():
    protocol = ltd.protocols.test_pulses(duration=2, baseline=1, test_interval=60)
    return ltd.Slice(seed=1, synapses=4).run(protocol).epsp.to_csv()

first = bits()
failed, kept, kinds = {}, {}, json.loads(sys.argv[1])
for kind, (deed, sight) in kinds.items():
    try:
        exec(deed)
        kept[kind] = sight and eval(sight)
    except Exception as error:
        failed[kind] = repr(error)
second = bits()
changed = [k for k, (_, sight) in kinds.items() if sight and eval(sight) != kept[k]]
print("\\n" + json.dumps({"first": first, "second": second, "failed": failed, "changed": changed}))
"""


@pytest.fixture(scope="module")
def session():
    """One session in which all of it is done, between two runs of one slice."""
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SESSION), json.dumps(KINDS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_what_a_session_did_with_neuron_moves_no_bit(session):
    assert session["failed"] == {}
    assert session["second"] == session["first"]
    assert session["first"].count("\n") == 5


def test_what_a_session_did_stays_as_it_was(session):
    assert session["changed"] == []
