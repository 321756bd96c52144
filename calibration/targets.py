"""What the signalling cascade should make of calcium: experiments, their outcomes and sources.

`cascade.py` fits the cascade to them, and to what a synapse is `AT_REST`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ca1ltd.export.replay.spines import SUMMATION, Spines, keys
from ca1ltd.model import parameters
from ca1ltd.model.conditions import Conditions

FOLLOWED = 3300.0  # s after induction: the middle of 50-60 min
SAMPLE = 0.005  # s


@dataclass(frozen=True)
class Target:
    """What one experiment should come to, what it may be missed by, and why."""

    name: str
    measured: Callable[["Bench"], float]
    value: float
    allowed: float
    source: str

    @property
    def conditions(self) -> tuple[str, ...]:
        """Published conditions whose outcome it is made from."""
        return CONDITIONS.get(self.name, ())


class Bench:
    """The experiments that the targets name, on the recorded drive of some spines."""

    def __init__(self, drive: dict[str, np.ndarray], changed: Mapping[str, float]) -> None:
        self._drive, self._changed = drive, dict(changed)
        self._rest = Spines(drive["pulse"].shape[2], changed)
        self._before = self._rest.conductance()
        self._made: dict[tuple[Step, ...], Spines] = {}

    def made(self, *steps: "Step") -> Spines:
        """Spines after some steps from rest; what experiments share is computed once."""
        if not steps:
            return self._rest
        if steps not in self._made:
            spines = self.made(*steps[:-1]).copy()
            steps[-1](spines, self._drive)
            self._made[steps] = spines
        return self._made[steps]

    def outcome(self, *steps: "Step", after: float = FOLLOWED) -> float:
        """EPSP some time (s) after the steps over that of rest."""
        return self._epsp(self.made(*steps, Rest(after)), self._before)

    def change(self, before: tuple["Step", ...], *steps: "Step") -> float:
        """As the outcome, over what some steps before left."""
        after = self.made(*before, *steps, Rest(FOLLOWED))
        return self._epsp(after, self.made(*before).conductance())

    @staticmethod
    def _epsp(spines: Spines, before: float) -> float:
        return float((spines.conductance() / before) ** SUMMATION)

    def ratio(self, state: str, *steps: "Step") -> float:
        """A state 45 min after some steps over that of rest, means over spines."""
        after, before = self.made(*steps, Rest(2700.0)), self._rest
        return float(after.get(state).mean() / before.get(state).mean())

    def drift(self) -> float:
        """Change of the conductance while test pulses are given, over that of rest."""
        return self.made(TEST_PULSES).conductance() / self._before - 1

    def receptors(self) -> float:
        """How many receptors conduct at rest; the EPSP of a spine was fitted with as many."""
        return self._before

    def rested(self, name: str) -> float:
        """What spines show at rest."""
        return float(self._rest.get(name)[0])

    def parameter(self, key: str) -> float:
        """The value of a parameter at rest."""
        return self._rest.value(key)

    def sum_of(self, names: str) -> float:
        """A sum of parameters of `ca1ampar` and of what spines show at rest."""
        shown = self._rest.names
        return sum(
            self.rested(name) if name in shown else self.parameter(f"ca1ampar.{name}")
            for name in names.split()
        )

    def scaled(self, key: str, factor: float) -> "Bench":
        """A bench of spines that have more or less of something."""
        value = self._rest.value(key) * factor
        return Bench(self._drive, {**self._changed, key: value})

    def peak_pt(self) -> float:
        return max(self.made(LFS).highest("p286"), 0.05)


@dataclass(frozen=True)
class Rest:
    """Nothing is given for a time (s)."""

    duration: float

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        spines.rest(self.duration)


@dataclass(frozen=True)
class Clamp:
    """Calcium (uM) is held for a time (s)."""

    calcium: float
    duration: float

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        spines.hold(self.calcium, self.duration)


@dataclass(frozen=True)
class Drug:
    """Fractions blocked from now on, mechanism.name and value."""

    blocks: tuple[tuple[str, float], ...]

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        spines.change(dict(self.blocks))


@dataclass(frozen=True)
class Warm:
    """The slice has another temperature (degC) from now on."""

    temperature: float

    def __call__(self, spines: Spines, _drive: dict[str, np.ndarray]) -> None:
        table = parameters.table()
        here = Conditions(temperature=self.temperature).parameters()
        spines.warm({k: value / table[k].value for k, value in here.items() if k in keys()})


@dataclass(frozen=True)
class Give:
    """Events of a recorded drive in turn, one every spacing (s); calcium above rest x gain."""

    drive: str
    events: int
    spacing: float
    gain: float = 1.0

    def __call__(self, spines: Spines, drive: dict[str, np.ndarray]) -> None:
        spines.drive(drive[self.drive], SAMPLE, self.events, self.spacing, self.gain)


Step = Rest | Clamp | Drug | Warm | Give


def _blocked(fraction: float, *keys: str) -> tuple[Drug, Drug]:
    """A drug and its wash-out."""
    return Drug(tuple((key, fraction) for key in keys)), Drug(tuple((key, 0.0) for key in keys))


LFS = Give("pulse", 900, 1.0)
TEST_PULSES = Give("pulse", 320, 15.0)
HFS = Give("hfs", 1, 2.0)
LFS_P60, HFS_P60 = Give("pulse_p60", 900, 1.0), Give("hfs_p60", 1, 2.0)
W35 = Warm(35.0)
LATER, SOON, SOAKED = Rest(1800.0), Rest(900.0), Rest(20_000.0)
CAN, CAN_OFF = _blocked(0.99, "ca1cam.can_block")
CK, CK_OFF = _blocked(0.92, "ca1camkii.block", "ca1cam.camkii_block")
PP, _ = _blocked(
    0.98,
    *(f"ca1{name}.phosphatase_block" for name in ("psd", "ampar")),
    *(f"ca1{name}.pp2a_block" for name in ("i1", "camkii", "ampar")),
)
BATH = Clamp(0.62, 180.0)  # calcium of spines of the cell with 20 uM NMDA in the bath
PKA, _ = _blocked(0.68, "ca1pka.block")  # 10 uM of H-89
ENDO, _ = _blocked(1.0, "ca1ampar.endo_block")
EXO, _ = _blocked(1.0, "ca1ampar.exo_block")


def _outcome(*steps: Step, after: float = FOLLOWED) -> Callable[[Bench], float]:
    return lambda bench: bench.outcome(*steps, after=after)


def _ratio(state: str, *steps: Step) -> Callable[[Bench], float]:
    return lambda bench: bench.ratio(state, *steps)


def _scaled(key: str, factor: float, *steps: Step) -> Callable[[Bench], float]:
    return lambda bench: bench.scaled(key, factor).outcome(*steps)


def _mobile(bench: Bench) -> float:
    anchored, diffusing = bench.rested("anchored"), bench.rested("diffusing")
    return diffusing / (anchored + diffusing)


def _inside(bench: Bench) -> float:
    pools = [bench.rested(name) for name in ("anchored", "diffusing", "vesicles")]
    return pools[2] / sum(pools)


def _turnover(site: str, kinases: str, phosphatases: str) -> Callable[[Bench], float]:
    """How many times an hour the phosphate of a site of GluA1 comes and goes at rest."""

    def measured(bench: Bench) -> float:
        on = bench.parameter(f"ca1ampar.k{site}") * bench.sum_of(kinases)
        off = bench.parameter(f"ca1ampar.d{site}") * bench.sum_of(phosphatases)
        return 3600 * 1e3 * (on + off)  # constants are per uM and s, sums are in mM

    return measured


DUDEK, FRANCE = "Dudek & Bear 1993", "France et al. 2017"
INGLEBERT, TIGARET = "Inglebert et al. 2020", "Tigaret et al. 2016"

TARGETS = (
    Target("900 at 1 Hz", _outcome(LFS), 0.69, 0.03, "Mulkey & Malenka 1992"),
    Target("900 at 0.5 Hz", _outcome(Give("pulse", 900, 2.0)), 0.92, 0.05, "Dudek & Bear 1992"),
    Target("900 at 3 Hz", _outcome(Give("3hz", 10, 30.0)), 0.72, 0.08, "Dudek & Bear 1992"),
    Target("900 at 10 Hz", _outcome(Give("10hz", 1, 90.0)), 0.98, 0.03, "Dudek & Bear 1992"),
    Target("900 at 50 Hz", _outcome(Give("50hz", 1, 18.0)), 1.22, 0.12, "Dudek & Bear 1992"),
    Target("100 at 100 Hz", _outcome(HFS), 1.48, 0.08, "usual LTP"),
    Target("2 x 100 at 100 Hz", _outcome(Give("hfs", 2, 20.0)), 1.63, 0.1, "Earls et al. 2011"),
    Target("100 Hz, 5 min later", _outcome(HFS, after=300.0), 1.45, 0.06, "usual LTP"),
    Target("100 Hz, 20 min later", _outcome(HFS, after=1200.0), 1.48, 0.06, "usual LTP"),
    Target("theta bursts", _outcome(Give("tbs", 1, 3.0)), 1.5, 0.1, "Larson et al. 1986"),
    Target("one burst", _outcome(Give("burst", 1, 1.0)), 1.0, 0.06, "Raymond & Redman 2002"),
    Target("spikes alone", _outcome(Give("post", 100, 3.3)), 0.98, 0.03, "no pulses, no change"),
    Target("+10 ms", _outcome(Give("pre_post", 100, 3.3)), 1.2, 0.04, "Inglebert et al. 2020"),
    Target("-25 ms", _outcome(Give("post_pre", 150, 3.3)), 0.84, 0.03, "Inglebert et al. 2020"),
    # LTP of half in Nishiyama et al. 2000, none in Pike et al. 1999, LTD in Wittenberg & Wang 2006
    Target("+10 ms, 5 Hz", _outcome(Give("pre_post_5hz", 1, 20.0)), 1.04, 0.2, "in dispute"),
    Target(
        "+10 and 20 ms, 5 Hz", _outcome(Give("pre_2post_5hz", 1, 20.0)), 1.45, 0.1,
        "Wittenberg & Wang 2006",
    ),
    Target("paired at 0 mV", _outcome(Give("paired_0mv", 100, 1.0)), 1.8, 0.25, "usual pairing"),
    Target(
        "paired at -40 mV", _outcome(Give("paired_m40mv", 200, 2.0)), 0.8, 0.4, "usual pairing"
    ),
    Target("step to 0 mV", _outcome(Give("held_0mv", 1, 1.0)), 1.0, 0.03, "control pathway"),
    Target("held at -90 mV", _outcome(Give("held_m90mv", 900, 1.0)), 0.99, 0.03,
           "Mulkey & Malenka 1992"),
    Target("current steps", _outcome(Give("paired_current", 40, 2.0)), 1.4, 0.12,
           "Gustafsson et al. 1987"),
    Target("0.7 uM, 60 s", _outcome(Clamp(0.7, 60.0)), 0.78, 0.04, "Yang, Tang & Zucker 1999"),
    Target("10 uM, 3 s", _outcome(Clamp(10.0, 3.0)), 1.55, 0.15, "Yang, Tang & Zucker 1999"),
    Target("1 Hz, no calcineurin", _outcome(CAN, LFS, CAN_OFF), 1.0, 0.03, "Mulkey et al. 1994"),
    Target("1 Hz, no PP1/2A", lambda bench: bench.change((PP, SOAKED), LFS), 1.0, 0.02,
           "Mulkey et al. 1993"),
    Target("no PP1/2A", _outcome(PP), 1.0, 0.03, "Mulkey et al. 1993"),
    Target("test pulses, no PP1/2A",
           lambda bench: bench.change((PP, SOAKED), TEST_PULSES), 1.0, 0.01,
           "stable baseline"),
    Target("1 Hz, no CaMKII", _outcome(CK, LFS, CK_OFF), 0.7, 0.06, "Mulkey et al. 1993"),
    Target("1 Hz, no GluN2B", _outcome(Give("pulse_ro", 900, 1.0)), 1.0, 0.05, FRANCE),
    Target("100 Hz, no GluN2B", _outcome(Give("hfs_ro", 1, 2.0)), 1.35, 0.12, FRANCE),
    Target("100 Hz, no CaMKII", _outcome(CK, HFS, CK_OFF), 1.0, 0.04, "Malenka et al. 1989"),
    Target("100 Hz, no PKA", lambda bench: bench.change((PKA, SOAKED), HFS), 1.35, 0.1,
           "Huang & Kandel 1994"),
    Target("1 Hz, no PKA", lambda bench: bench.change((PKA, SOAKED), LFS), 0.65, 0.1,
           "LTD saturates"),
    Target("no PKA", _outcome(PKA), 0.98, 0.04, "stable baseline"),
    Target("test pulses, no PKA", lambda bench: bench.change((PKA, SOAKED), TEST_PULSES), 1.0, 0.02,
           "stable baseline"),
    Target("1 Hz after LTP", _outcome(HFS, LATER, LFS), 1.0, 0.05, "Barrionuevo et al. 1980"),
    Target("5 Hz after LTP", _outcome(HFS, SOON, Give("5hz", 6, 30.0)), 1.12, 0.1,
           "O'Dell & Kandel 1994"),
    Target("100 Hz, P60", _outcome(HFS_P60), 1.4, 0.1, "Norris et al. 1996"),
    Target("1 Hz after LTP over LTP, P60", lambda bench: bench.change((HFS_P60, SOON), LFS_P60),
           0.78, 0.04, "Barrionuevo et al. 1980"),
    Target("100 Hz after LTD", _outcome(LFS, LATER, HFS), 1.12, 0.08, "Mulkey & Malenka 1992"),
    Target("again", _outcome(HFS, LATER, LFS, LATER, HFS), 1.4, 0.1, "Dudek & Bear 1993"),
    Target("2 x 1 Hz", _outcome(LFS, SOON, LFS), 0.6, 0.05, "Mulkey & Malenka 1992"),
    Target("3 x 1 Hz", _outcome(LFS, SOON, LFS, SOON, LFS), 0.57, 0.04, "Dudek & Bear 1993"),
    Target("P9, 35 degC", _outcome(W35, Give("pulse_p9", 900, 1.0)), 0.6, 0.05, DUDEK),
    Target("P15, 35 degC", _outcome(W35, Give("pulse_p15", 900, 1.0)), 0.67, 0.05, DUDEK),
    Target("P35, 35 degC", _outcome(W35, Give("pulse_p35", 900, 1.0)), 0.84, 0.06, DUDEK),
    Target("10 Hz, P35, 35 degC", _outcome(W35, Give("10hz_p35", 1, 90.0)), 0.97, 0.03,
           "Dudek & Bear 1992"),
    Target("P60, 35 degC", _outcome(W35, Give("pulse_p60_35", 900, 1.0)), 0.91, 0.04, DUDEK),
    Target("P60", _outcome(LFS_P60), 0.97, 0.03, "Norris et al. 1996"),
    Target("theta, P60", _outcome(W35, Give("tbs_p60", 4, 10.0)), 1.45, 0.1, DUDEK),
    Target("+10, 1.3 mM", _outcome(Give("pre_post_1.3mm", 100, 3.3)), 1.0, 0.05, INGLEBERT),
    Target("-25, 1.3 mM", _outcome(Give("post_pre_1.3mm", 150, 3.3)), 1.0, 0.05, INGLEBERT),
    Target("+10 and 20, 1.8 mM", _outcome(Give("pre_2post_1.8mm", 100, 3.3)), 1.0, 0.08, INGLEBERT),
    Target("+10, 3 mM", _outcome(Give("pre_post_3mm", 100, 3.3)), 1.25, 0.08, INGLEBERT),
    Target("-25, 3 mM", _outcome(Give("post_pre_3mm", 150, 3.3)), 0.75, 0.06, INGLEBERT),
    Target("pulse, 2 spikes, P55", _outcome(W35, Give("pre_2post_5hz_p55", 3, 20.0)), 1.6, 0.15,
           TIGARET),
    Target("pulse, spike, P55", _outcome(W35, Give("pre_post_5hz_p55", 3, 20.0)), 1.04, 0.06,
           TIGARET),
    Target("2 spikes, pulse, P55", _outcome(W35, Give("2post_pre_5hz_p55", 3, 20.0)), 1.25, 0.15,
           TIGARET),
    Target("2 pulses, P55", _outcome(W35, Give("2pre_5hz_p55", 3, 20.0)), 1.04, 0.05, TIGARET),
    Target("2 spikes, P55", _outcome(W35, Give("2post_5hz_p55", 3, 20.0)), 1.0, 0.05, TIGARET),
    Target("calcium x .8", _outcome(Give("pulse", 900, 1.0, 0.8)), 0.88, 0.12, "no cliff"),
    Target("calcium x 1.25", _outcome(Give("pulse", 900, 1.0, 1.25)), 0.58, 0.12, "no cliff"),
    Target("test pulses", _outcome(TEST_PULSES), 1.0, 0.004, "stable baseline"),
    Target("peak pT286 at 1 Hz", lambda bench: bench.peak_pt(), 0.05, 0.02, "CaMKII stays off"),
    Target("no endocytosis", _outcome(ENDO, after=1800.0), 1.3, 0.07, "Luscher et al. 1999"),
    Target("no exocytosis", _outcome(EXO, after=1800.0), 0.68, 0.08, "Luscher et al. 1999"),
    Target("pS845 in LTD", _ratio("s845", LFS), 0.65, 0.1, "Lee et al. 2000"),
    Target("pS831 in LTD", _ratio("s831", LFS), 1.0, 0.15, "Lee et al. 1998"),
    Target("pS831, 0.62 uM for 3 min", _ratio("s831", BATH), 1.0, 0.06, "Lee et al. 1998"),
    Target("pS831 in LTP", _ratio("s831", HFS), 1.5, 0.15, "Lee et al. 2000"),
    Target("0.2 uM, 900 s", _outcome(Clamp(0.2, 900.0)), 0.96, 0.08, "no cliff"),
    Target("0.3 uM, 900 s", _outcome(Clamp(0.3, 900.0)), 0.58, 0.08, "LTD saturates"),
    Target("0.4 uM, 900 s", _outcome(Clamp(0.4, 900.0)), 0.55, 0.08, "LTD saturates"),
    Target("1 uM, 60 s", _outcome(Clamp(1.0, 60.0)), 0.8, 0.1, "LTD below LTP"),
    Target("2 uM, 10 s", _outcome(Clamp(2.0, 10.0)), 1.0, 0.15, "LTD below LTP"),
    Target("10 uM, 0.5 s", _outcome(Clamp(10.0, 0.5)), 1.3, 0.12, "Malenka et al. 1992"),
    Target("1 Hz, PP1 x 0.8", _scaled("ca1i1.pp1_total", 0.8, LFS), 0.74, 0.1, "no cliff"),
    Target("1 Hz, PP1 x 1.25", _scaled("ca1i1.pp1_total", 1.25, LFS), 0.7, 0.1, "no cliff"),
    Target("1 Hz, inhibitor-1 x 0.8", _scaled("ca1i1.i1_total", 0.8, LFS), 0.7, 0.1, "no cliff"),
    Target("1 Hz, inhibitor-1 x 1.25", _scaled("ca1i1.i1_total", 1.25, LFS), 0.74, 0.1, "no cliff"),
)  # fmt: skip

#: What a synapse is before anything happens.
AT_REST = (
    Target(
        "receptors that conduct", lambda bench: bench.receptors(), 52.6, 2.0, "calibration/spine.py"
    ),
    Target("mobile, of the surface", _mobile, 0.5, 0.15, "Opazo et al. 2012"),
    Target("in vesicles, of all", _inside, 0.33, 0.09, "Ehlers 2000"),
    Target("pS845 at rest", lambda bench: bench.rested("s845"), 0.6, 0.15, "Lee et al. 2000"),
    Target(
        "pS845 turned over, per h",
        _turnover("845", "pkai", "pp2a ppi psqi"),
        3.0,
        1.0,
        "assumed: within half an hour",
    ),
    Target(
        "pS831 turned over, per h",
        _turnover("831", "kinase_831 ckai pski", "pp2a_831 ppi"),
        1.0,
        0.5,
        "assumed: within some hours",
    ),
    Target("drift under test pulses", lambda bench: bench.drift(), 0.0, 0.006, "stable baseline"),
)

#: Published conditions behind each target; behind the others there is none.
CONDITIONS = {
    "900 at 1 Hz": ("MM92_ctrl",),
    "900 at 0.5 Hz": ("DB92_0p5Hz",),
    "900 at 3 Hz": ("DB92_3Hz",),
    "900 at 10 Hz": ("DB92_10Hz",),
    "900 at 50 Hz": ("DB92_50Hz",),
    "100 at 100 Hz": (
        "HFS_textbook",
        "JP08_WT_HFS",
    ),
    "2 x 100 at 100 Hz": ("MCN11_WT_HFS2",),
    "theta bursts": ("TBS_10burst",),
    "one burst": ("TBS_1burst",),
    "+10 ms": ("IN20_pre_post_2p5",),
    "-25 ms": ("IN20_post_pre_2p5",),
    "+10 ms, 5 Hz": (
        "NI00_p5",
        "PI99_single",
        "WW06_single_p10",
    ),
    "+10 and 20 ms, 5 Hz": ("WW06_doublet_p10",),
    "paired at 0 mV": ("pair_0mV",),
    "paired at -40 mV": (
        "NP10_ctrl",
        "pair_m40mV",
    ),
    "held at -90 mV": ("MM92_hyperpol",),
    "current steps": ("GW87_pairing",),
    "0.7 uM, 60 s": ("YA99_LTD",),
    "10 uM, 3 s": (
        "YA99_LTP",
        "MLZ92",
    ),
    "1 Hz, no calcineurin": (
        "M94_FK506",
        "M94_CsA",
    ),
    "1 Hz, no PP1/2A": (
        "MHM93_calyculinA",
        "MHM93_okadaic",
    ),
    "no PP1/2A": ("MHM93_calyculin_baseline",),
    "test pulses, no PP1/2A": ("MHM93_calyculin_baseline",),
    "1 Hz, no GluN2B": ("FR17_Ro1_LTD",),
    "100 Hz, no GluN2B": ("FR17_Ro1_LTP",),
    "100 Hz, no CaMKII": ("HU94_1train_CaMKII",),
    "100 Hz, no PKA": ("HU94_1train_PKA",),
    "1 Hz after LTP": (
        "BA80",
        "JP05_depot",
    ),
    "5 Hz after LTP": ("OK94_depot",),
    "1 Hz after LTP over LTP, P60": (
        "BA80",
        "NO96_reversal",
    ),
    "100 Hz after LTD": (
        "MM92_restore",
        "DB92_HFS_after_LTD",
    ),
    "again": ("DB93_reversal_LTD",),
    "2 x 1 Hz": ("MM92_saturate",),
    "3 x 1 Hz": ("DB93_saturation",),
    "P9, 35 degC": ("DB93_LFS_P7_P11",),
    "P15, 35 degC": ("DB93_LFS_P14_P16",),
    "P35, 35 degC": ("DB92_1Hz",),
    "10 Hz, P35, 35 degC": ("DB92_10Hz",),
    "P60, 35 degC": ("DB93_LFS_gtP35",),
    "P60": ("NO96_adult",),
    "theta, P60": ("DB93_TBS_adult",),
    "+10, 1.3 mM": ("IN20_pre_post_1p3",),
    "-25, 1.3 mM": ("IN20_post_pre_1p3",),
    "+10 and 20, 1.8 mM": ("IN20_2spikes_1p8",),
    "+10, 3 mM": ("IN20_pre_post_3p0",),
    "-25, 3 mM": ("IN20_post_pre_3p0",),
    "pulse, 2 spikes, P55": ("TI16_1Pre2Post10",),
    "pulse, spike, P55": ("TI16_1Pre1Post10",),
    "2 spikes, pulse, P55": ("TI16_2Post1Pre20",),
    "2 pulses, P55": ("TI16_2Pre10",),
    "test pulses": (
        "MM92_control_input",
        "DB92_control_input",
        "HFS_control_input",
    ),
    "no endocytosis": ("LU99_dyn",),
    "no exocytosis": ("LU99_exo",),
    "pS845 in LTD": ("LE00_LTD_S845",),
    "pS831 in LTD": ("LE98_S831",),
    "pS831, 0.62 uM for 3 min": ("LE98_S831",),
    "pS831 in LTP": ("LE00_LTP_S831",),
}
