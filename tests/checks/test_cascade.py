"""The cascade in NEURON and, as SBML, in RoadRunner, on the same calcium: equal to 1e-4."""

import gc
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ca1ltd import resources
from ca1ltd.model import parameters

pytest.importorskip("libsbml", reason="needs pip install 'ca1ltd[sbml]'")
if importlib.util.find_spec("roadrunner") is None:
    pytest.skip("needs pip install 'ca1ltd[sbml]'", allow_module_level=True)

import libsbml

from ca1ltd.engine.arrivals import Arrivals
from ca1ltd.engine.integrators import INTEGRATORS
from ca1ltd.export.network import cascade_network, resting
from ca1ltd.export.sbml import sbml_text

RUNNER = Path(__file__).with_name("roadrunner_run.py")
TOLERANCE = 1e-4  # of each state's own largest value

# 60 transients at 1 Hz, as low-frequency stimulation makes them, then a pulse as in an LTP clamp
PEAK, DECAY, PERIOD, TRANSIENTS = 0.7e-3, 60.0, 1000.0, 60  # mM above rest, ms, ms
PULSE, PULSE_FROM, PULSE_TO = 10e-3, 70e3, 73e3  # mM above rest, ms, ms
STOP = 300e3  # ms
TIMES = np.arange(50.0, STOP, 100.0)  # no jump of calcium falls on one

#: PP1 in the PSD (mM) that is hardly there: a hundredth of its sites. Its error is told of no less.
HARDLY = 0.01 * parameters.table()["ca1psd.pp1_sites"].value
#: Buses that a vector of CVODE's records with CaMKII that has calmodulin, and CaMKII that has none,
#: of moments that differ by a turn of its iteration; their states it records as of one.
LATE = ("pti", "phi", "ckai")
POOLS = ("anchored", "diffusing", "vesicles")
#: Receptors beyond the slots, which neither protocol brings about.
CROWDED = {"anchored": 100.0, "diffusing": 10.0, "vesicles": 20.0}
#: So few slots that these are crowded, whatever their number is otherwise.
FEW_SLOTS = [("ca1ampar.slots_rest", 0.4 * CROWDED["anchored"])]
#: So little calmodulin does for PKA that it moves.
EAGER = [("ca1pka.k_cam", 1e-4)]
#: Every drug at once, and few slots.
BLOCKED = [
    *EAGER,
    *FEW_SLOTS,
    ("ca1cam.can_block", 0.3),
    ("ca1cam.camkii_block", 0.2),
    ("ca1camkii.block", 0.2),
    *((f"{each}.phosphatase_block", 0.4) for each in ("ca1psd", "ca1ampar")),
    *((f"{each}.can_released", 0.2) for each in ("ca1psd", "ca1ampar")),
    ("ca1ampar.pka_released", 0.3),
    *((f"{each}.pp2a_block", 0.5) for each in ("ca1i1", "ca1camkii", "ca1ampar")),
    ("ca1i1.thio", 1e-3),
    ("ca1pka.block", 0.1),
    ("ca1pka.cyclase", 0.5),
    ("ca1ampar.endo_block", 0.3),
    ("ca1ampar.exo_block", 0.2),
]


def calcium_table(rest):
    """Times (ms) and calcium (mM), to be interpolated linearly; jumps are times given twice."""
    since = np.concatenate([np.arange(0.0, 600.0, 0.1), [600.0, 700.0, 800.0, 900.0, PERIOD]])
    jumps = PERIOD * np.arange(1, TRANSIENTS + 1)
    times = (jumps[:, None] + since).ravel()
    left = PEAK * np.cumsum(np.exp(-PERIOD / DECAY * np.arange(TRANSIENTS)))  # after each jump
    calcium = (left[:, None] * np.exp(-since / DECAY)).ravel()
    times = np.concatenate([[0, PERIOD], times, [PULSE_FROM] * 2, [PULSE_TO] * 2, [STOP]])
    calcium = np.concatenate([[0, 0], calcium, [0, PULSE, PULSE, 0, 0]])
    return times, rest + calcium


class Head:
    """The network in a NEURON section."""

    def __init__(self, n, network):
        self.n, self.network = n, network
        self.section = n.Section(name="head")
        for mechanism in network.mechanisms:
            self.section.insert(mechanism.name)
        self.here = self.section(0.5)
        for key, value in network.changed.items():
            mechanism, name = key.split(".")
            setattr(getattr(self.here, mechanism), name, value)
        self.where = {"cai": self.here} | {
            name: self.here if name in mechanism.writes else getattr(self.here, mechanism.name)
            for mechanism in network.mechanisms
            for name in network.owned(mechanism)
        }

    def start(self, states):
        """Begin at time 0 with states as given and calcium played in."""
        times, calcium = calcium_table(self.network.calcium)
        jumps = np.flatnonzero(np.diff(times) == 0)
        self.played = [self.n.Vector(values) for values in (calcium, times, jumps)]
        self.played[0].play(self.here._ref_cai, *self.played[1:])
        self.n.finitialize(-70)
        for name, value in (states | {"cai": self.network.calcium}).items():
            setattr(self.where[name], name, value)

    def read(self):
        """The present value of every state."""
        return {name: getattr(place, name) for name, place in self.where.items()}


