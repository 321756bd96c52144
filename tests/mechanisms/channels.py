"""Equations of the voltage-gated channels at 34 degC, and what their gates are tested with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

K = 96485.332 / (8.314463 * 307.15) * 1e-3  # F/(R T) in 1/mV
CA_O = 2.5  # mM outside, where a conductance is what it says

Rate = Callable[..., float]


@dataclass(frozen=True, kw_only=True)
class Clamp:
    """A voltage clamp (mV, ms) of 0.1 S/cm2, and the open part and driving force it ends with.

    ``ions`` are the reversal potentials (mV) or concentrations (mM) of the patch.
    """

    before: float
    during: float
    lasts: float
    opened: float
    force: float
    ions: Mapping[str, float] = field(default_factory=dict)
    tolerance: float = 1e-3


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel.

    ``gates`` are steady state and time constant (ms) of each; ``steps`` and ``rests`` what they are
    seen in (mV; from, to, ms), ``tenfold`` how many times slower a rate is at 24 degC, by name.
    ``current`` (nA) moves the potential of a patch, and ``exact`` is how well the equations here
    agree with the mod file, whose constants have other digits.
    """

    name: str
    gates: Mapping[str, tuple[Rate, Rate]]
    steps: tuple[tuple[float, float, float], ...]
    rests: tuple[float, ...]
    clamp: Clamp
    current: float
    published: tuple[tuple[float, Mapping[str, float]], ...] = ()
    half: tuple[tuple[str, float, float], ...] = ()
    tenfold: tuple[tuple[str, float, float], ...] = ()
    exact: float = 1e-6
    settings: Mapping[str, float] = field(default_factory=dict)


def ghk(v, ci, co):
    u = 2 * K * v
    return -(1 - ci / co * np.exp(u)) * u / (np.exp(u) - 1) * co / CA_O / (2 * K)


# -- calcium channels


def cal_m_inf(v):
    a = 15.69 * (81.5 - v) / (np.exp((81.5 - v) / 10) - 1)
    return a / (a + 0.29 * np.exp(-v / 10.86))


def cal_m_tau(v):
    q, x = 5.0**0.9, v - 4  # from 25 degC
    return max(0.2 / q, np.exp(0.00756 * x) / (0.1 * q * (1 + np.exp(0.0756 * x))))


def car_m_inf(v):
    return 1 / (1 + np.exp(-(v + 18) / 9.6))


def car_m_tau(_v=0.0):
    return 2.1 / 3.0**1.2  # from 22 degC


def car_h_inf(v):
    return 1 / (1 + np.exp((v + 53) / 6))


def car_h_tau(v):
    return (22 + 80 / (1 + np.exp((v + 19) / 5))) / 3.0**1.2


def cat_m_inf(v):
    a = 0.2 * (19.26 - v) / (np.exp((19.26 - v) / 10) - 1)
    return a / (a + 0.009 * np.exp(-v / 22.03))


def cat_m_tau(v):
    q, x = 5.0**0.9, v + 28  # from 25 degC
    return max(0.2, np.exp(0.00756 * x) / (0.04 * q * (1 + np.exp(0.0756 * x))))


def cat_h_inf(v):
    a = 1e-6 * np.exp(-v / 16.26)
    return a / (a + 1 / (1 + np.exp((29.79 - v) / 10)))


def cat_h_tau(v):
    x = v + 75
    return max(10.0, np.exp(0.07938 * x) / (0.015 * (1 + np.exp(0.1323 * x))))


CALCIUM = {"cao": 2.0, "cai": 5e-5}
CAL = Channel(
    name="ca1cal",
    gates={"m": (cal_m_inf, cal_m_tau)},
    published=((-20, {"m_inf": 0.032907, "m_tau": 1.6849}),),
    half=(("m_inf", -1.3, 5e-3),),
    tenfold=(("m_tau", -20, 5.0),),
    steps=((-80, -10, 1.0), (10, -40, 1.0)),
    rests=(-70, -30, 0),
    clamp=Clamp(
        before=-70,
        during=-10,
        lasts=30.0,
        opened=cal_m_inf(-10) ** 2 * 1e-3 / (1e-3 + 5e-5),
        force=ghk(-10, 5e-5, 2.0),
        ions=CALCIUM,
    ),
    current=0.02,
)
CAR = Channel(
    name="ca1car",
    gates={"m": (car_m_inf, car_m_tau), "h": (car_h_inf, car_h_tau)},
    tenfold=(("m_tau", -30, 3.0), ("h_tau", -30, 3.0)),
    steps=((-80, -20, 1.0), (0, -60, 2.0)),
    rests=(-90, -70, -30),
    clamp=Clamp(
        before=-70,
        during=-20,
        lasts=300.0,
        opened=car_m_inf(-20) ** 3 * car_h_inf(-20),
        force=ghk(-20, 5e-5, 2.0),
        ions=CALCIUM,
    ),
    current=0.02,
)
CAT = Channel(
    name="ca1cat",
    gates={"m": (cat_m_inf, cat_m_tau), "h": (cat_h_inf, cat_h_tau)},
    published=(
        (-70, {"m_inf": 0.010871, "h_inf": 0.61505}),
        (-50, {"m_inf": 0.13521, "h_inf": 0.059461}),
    ),
    half=(("m_inf", -35.7, 5e-3), ("h_inf", -67.1, 5e-3)),
    tenfold=(("m_tau", -50, 5.0), ("h_tau", -50, 1.0)),
    steps=((-80, -50, 2.0), (-55, -85, 15.0)),
    rests=(-90, -70, -50),
    clamp=Clamp(
        before=-70,
        during=-55,
        lasts=300.0,
        opened=cat_m_inf(-55) ** 2 * cat_h_inf(-55),
        force=ghk(-55, 5e-5, 2.0),
        ions=CALCIUM,
    ),
    current=0.01,
)

