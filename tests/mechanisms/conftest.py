"""What mechanisms are tested in: a patch of membrane, and a spine head with clamped inputs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

STATES = {
    "ca1nat": ("m", "h", "s"),
    "ca1kdr": ("n",),
    "ca1ka": ("n", "l"),
    "ca1kd": ("n", "l"),
    "ca1bk": ("o", "h"),
    "ca1km": ("m",),
    "ca1ih": ("l",),
    "ca1cal": ("m",),
    "ca1cat": ("m", "h"),
    "ca1car": ("m", "h"),
    "ca1sk": ("m",),
    "ca1capool": (),
}


def step(n: Any, count: int) -> None:
    """Take so many steps of ``dt``."""
    fadvance = n.fadvance  # to be found once: that costs more than the step
    for _ in range(count):
        fadvance()


class Patch:
    """A cylinder of 314 um2, 1 uF/cm2, with density mechanisms in it."""

    def __init__(self, n: Any, *mechanisms: str) -> None:
        self.n = n
        self.section = n.Section(name="patch")
        self.section.L = self.section.diam = 10.0
        for mechanism in mechanisms:
            self.section.insert(mechanism)
        self.seg = self.section(0.5)
        self.start(-70.0)  # the factor of the temperature is set at initialisation

    def __getattr__(self, name: str) -> Any:
        return getattr(self.seg, name)

    def start(self, v: float) -> None:
        """Initialise at a potential (mV)."""
        self.n.dt = 0.025
        self.n.finitialize(v)

    def clamp(self, before: float, during: float, t_stop: float) -> tuple[Any, float]:
        """Step the potential (mV) at 0 ms; return the clamp and its current (nA) at t_stop."""
        clamp = self.n.SEClamp(self.seg)
        clamp.rs, clamp.dur1, clamp.amp1 = 1e-6, 1e9, during
        self.start(before)
        step(self.n, round(t_stop / self.n.dt))
        return clamp, clamp.i

    def trajectory(
        self, names: dict[str, Any], current: float, *, variable: bool, v: float = -70.0
    ) -> dict[str, np.ndarray]:
        """Sample references each ms during a current step (nA) by one of NEURON's integrators."""
        stimulus = self.n.IClamp(self.seg)
        stimulus.delay, stimulus.dur, stimulus.amp = 5.0, 20.0, current
        vectors = {name: self.n.Vector().record(ref, 1.0) for name, ref in names.items()}
        cvode = self.n.CVode()
        cvode.active(variable)
        cvode.atol(1e-7)
        self.n.dt = 0.004
        self.n.finitialize(v)
        if variable:
            cvode.solve(40.0)
        else:
            step(self.n, round(40.0 / self.n.dt))
        cvode.active(False)
        return {name: vector.as_numpy()[:40].copy() for name, vector in vectors.items()}


class Head:
    """A spine head of 0.07 um3 with mechanisms, whose potential stays as initialised.

    An ion that none of its mechanisms writes keeps the concentration (mM) it is given here.
    """

    def __init__(self, n: Any, *mechanisms: str, **ions: float) -> None:
        self.n = n
        self.section = n.Section(name="head")
        self.section.L = self.section.diam = 0.4466
        self.section.cm = 1e9  # so heavy that no current moves the potential
        for mechanism in mechanisms:
            self.section.insert(mechanism)
        self.seg = self.section(0.5)
        self.events = []
        self.hold(**ions)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.seg, name)

    def hold(self, **ions: float) -> None:
        """Set concentrations (mM), as ``cai=1e-3``."""
        for ion, concentration in ions.items():
            setattr(self.seg, ion, concentration)

    @property
    def volume(self) -> float:
        """Volume (um3)."""
        return np.pi / 4 * self.section.diam**2 * self.section.L

    def deliver(self, connection: Any, *times: float) -> None:
        """Have a connection deliver events at times (ms) after each `start`.

        An FInitializeHandler would do it too, but keeps whatever it refers to alive for ever.
        """
        self.events = [(connection, time) for time in times]

    def start(self, v: float = -65.0) -> None:
        """Initialise at a potential (mV)."""
        self.n.CVode().active(False)
        self.n.finitialize(v)
        for connection, time in self.events:
            connection.event(time)

    def advance(self, t_stop: float, *, variable: bool, dt: float = 0.025) -> None:
        """Advance to a time (ms) by one of NEURON's integrators, from whatever the states are."""
        cvode = self.n.CVode()
        cvode.active(variable)
        if variable:
            cvode.atol(1e-6)
            cvode.re_init()
            cvode.solve(t_stop)
            cvode.active(False)
        else:
            self.n.dt = dt
            step(self.n, round((t_stop - self.n.t) / dt))

    def record(self, references: Mapping[str, Any], every: float) -> dict[str, Any]:
        """Begin to sample references each so many ms; call it before `start`."""
        return {name: self.n.Vector().record(ref, every) for name, ref in references.items()}


@pytest.fixture
def head(n: Any) -> Callable[..., Head]:
    """Maker of spine heads with the named mechanisms and clamped concentrations."""
    return lambda *mechanisms, **ions: Head(n, *mechanisms, **ions)


