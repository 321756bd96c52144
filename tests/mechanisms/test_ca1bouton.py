"""Bouton: binomial release, facilitation, depletion, recovery, reproducible streams.

The seeds are fixed; bounds are four standard errors of the expected value, from the binomial law.
"""

import numpy as np
import pytest
from scipy import stats

U, TAU_REC, TAU_FACIL, SITES = 0.14, 186.0, 129.0, 3
TAU_RECYCLING, K_READY = 15e3, 0.2
UNLIMITED = 1e9  # vesicles of the recycling pool, where a law of the docked ones is asked for
BOUTONS, REPEATS = 1500, 8
TRIALS = BOUTONS * REPEATS


def give_stream(bouton, seed, axon):
    """Begin a bouton's own stream; after `set_ids` alone NEURON uses up four numbers of the old."""
    bouton.stream.set_ids(seed, 0, axon)
    bouton.stream.set_seq(0)


class Population:
    """Many boutons with streams of their own, given the same spikes."""

    def __init__(self, n, head, size=BOUTONS, seed=1, **settings):
        self.n = n
        self.head = head()  # NEURON wants a section to advance time
        self.boutons = [n.ca1bouton() for _ in range(size)]
        for axon, bouton in enumerate(self.boutons):
            give_stream(bouton, seed, axon)
            for name, value in ({"n_recycling": UNLIMITED} | settings).items():
                setattr(bouton, name, value)
        self.inputs = [n.NetCon(None, bouton, 0, 0.0, 1.0) for bouton in self.boutons]
        self.head.start()

    def read(self, variable):
        return np.array([getattr(bouton, variable) for bouton in self.boutons])

    def spike(self, after):
        """Give all a spike so many ms from now; return the quanta each released to it."""
        before = self.read("quanta")
        for connection in self.inputs:
            connection.event(self.n.t + after)
        self.head.advance(self.n.t + after + 0.5, variable=False, dt=(after + 0.5) / 2)
        return self.read("quanta") - before

    def rest(self):
        self.head.advance(self.n.t + 5000.0, variable=False, dt=2500.0)


def history(population, seed=1):
    """Quanta of a train from initialisation, shape ``(n_spikes, n_boutons)``."""
    for axon, bouton in enumerate(population.boutons):
        give_stream(bouton, seed, axon)
    population.head.start()
    return np.array([population.spike(30.0) for _ in range(6)])


def expect_mean(found, mean, variance):
    assert found.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / found.size))


def test_release_is_binomial(n, head):
    population = Population(n, head)
    quanta = []
    for _ in range(REPEATS):
        population.rest()
        quanta.append(population.spike(0.5))
    found = np.concatenate(quanta)
    expect_mean(found, SITES * U, SITES * U * (1 - U))  # 0.42
    success = 1 - (1 - U) ** SITES  # 0.364
    expect_mean(found > 0, success, success * (1 - success))
    expected = stats.binom.pmf(range(SITES + 1), SITES, U) * TRIALS
    observed = np.bincount(found.astype(int), minlength=SITES + 1)
    assert stats.chisquare(observed, expected).pvalue > 1e-3
    assert population.read("spikes").tolist() == [REPEATS] * BOUTONS
    assert population.read("quanta").sum() == found.sum()
    assert population.read("successes").sum() == (found > 0).sum()


def test_pairs_facilitate_in_the_mean_by_the_published_values(n, head):
    interval = 50.0
    population = Population(n, head)
    first, second = [], []
    for _ in range(REPEATS):
        population.rest()
        first.append(population.spike(0.5))
        second.append(population.spike(interval - 0.5))
    u = U + U * np.exp(-interval / TAU_FACIL) * (1 - U)
    docked = SITES - SITES * U * np.exp(-interval / TAU_REC)
    found = np.concatenate(second)
    expect_mean(found, u * docked, docked * u * (1 - u) + u**2)
    assert population.read("u") == pytest.approx(u)
    expected = u * docked / (SITES * U)
    assert expected == pytest.approx(1.41, abs=0.005)
    ratio = found.mean() / np.concatenate(first).mean()
    # relative errors of both means, of variance about 0.4 and 0.5 a trial
    error = expected * np.sqrt((0.36 / 0.42**2 + 0.52 / 0.594**2) / TRIALS)
    assert ratio == pytest.approx(expected, abs=4 * error)