# -- h current


def ih_l_inf(v, vhalf=-81.0):
    return 1 / (1 + np.exp((v - vhalf) / 8))


def ih_l_tau(v):
    x = v + 75
    return np.exp(0.033264 * x) / (0.011 * 4.5**0.1 * (1 + np.exp(0.08316 * x)))  # from 33 degC


IH = Channel(
    name="ca1ih",
    gates={"l": (ih_l_inf, ih_l_tau)},
    published=(
        (-70, {"l_inf": 0.20181, "l_tau": 36.72}),
        (-50, {"l_inf": 0.020332, "l_tau": 19.97}),
    ),
    half=(("l_inf", -81.0, 1e-6),),
    tenfold=(("l_tau", -80, 4.5),),
    steps=((-60, -100, 20.0), (-100, -60, 20.0)),
    rests=(-110, -70, -50),
    clamp=Clamp(before=-60, during=-100, lasts=500.0, opened=ih_l_inf(-100), force=-100 + 30),
    current=-0.03,
)

# -- potassium channels

PROXIMAL = {"z0": 1.5, "vhalf": 11.0, "gm": 0.55, "a0": 0.05, "tau_n_min": 0.1}
DISTAL = {"z0": 1.8, "vhalf": -1.0, "gm": 0.39, "a0": 0.1, "tau_n_min": 0.2}
POTASSIUM = {"ek": -90.0}


def _ka_barrier(v, z0, vhalf):
    return -(z0 + 1 / (1 + np.exp((v + 40) / 5))) * K * (v - vhalf)


def ka_n_inf(v, form=PROXIMAL):
    return 1 / (1 + np.exp(_ka_barrier(v, form["z0"], form["vhalf"])))


def ka_n_tau(v, form=PROXIMAL):
    e = _ka_barrier(v, form["z0"], form["vhalf"])
    return max(form["tau_n_min"], np.exp(form["gm"] * e) / (5 * form["a0"] * (1 + np.exp(e))))


def ka_l_inf(v):
    return 1 / (1 + np.exp(3 * K * (v + 56)))


def ka_l_tau(v):
    return max(2.0, 0.26 * (v + 50))


def kdr_n_inf(v):
    return 1 / (1 + np.exp(-3 * K * (v - 13)))


def kdr_n_tau(v):
    return max(2.0, np.exp(-2.1 * K * (v - 13)) / (0.02 * (1 + np.exp(-3 * K * (v - 13)))))


def _kd_slopes(v):
    return (v + 25) / 10.3 + np.log(2**-0.25 / (1 - 2**-0.25))


def kd_n_inf(v):
    return 1 / (1 + np.exp(-_kd_slopes(v)))


def kd_n_tau(v):
    return 8 / (3.0**1.2 * np.cosh(_kd_slopes(v) / 2))  # from 22 degC


def kd_l_inf(v):
    return 0.3 + 0.7 / (1 + np.exp((v + 75) / 8))


def kd_l_tau(_v=0.0):
    return 1000 / 3.0**1.2


def km_m_inf(v):
    return 1 / (1 + np.exp(-(v + 40) / 10))


def km_m_tau(v):
    return 60 + np.exp(0.10584 * (v + 42)) / (0.003 * (1 + np.exp(0.2646 * (v + 42))))