@pytest.fixture
def follows() -> Callable[..., None]:
    """Check that states follow rate equations written out in the test, by both integrators."""

    def check(
        make: Callable[[], Head],
        states: Mapping[str, Callable[[Head], Any]],
        rates: Callable[[np.ndarray], list[float]],
        t_stop: float,
        *,
        tolerance: float = 1e-3,
        change: Callable[[Head], None] = lambda _: None,
    ) -> None:
        for variable in (False, True):
            it = make()
            taken = it.record({name: ref(it) for name, ref in states.items()}, t_stop / 100)
            it.start()
            change(it)
            it.advance(t_stop, variable=variable, dt=t_stop / 2e4)
            found = np.array([vector.as_numpy()[1:100].copy() for vector in taken.values()])
            times = np.arange(1, 100) * t_stop / 100
            expected = solve_ivp(
                lambda _t, y: rates(y),
                (times[0], times[-1]),
                found[:, 0],
                method="LSODA",
                t_eval=times,
                rtol=1e-9,
                atol=1e-15,
            ).y
            for name, got, wanted in zip(states, found, expected, strict=True):
                scale = np.abs(wanted).max()
                assert np.ptp(wanted) > 1e-2 * scale, f"{name} does not move"
                np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * scale)

    return check


@pytest.fixture
def patch(n: Any) -> Callable[..., Patch]:
    """Maker of patches with the named mechanisms."""
    return lambda *mechanisms: Patch(n, *mechanisms)


@pytest.fixture
def relaxes(patch: Callable[..., Patch]) -> Callable[..., None]:
    """Check that each gate relaxes exponentially in a voltage step."""

    def check(
        mechanism: str,
        gates: dict[str, tuple[Callable[[float], float], Callable[[float], float]]],
        *steps: tuple[float, float, float],
    ) -> None:
        for before, during, t_stop in steps:
            cell = patch(mechanism)
            _clamp, _ = cell.clamp(before, during, t_stop)
            for name, (steady, tau) in gates.items():
                decay = np.exp(-t_stop / tau(during))
                expected = steady(during) + (steady(before) - steady(during)) * decay
                assert abs(steady(before) - steady(during)) > 1e-4, f"{name} does not move"
                assert getattr(getattr(cell, mechanism), name) == pytest.approx(
                    expected, rel=1e-3, abs=1e-9
                ), f"{name} at {during} mV after {t_stop} ms"

    return check


@pytest.fixture
def trajectories_agree() -> Callable[..., None]:
    """Check that two integrators' trajectories by name are alike, and that each moves.

    By more than `least`, and more than the fraction `part` of its size, of which they may differ by
    the fraction `limit`.
    """

    def check(
        fixed: dict[str, np.ndarray],
        variable: dict[str, np.ndarray],
        *,
        least: float = 0.0,
        part: float = 0.0,
        limit: float = 2e-3,
    ) -> None:
        for name, values in fixed.items():
            scale = np.abs(values).max()
            assert np.ptp(values) > max(least, part * scale), f"{name} does not move"
            np.testing.assert_allclose(values, variable[name], rtol=0, atol=limit * scale)

    return check


@pytest.fixture
def agrees_with_cvode(
    patch: Callable[..., Patch], trajectories_agree: Callable[..., None]
) -> Callable[..., None]:
    """Check that both integrators give the same current step, and that the gates moved in it."""

    def check(mechanism: str, current: float, **settings: float) -> None:
        v = -70.0
        found = []
        for variable in (False, True):
            cell = patch(mechanism, "pas")
            cell.pas.g, cell.pas.e = 1e-4, v
            mech = getattr(cell, mechanism)
            mech.gbar = 1e-3
            for name, value in settings.items():
                setattr(mech, name, value)
            names = {"v": cell.seg._ref_v}
            names |= {name: getattr(mech, f"_ref_{name}") for name in STATES[mechanism]}
            found.append(cell.trajectory(names, current, variable=variable))
        trajectories_agree(*found, least=1e-3)

    return check


@pytest.fixture
def stays_at_rest(patch: Callable[..., Patch]) -> Callable[..., None]:
    """Check that clamped gates start at their fixed point: they do not move for 200 ms."""

    def check(mechanism: str, *potentials: float) -> None:
        for v in potentials:
            cell = patch(mechanism)
            mech = getattr(cell, mechanism)
            cell.clamp(v, v, 0.0)
            before = [getattr(mech, name) for name in STATES[mechanism]]
            cell.clamp(v, v, 200.0)
            after = [getattr(mech, name) for name in STATES[mechanism]]
            assert all(0 <= x <= 1 for x in before)
            np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-12)

    return check


@pytest.fixture
def tabulated(n: Any) -> Iterator[Callable[[str, bool], None]]:
    """Switch for the tables of a mechanism, on again afterwards."""
    touched: set[str] = set()

    def use(mechanism: str, tables: bool) -> None:
        touched.add(mechanism)
        setattr(n, f"usetable_{mechanism}", int(tables))

    yield use
    for mechanism in touched:
        use(mechanism, True)


@pytest.fixture
def untabulated(n: Any, tabulated: Callable[[str, bool], None]) -> Callable[[str], None]:
    """Switch the tables of a mechanism off, if it has any."""

    def use(mechanism: str) -> None:
        if hasattr(n, f"usetable_{mechanism}"):
            tabulated(mechanism, False)

    return use
