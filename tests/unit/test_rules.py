"""Published rules of plasticity on drives whose outcome is known in closed form."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ca1ltd.drive import REST, Drive, Stretches
from ca1ltd.rules import RULES, page
from ca1ltd.rules.kernel import Synapses
from ca1ltd.units import s

STOP = 2000 * s


def stretches(pieces, synapses):
    """Stretches of constant values: when each begins (ms), samples, value or one of each sample."""
    values = [np.broadcast_to(np.reshape(value, (-1, 1)), (n, synapses)) for _, n, value in pieces]
    return Stretches(
        starts=np.array([start for start, _, _ in pieces], dtype=float),
        lengths=np.array([n for _, n, _ in pieces], dtype=np.int64),
        values=np.concatenate([np.empty((0, synapses)), *values]).astype(np.float16),
    )


def driven(*, calcium=(), potential=(), releases=(), asked, synapses=1):
    """Synapses with calcium (uM) and potential (mV) in pieces, resting at -70 mV, at some times."""
    drive = Drive(
        axons=np.arange(synapses),
        calcium=calcium if isinstance(calcium, Stretches) else stretches(calcium, synapses),
        potential=stretches(potential, synapses),
        resting=np.full(synapses, -70.0),
        releases=np.array(releases, dtype=float),
        released=np.zeros(len(releases), dtype=np.int64),
    )
    return Synapses(drive, np.array(asked, dtype=float), STOP)


def weights(name, synapses, **changed):
    rule = RULES[name]
    return synapses.weights(rule, rule.published | changed)


@pytest.mark.parametrize("name", RULES)
def test_nothing_changes_at_rest(name):
    found = weights(name, driven(asked=[0.0, 600 * s, STOP]), beta=0.5, b=2.0)
    assert found == pytest.approx(found[0], rel=1e-6)
    assert found[0] > 0


@pytest.mark.parametrize(("level", "goal", "tau"), [(0.7, 0.5, 100.0), (3.0, 2.0, 10.0)])
def test_constant_calcium_lets_the_plain_rule_relax_with_its_time_constant(level, goal, tau):
    times = np.array([20.0, 30.0, 60.0])
    pieces = [(20 * s, 2000, level), (30 * s, 6000, level)]
    found = weights("two-thresholds", driven(calcium=pieces, asked=times * s), tau_p=10.0)
    expected = goal + (1 - goal) * np.exp(-(times - 20) / tau)
    assert found == pytest.approx(expected, rel=1e-6)
    below = weights("two-thresholds", driven(calcium=[(0.0, 8000, 0.3)], asked=[STOP]))
    assert below == pytest.approx([1.0])


def test_the_rule_of_shouval_relaxes_to_omega_at_the_rate_eta():
    level = float(np.float16(0.45))
    found = weights(
        "shouval-2002",
        driven(calcium=[(0.0, 4000, level + REST)], asked=[0.0, 20 * s]),
        alpha_2=0.9,
    )
    calcium = float(np.float16(level + REST)) - REST
    eta = 1 / (0.1 / (1e-5 + calcium**3) + 1.0)
    omega = 0.25 - 0.25 / (1 + math.exp(-80 * (calcium - 0.35)))
    expected = omega + (0.25 - omega) * math.exp(-eta * 20)
    assert found == pytest.approx([0.25, expected], rel=1e-4)
    assert expected < 0.2


def test_the_efficacy_of_graupner_and_brunel_crosses_with_the_published_probability():
    values = RULES["graupner-brunel-2012"].published
    seconds, level = 4.0, 1.1  # between the thresholds: synapses that are UP may fall
    calcium = [(0.0, round(seconds * 200), level * values["release"] + REST)]
    found = weights("graupner-brunel-2012", driven(calcium=calcium, asked=[0.0, STOP]))
    beta, b, tau, sigma = (values[key] for key in ("beta", "b", "tau", "sigma"))
    rate = values["gamma_d"] / tau
    spread = sigma**2 / values["gamma_d"]  # twice the stationary variance, as in the paper

    def beyond(first):
        x = (first * math.exp(-rate * seconds) - 0.5) / math.sqrt(
            spread * (1 - math.exp(-2 * rate * seconds))
        )
        return 0.5 * (1 + math.erf(x))

    up = beta * beyond(0.0) + (1 - beta) * beyond(1.0)
    assert found[1] / found[0] == pytest.approx(
        (1 + (b - 1) * up) / (1 + (b - 1) * (1 - beta)), rel=1e-3
    )
    assert up < 0.29
    # and stays there while nothing happens, as all settle
    later = weights("graupner-brunel-2012", driven(calcium=calcium, asked=[100 * s, 1900 * s]))
    assert later[1] == pytest.approx(later[0], rel=0.02)


def test_sparse_calcium_does_not_move_a_bistable_synapse_that_dense_calcium_does():
    def outcome(every):
        pieces = [(k * every, 4, 1.1 * 0.7 + REST) for k in range(100)]
        return weights("graupner-brunel-2012", driven(calcium=pieces, asked=[0.0, STOP]), sigma=1.0)

    sparse, dense = outcome(19 * s), outcome(0.5 * s)
    assert dense[1] < 0.8 * dense[0]
    assert sparse[1] == pytest.approx(sparse[0], rel=0.15)
    assert sparse[1] / sparse[0] > dense[1] / dense[0]


def test_glusynapse_integrates_calcium_before_its_thresholds():
    tau_eff = RULES["glusynapse-2022"].published["tau_eff"]
    level = float(np.float16(0.5))
    integrated = (level - REST) * tau_eff  # in the end
    asked = [0.0, STOP]

    def outcome(**changed):
        synapses = driven(calcium=[(0.0, 4000, level)], asked=asked)
        found = weights("glusynapse-2022", synapses, **changed)
        return found[1] / found[0]

    assert outcome(theta_d=1.02 * integrated, theta_p=2.0) == pytest.approx(1.0, abs=1e-6)
    fallen = outcome(theta_d=0.9 * integrated, theta_p=2.0)
    # 20 s at gamma_d/tau empty what was potentiated; conductances follow
    assert fallen == pytest.approx(1 / 1.5, rel=1e-3)
    assert outcome(theta_d=2.0, theta_p=0.9 * integrated) == pytest.approx(2 / 1.5, rel=1e-3)


def test_a_release_depresses_by_the_mean_potential_and_a_spike_after_it_potentiates():
    values = RULES["clopath-2010"].published | {"theta_minus": -60.0, "theta_plus": -50.0}
    step = (100.0, 1000, -55.0)  # a second at -55 mV, below the upper threshold
    found = weights(
        "clopath-2010",
        driven(potential=[step, (1100.0, 1, -70.0)], releases=[900.0], asked=[0.0, STOP]),
        **values,
    )
    assert found[0] - found[1] == pytest.approx(values["A_LTD"] * 5.0, rel=1e-6)
    held = [(100.0, 1000, -45.0)]  # where it stays: both means are there at the release
    found = weights(
        "clopath-2010",
        driven(potential=held, releases=[1500.25], asked=[0.0, STOP]),
        **values,
    )
    ltd, ltp = values["A_LTD"] * 15.0, values["A_LTP"] * 5.0 * 15.0  # x integrates to 1
    assert found[1] - found[0] == pytest.approx(ltp - ltd, rel=0.05)
    assert ltp < ltd


def test_weights_keep_within_the_bounds_of_the_rule():
    potential = [(k * 100.0, 20, -20.0) for k in range(50)]
    releases = [k * 100.0 + 5 for k in range(50)]
    synapses = driven(potential=potential, releases=releases, asked=[0.0, STOP])
    assert weights("clopath-2010", synapses, A_LTP=1.0)[1] == pytest.approx(3.0)
    assert weights("clopath-2010", synapses, A_LTD=1.0, A_LTP=1e-8)[1] < 1e-4


def test_published_values_lie_within_the_bounds_of_the_fit():
    for rule in RULES.values():
        for each in rule.parameters:
            assert each.low < each.value <= each.high or each.low <= each.value < each.high, each
            assert each.source


def test_calcium_is_that_of_each_synapse():
    calcium = Stretches(
        starts=np.array([0.0]),
        lengths=np.array([2], dtype=np.int64),
        values=np.array([[3.0, 0.1], [0.1, 0.1]], dtype=np.float16),
    )
    alone = replace(calcium, values=calcium.values[:, :1])
    found, one = (
        weights("two-thresholds", driven(calcium=each, asked=[STOP], synapses=n))
        for n, each in ((2, calcium), (1, alone))
    )
    assert found == pytest.approx((one + 1) / 2, rel=1e-12)
    assert one > 1.001


def share(weighted, low=0.0, high=0.0, right=3, of=4):
    return {"weighted": weighted, "interval": [low, high], "right": right, "of": of}


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (share(0.2, 0.1, 0.3), "the rule is ahead of it (+20 points (+10 to +30))"),
        (share(-0.2, -0.3, -0.1), "the rule is behind it (-20 points (-30 to -10))"),
        (share(0.1, -0.1, 0.3), "the rule is not told apart from it (+10 points (-10 to +30))"),
        (share(None), "can express no condition that the fits have not seen"),
    ],
)
def test_who_is_ahead_is_said_from_the_interval_of_the_difference(difference, words):
    rule = {
        "title": "A rule",
        "shares": {"unseen": {"direction": share(0.75, 0.5, 1.0)}},
        "model_on_the_same": {"unseen": {"direction": share(0.5, 0.25, 0.75)}},
        "ahead": {"unseen": {"direction": difference}},
    }
    (said,) = page.verdict({"rules": {"a": rule}})
    assert said.startswith("A rule")
    assert words in said


def test_what_no_rule_can_express_is_counted_by_its_reason():
    rows = [
        {"unexpressed": {"a": "one", "b": "one"}},
        {"unexpressed": {"a": "other", "b": "other"}},
        {"unexpressed": {"a": "one", "b": "one"}},
        {"unexpressed": {"b": "other"}},
    ]
    none = {"direction": share(None)}
    shares = {"fitted": none, "near": {"direction": share(0.75, 0.5, 1.0)}, "unseen": none}
    found = {"rules": {"a": {}, "b": {}}, "conditions": rows, "model": {"only": shares}}
    said = page.only(found)
    assert "No rule can express 3 conditions of these: in 2 one, in 1 other." in said
    assert said.endswith("in: near 75% (50 to 100%; 3 of 4).")