def test_of_silenced_axons_release_is_that_of_a_lower_probability(n, head):
    found = []
    for settings in ({"silenced": 0.4}, {"u_rest": 0.6 * U}, {"silenced": 0.4, "enhanced": 0.5}):
        population = Population(n, head, size=200, **settings)
        assert population.boutons[0].rested() == pytest.approx(
            0.6 * U * (1 + settings.get("enhanced", 0)), rel=1e-9
        )
        found.append(history(population))
    assert np.array_equal(found[0], found[1])
    assert found[0].sum() > 0
    assert not history(Population(n, head, size=50, silenced=1.0)).any()


def test_enhanced_release_is_that_of_a_higher_probability(n, head):
    released = []
    for settings in ({"enhanced": 0.5}, {"u_rest": 1.5 * U}):
        population = Population(n, head, size=200, **settings)
        assert population.boutons[0].rested() == pytest.approx(1.5 * U)
        released.append(population.spike(0.5).tolist())
    assert sum(released[0]) > 0
    assert released[0] == released[1]
    population.boutons[0].enhanced = 9
    assert population.boutons[0].rested() == 1


def test_an_emptied_bouton_recovers_with_its_time_constant(n, head):
    population = Population(n, head, size=1000, u_rest=1.0)
    assert population.spike(0.5).tolist() == [SITES] * 1000
    assert population.read("n").tolist() == [0] * 1000
    for wait in (20.0, TAU_REC, 800.0):
        refilled = 1 - np.exp(-wait / TAU_REC)
        expect_mean(
            population.spike(wait - 0.5), SITES * refilled, SITES * refilled * (1 - refilled)
        )


def test_a_train_depletes_it(n, head):
    population = Population(n, head, size=1000, u_rest=0.5)
    quanta = [population.spike(9.5).mean() for _ in range(12)]
    assert quanta[0] == pytest.approx(1.5, abs=0.1)
    refilled = 1 - np.exp(-10.0 / TAU_REC)
    assert np.mean(quanta[6:]) == pytest.approx(SITES * refilled, rel=0.2)
    assert population.read("n").max() <= SITES
    assert population.read("n").min() == 0


def test_every_pulse_of_a_train_releases_binomially(n, head):
    # u is the same for all sites and sites do not know of each other, so that the mean field of
    # Tsodyks & Markram is exact for the mean, and release is binomial in each pulse of a train
    interval, pulses, repeats = 20.0, 12, 4
    population = Population(n, head)
    quanta = []
    for _ in range(repeats):
        population.rest()
        first = population.spike(0.5)
        quanta.append([first, *(population.spike(interval - 0.5) for _ in range(pulses - 1))])
    found = np.concatenate(quanta, axis=1)
    assert found.shape == (pulses, repeats * BOUTONS)
    recovery, facilitation = np.exp(-interval / TAU_REC), np.exp(-interval / TAU_FACIL)
    u, docked = U, 1.0
    for released in found:
        success = u * docked
        expect_mean(released, SITES * success, SITES * success * (1 - success))
        none = (1 - success) ** SITES
        expect_mean(released == 0, none, none * (1 - none))
        docked = 1 - (1 - docked * (1 - u)) * recovery
        u = u * facilitation * (1 - U) + U
    settled = U / (1 - (1 - U) * facilitation)
    assert u == pytest.approx(settled, rel=0.03)  # the train has reached its steady state
    assert docked == pytest.approx((1 - recovery) / (1 - (1 - settled) * recovery), rel=0.05)