def in_neuron(n, network, start):
    """States at TIMES in NEURON by CVODE at a tight tolerance."""
    head, at = Head(n, network), n.Vector(TIMES)
    taken = {
        name: n.Vector().record(getattr(place, f"_ref_{name}"), at)
        for name, place in head.where.items()
    }
    cvode = n.CVode()
    cvode.atol(1e-8)
    longest = cvode.maxstep()
    cvode.maxstep(1.0)  # ms: turns of an iteration then differ little
    cvode.active(True)
    head.start(start)
    cvode.re_init()
    cvode.solve(STOP)
    cvode.maxstep(longest)
    return {name: vector.as_numpy().copy() for name, vector in taken.items()}


def by_default(n, network, start, factor):
    """Some of TIMES and the states there in NEURON by the integrator that runs use.

    The times are the last before each jump of calcium, and every 20 s in the end; the steps are as
    in a run, divided by a factor.
    """
    head = Head(n, network)
    head.here.cai = network.calcium
    integrator = INTEGRATORS["efficient"](n.CVode())
    integrator.find_rest()
    integrator.refine(factor)
    head.start(start)
    times, states = [], []
    jumps = [*PERIOD * np.arange(1, TRANSIENTS + 1), PULSE_FROM, PULSE_TO]
    for jump, following in zip(jumps, [*jumps[1:], STOP], strict=True):
        integrator.advance(jump - 1.0)  # spikes arrive some time after the pulse
        integrator.pulse(Arrivals(jump, jump))
        since = TIMES[(jump < TIMES) & (following > TIMES)][::-200][::-1]
        for time in since:
            integrator.advance(time)
            times.append(time)
            states.append(head.read())
    found = {name: np.array([state[name] for state in states]) for name in states[0]}
    return np.searchsorted(TIMES, times), found


def driven(text, rest):
    """The same calcium in SBML: a decaying trace raised by events, and a pulse."""
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for name, value in (("trace", 0.0), ("pulse", 0.0), ("next_jump", PERIOD)):
        parameter = model.createParameter()
        parameter.setId(name)
        parameter.setValue(value)
        parameter.setConstant(False)
    for rule, variable, formula in (
        (model.createRateRule(), "trace", f"-trace/{DECAY}"),
        (model.createAssignmentRule(), "cai", f"{rest} + trace + pulse"),
    ):
        rule.setVariable(variable)
        rule.setMath(libsbml.parseL3Formula(formula))
    last = PERIOD * (TRANSIENTS + 0.5)
    for when, changes in (
        (
            f"time >= next_jump && next_jump < {last}",
            {"trace": f"trace + {PEAK}", "next_jump": f"next_jump + {PERIOD}"},
        ),
        (f"time >= {PULSE_FROM}", {"pulse": f"{PULSE}"}),
        (f"time >= {PULSE_TO}", {"pulse": "0"}),
    ):
        event = model.createEvent()
        event.setUseValuesFromTriggerTime(True)
        trigger = event.createTrigger()
        trigger.setInitialValue(False)
        trigger.setPersistent(True)
        trigger.setMath(libsbml.parseL3Formula(when))
        for variable, formula in changes.items():
            assignment = event.createEventAssignment()
            assignment.setVariable(variable)
            assignment.setMath(libsbml.parseL3Formula(formula))
    return libsbml.writeSBMLToString(document)


def in_roadrunner(text, network, folder, drive=driven):
    model, result = folder / "driven.xml", folder / "result.npz"
    model.write_text(drive(text, network.calcium), encoding="utf-8")
    names = [name for each in network.mechanisms for name in network.owned(each)]
    document = libsbml.readSBMLFromString(text)
    species = document.getModel().getSpecies
    counted = [species(name).getHasOnlySubstanceUnits() for name in names]
    selections = [name if c else f"[{name}]" for name, c in zip(names, counted, strict=True)]
    np.savez(result, times=np.concatenate([[0.0], TIMES]), selections=["cai", *selections])
    subprocess.run([sys.executable, RUNNER, model, result], check=True, timeout=120)
    values = np.load(result)["values"][1:]
    return dict(zip(["cai", *names], values.T, strict=True))


def there(states):
    """Names of the states that are more than rounding errors, as a drug that is not given."""
    return {name for name, values in states.items() if np.abs(values).max() > 1e-15}


def difference(ours, theirs):
    """Largest difference of each state that is ever there, relative to its own largest value."""
    return {
        name: np.abs(ours[name] - theirs[name]).max() / np.abs(ours[name]).max()
        for name in there(ours) | there(theirs)
    }