KA = Channel(
    name="ca1ka",
    gates={"n": (ka_n_inf, ka_n_tau), "l": (ka_l_inf, ka_l_tau)},
    published=(
        (-70, {"n_inf": 4.789e-4, "n_tau": 0.12825, "l_inf": 0.83018}),
        (-20, {"n_inf": 0.14455, "n_tau": 1.5374}),
    ),
    half=(("n_inf", 11.0, 1e-6), ("l_inf", -56.0, 1e-6)),
    tenfold=(("l_tau", 0, 1.0),),
    steps=((-80, -10, 1.0), (-80, 20, 2.0), (0, -60, 1.0)),
    rests=(-90, -70, -40),
    clamp=Clamp(
        before=-80,
        during=-40,
        lasts=100.0,
        opened=ka_n_inf(-40) * ka_l_inf(-40),
        force=-40 + 90,
        ions=POTASSIUM,
    ),
    current=0.05,
    exact=1e-3,
)
KDR = Channel(
    name="ca1kdr",
    gates={"n": (kdr_n_inf, kdr_n_tau)},
    published=(
        (-70, {"n_inf": 8.2056e-5, "n_tau": 2.973}),
        (-50, {"n_inf": 7.913e-4, "n_tau": 5.8645}),
        (-20, {"n_inf": 0.023191, "n_tau": 15.901}),
    ),
    half=(("n_inf", 13.0, 1e-6),),
    steps=((-70, 20, 4.0), (20, -20, 5.0), (40, -90, 1.0)),
    rests=(-90, -70, 0),
    clamp=Clamp(
        before=-70,
        during=20,
        lasts=400.0,
        opened=kdr_n_inf(20),
        force=20 + 90,
        ions=POTASSIUM,
        tolerance=1e-4,
    ),
    current=0.04,
    exact=1e-4,
)
KD = Channel(
    name="ca1kd",
    gates={"n": (kd_n_inf, kd_n_tau), "l": (kd_l_inf, kd_l_tau)},
    half=(("l_inf", -75.0 + 8 * np.log(2.5), 1e-6),),
    tenfold=(("n_tau", -20, 3.0), ("l_tau", 0, 3.0)),
    steps=((-80, 0, 1.0), (20, -40, 1.0), (-60, -100, 100.0)),
    rests=(-90, -70, -30),
    clamp=Clamp(
        before=-80,
        during=-10,
        lasts=4000.0,
        opened=kd_n_inf(-10) ** 4 * kd_l_inf(-10),
        force=-10 + 90,
        ions=POTASSIUM,
    ),
    current=0.04,
    exact=1e-3,
)
KM = Channel(
    name="ca1km",
    gates={"m": (km_m_inf, km_m_tau)},
    published=(
        (-70, {"m_inf": 0.047426, "m_tau": 77.20}),
        (-50, {"m_inf": 0.26894, "m_tau": 187.58}),
        (-20, {"m_inf": 0.8808, "m_tau": 70.109}),
    ),
    half=(("m_inf", -40.0, 1e-6),),
    steps=((-70, -42, 100.0), (0, -90, 60.0)),
    rests=(-90, -70, -40),
    clamp=Clamp(
        before=-30,
        during=-30,
        lasts=10.0,
        opened=km_m_inf(-30),
        force=-30 + 90,
        ions=POTASSIUM,
        tolerance=1e-4,
    ),
    current=0.03,
)

# -- sodium channel


def _linexp(x, scale):
    return x / (1 - np.exp(-x / scale))


def _nat_m_rates(v):
    return 0.4 * _linexp(v + 30, 7.2), 0.124 * _linexp(-v - 30, 7.2)


def nat_m_inf(v):
    a, b = _nat_m_rates(v)
    return a / (a + b)


def nat_m_tau(v):
    return max(0.02, 1 / (sum(_nat_m_rates(v)) * 2.0))


def nat_h_inf(v):
    return 1 / (1 + np.exp((v + 50) / 4))


def nat_h_tau(v):
    return max(0.5, 1 / ((0.03 * _linexp(v + 45, 1.5) + 0.01 * _linexp(-v - 45, 1.5)) * 2.0))


def nat_s_inf(v, sf=0.0):
    c = 1 / (1 + np.exp((v + 58) / 2))
    return c + sf * (1 - c)


def nat_s_tau(v):
    x = 12 * K * (v + 60)
    return max(10.0, np.exp(0.2 * x) / (3e-4 * (1 + np.exp(x))))


NAT = Channel(
    name="ca1nat",
    gates={"m": (nat_m_inf, nat_m_tau), "h": (nat_h_inf, nat_h_tau)},
    published=(
        (-70, {"m_inf": 0.012317, "m_tau": 0.09918, "h_inf": 0.99331, "s_tau": 1331.8}),
        (-50, {"m_inf": 0.16706, "m_tau": 0.15749, "h_tau": 8.711, "s_tau": 87.694}),
        (-20, {"m_inf": 0.92825, "h_inf": 5.528e-4}),
    ),
    half=(("m_inf", -38.4, 2e-3),),
    tenfold=(("m_tau", -60, 2.0), ("h_tau", -50, 2.0)),
    steps=((-70, -40, 0.2), (-20, -80, 1.0)),
    rests=(-90, -70, -50),
    clamp=Clamp(
        before=-80,
        during=-45,
        lasts=500.0,
        opened=nat_m_inf(-45) ** 3 * nat_h_inf(-45) * nat_s_inf(-45, sf=0.5),
        force=-45 - 50,
        ions={"ena": 50.0},
    ),
    current=0.004,
    settings={"sf": 0.5},
)

CHANNELS = (CAL, CAR, CAT, IH, KA, KD, KDR, KM, NAT)