def test_a_long_train_uses_up_the_recycling_pool(n, head):
    interval, pool = 100.0, 45
    population = Population(n, head, size=400, n_recycling=pool)
    released = [population.spike(interval - 0.5) for _ in range(600)]
    there = np.ones(400)
    for quanta in released:  # of each bouton, exactly
        there = 1 - (1 - there) * np.exp(-interval / TAU_RECYCLING) - quanta / pool
        there = np.maximum(there, 0)  # docked vesicles are taken from it when they are released
    assert population.read("ready") == pytest.approx(there, abs=1e-9)
    quanta = np.mean(released, axis=1)
    ready, docked, u, expected = 1.0, 1.0, 0.0, []
    for _ in quanta:  # mean field: what is released is independent of what is ready, nearly
        ready = 1 - (1 - ready) * np.exp(-interval / TAU_RECYCLING)
        priming = (1 + K_READY) * ready / (ready + K_READY)
        docked = 1 - (1 - docked) * np.exp(-priming * interval / TAU_REC)
        u = u * np.exp(-interval / TAU_FACIL) * (1 - U) + U
        expected.append(SITES * u * docked)
        ready -= expected[-1] / pool
        docked *= 1 - u
    expected = np.array(expected)
    assert expected[-100:].mean() < 0.6 * expected[:10].mean()
    for part in (slice(0, 10), slice(50, 100), slice(-100, None)):
        assert quanta[part].mean() == pytest.approx(expected[part].mean(), rel=0.05)


def test_the_recycling_pool_recovers_with_its_time_constant(n, head):
    population = Population(n, head, size=300, u_rest=1.0, n_recycling=SITES, tau_rec=1.0)
    assert population.spike(0.5).tolist() == [SITES] * 300
    assert population.read("ready").tolist() == [0.0] * 300
    # u_rest 0 leaves what is ready to be read after a spike that releases nothing
    for bouton in population.boutons:
        bouton.u_rest = 0.0
        bouton.u = 0.0
    population.spike(TAU_RECYCLING - 0.5)
    assert population.read("ready") == pytest.approx(1 - np.exp(-1))


def test_no_more_is_taken_than_the_recycling_pool_has(n, head):
    population = Population(n, head, size=50, u_rest=1.0, n_recycling=2)
    population.spike(0.5)
    assert population.read("ready").tolist() == [0.0] * 50


def test_release_probability_follows_the_closed_form(n, head):
    population = Population(n, head, size=1)
    u = 0.0
    for wait in (0.5, 30.0, 4.0, 200.0):
        population.spike(wait - 0.5 if wait > 1 else wait)
        gap = wait if wait > 1 else np.inf
        u = u * np.exp(-gap / TAU_FACIL)
        u += U * (1 - u)
        assert population.read("u")[0] == pytest.approx(u, rel=1e-9)


def test_the_number_of_sites_is_a_parameter(n, head):
    population = Population(n, head, size=1000, n_rrp=10)
    expect_mean(population.spike(0.5), 10 * U, 10 * U * (1 - U))


def test_one_event_of_one_quantum_for_each_vesicle(n, head):
    population = Population(n, head, size=200)
    arrivals = n.Vector()
    outputs = [n.NetCon(bouton, None) for bouton in population.boutons]
    for output in outputs:
        output.record(arrivals)
    population.head.start()
    population.spike(7.0)
    assert population.read("quanta").sum() == arrivals.size() > 40
    assert set(arrivals.to_python()) == {7.0}


def test_the_same_ids_give_the_same_releases_after_initialising_again(n, head):
    population = Population(n, head, size=100)
    before = history(population)
    assert before.sum() > 100
    assert np.array_equal(history(population), before)
    assert np.array_equal(history(Population(n, head, size=100)), before)


def test_other_ids_give_other_releases(n, head):
    population = Population(n, head, size=100)
    before = history(population)
    assert not np.array_equal(history(population, seed=2), before)
    assert len({tuple(column) for column in before.T}) > 20  # each axon has its own


@pytest.mark.parametrize("variable", [False, True])
def test_it_stays_rested_without_spikes(n, head, variable):
    population = Population(n, head, size=5)
    population.head.advance(1e4, variable=variable, dt=10.0)
    assert population.read("n").tolist() == [SITES] * 5
    assert not population.read("u").any()
    assert not population.read("quanta").any()


def test_both_integrators_release_the_same(n, head):
    found = []
    for variable in (False, True):
        population = Population(n, head, size=200)
        for connection in population.inputs:
            for time in (10.0, 45.0, 80.0):
                connection.event(time)
        population.head.advance(100.0, variable=variable)
        found.append(population.read("quanta"))
    assert found[0].sum() > 100
    assert np.array_equal(found[0], found[1])