@pytest.mark.parametrize(
    ("label", "overrides", "moved"),
    [("at rest", EAGER, {}), ("blocked, crowded", BLOCKED, CROWDED)],
    ids=["at rest", "blocked and crowded"],
)
def test_roadrunner_follows_neuron(label, overrides, moved, n, tmp_path, below):
    network = cascade_network(overrides)
    start = resting(network) | moved
    ours = in_neuron(n, network, start)
    theirs = in_roadrunner(sbml_text(network, start), network, tmp_path)
    assert ours.keys() == theirs.keys() == {*start, "cai"}
    assert np.any(ours["anchored"] > ours["slots"]) == bool(moved)
    assert ours.keys() - there(ours) == (set() if overrides is BLOCKED else {"thiopp1"})
    for name in there(ours):
        assert np.ptp(ours[name]) > 0.003 * np.abs(ours[name]).max(), f"{name} does not move"
    for name, found in difference(ours, theirs).items():
        given = "calcium given to the " if name == "cai" else ""
        limit = 10 * TOLERANCE if name in LATE else TOLERANCE
        below(f"{given}cascade from {label}, {name}", found, limit)


@pytest.mark.parametrize("plenty", [False, True], ids=["as it is", "more calmodulin"])
def test_the_default_integrator_converges_to_it(plenty, n, tmp_path, below):
    # as it is, the pulse binds nearly all calmodulin: what is left over is judged by all of it
    # there, and by itself where there is more of it
    network = cascade_network([("ca1cam.cam_total", 0.02)] if plenty else [])
    more = ", more calmodulin" if plenty else ""
    title = f"cascade by the default integrator{more}"
    finer = f"cascade by it with steps a fourth as long{more}"
    start = resting(network)
    theirs = in_roadrunner(sbml_text(network, start), network, tmp_path)
    # receptors move from pool to pool: a small one is judged by all of them
    receptors = sum(theirs[pool][0] for pool in POOLS)
    least = {"psqi": HARDLY, **dict.fromkeys(POOLS, receptors)}
    if not plenty:
        least["cami"] = sum(theirs[name][0] for name in ("cam", "canb", "cki"))
    errors = []
    for factor in (1, 4):
        chosen, ours = by_default(n, network, start, factor)
        gc.collect()  # another head would be simulated along
        assert len(chosen) > TRANSIENTS
        errors.append(
            {
                name: np.abs(ours[name] - theirs[name][chosen]).max()
                / max(theirs[name].max(), least.get(name, 0.0))
                for name in there(theirs) & start.keys()
            }
        )
    coarse, fine = errors
    below(f"{title}, calcineurin", coarse["cani"], 0.01)
    if not plenty:
        below(f"{title}, loaded calmodulin of all calmodulin", coarse["cami"], 0.005)
        below(f"{finer}, loaded calmodulin of all calmodulin", fine["cami"], 0.002)
    for name in POOLS:
        below(f"{title}, pool {name}", coarse[name], 0.0035)
    # they follow CaMKII in the PSD, which makes several times as many as there are receptors
    below(f"{title}, slots", coarse["slots"], 0.02)
    # free PP1, what is left over of a tight binding: 1 % of calcineurin is several of it
    below(f"{title}, worst state", max(coarse.values()), 0.06)
    below(f"{finer}, worst state", max(fine.values()), 0.02)


CHANGES = [
    ("ca1cam", "(cai*cai/(k_n*k_n) + 1)", "(cai*cai/(k_n*k_n) + 1.01)"),
    ("ca1pka", "- pkai)/tau\n}", "- pkai)/(1.01*tau)\n}"),
    ("ca1i1", "<-> i1 + ppi (off,", "<-> i1 + ppi (1.01*off,"),
    ("ca1camkii", "(held + (1 - held)*p286)", "(held + (1.01 - held)*p286)"),
    ("ca1psd", "retain = (0.001)*k_retain*hold*hold*hold*hold", "retain = (0.001)*k_retain*hold"),
    ("ca1ampar", "if (x > 0)", "if (x > 1)"),
]


@pytest.fixture(scope="module")
def crowded():
    """States to start from, and what becomes of them in NEURON once it has been simulated."""
    return resting(cascade_network(FEW_SLOTS)) | CROWDED, {}


@pytest.mark.parametrize(("mechanism", "old", "new"), CHANGES, ids=[row[0] for row in CHANGES])
def test_a_change_in_any_mod_file_is_seen(mechanism, old, new, n, tmp_path, crowded):
    start, ours = crowded
    if not ours:
        ours.update(in_neuron(n, cascade_network(FEW_SLOTS), start))
    shutil.copytree(resources.mod_dir(), tmp_path / "mod")
    file = tmp_path / "mod" / f"{mechanism}.mod"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    other = cascade_network(FEW_SLOTS, folder=tmp_path / "mod")
    theirs = in_roadrunner(sbml_text(other, start), other, tmp_path)
    found = difference(ours, theirs)
    assert max(found[name] for name in found.keys() - set(LATE)) > 3 * TOLERANCE


def test_rest_in_neuron_is_rest_in_sbml(tmp_path, below):
    network = cascade_network()
    start = resting(network)
    found = in_roadrunner(sbml_text(network, start), network, tmp_path, drive=lambda text, _: text)
    for name, value in start.items():
        # of itself or of 1 nM, the memory in the PSD being empty at rest
        below(f"drift in 5 min of {name}", np.ptp(found[name]) / max(value, 1e-6), 1e-4)
