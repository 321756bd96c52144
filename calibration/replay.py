"""The cascade of the mod files for many spines at once, driven by recorded calcium.

`tests/physics/test_cascade_replay.py` holds it against the mod files. Concentrations are in uM and
times in s. Simpler than in the mod files is thiophosphorylated inhibitor-1, which is always in
equilibrium with PP1.
"""

from collections import namedtuple
from collections.abc import Mapping

import numba
import numpy as np

from ca1ltd.model import parameters

REST = 0.06  # uM of calcium
TICK = 5  # samples of calcium in a step of what calmodulin drives, but for CaMKII
QUIET = 0.08  # uM: below it, calcium is at rest
LONGEST_QUIET = 20  # samples that one step may skip
LONGEST_AT_REST = 5.0  # s: a step
LONGEST_IN_CLAMP = 0.02  # s: CaMKII kindles itself within half a second
#: Calcium of an event goes with the AMPA conductance to this power, as measured on the cell with
#: AMPA conductance x .7 and x 1.4: the AMPA receptors depolarise the spine.
FEEDBACK = 0.13
GROUPS = ("ca1cam", "ca1can", "ca1pka", "ca1i1", "ca1camkii", "ca1psd", "ca1ampar")
#: In the unit of the replay; per uM and per s as in the mod files.
_SCALE = {"mM": 1e3, "ms": 1e-3}
KEYS = tuple(key for key, row in parameters.table().items() if row.group in GROUPS)
Parameters = namedtuple("Parameters", [key.replace(".", "_") for key in KEYS])
STATES = (
    "c", "n", "can", "ck", "pt", "pka", "i1p", "pp1", "psq", "psk",
    "s845", "s831", "slots", "anchored", "diffusing", "vesicles",
)  # fmt: skip
_C, _N, _CAN, _CK, _PT, _PKA, _I1P, _PP1, _PSQ, _PSK, _S845, _S831, _SLOTS, _B, _U, _V = range(
    len(STATES)
)


def parameters_of(changed: Mapping[str, float]) -> Parameters:
    """Parameters of the mod files with some changed, in the units of the replay."""
    table = parameters.table()
    return Parameters(
        *(changed.get(key, table[key].value) * _SCALE.get(table[key].unit, 1.0) for key in KEYS)
    )


class Spines:
    """Some spines, at rest at first; all that happens to them is given in order."""

    def __init__(self, spines: int, changed: Mapping[str, float]) -> None:
        self._changed = dict(changed)
        self.parameters = parameters_of(changed)
        p = self.parameters
        rest = np.zeros(len(STATES))
        rest[_PKA] = p.ca1pka_basal
        rest[_I1P], rest[_PP1] = 0.99 * p.ca1i1_i1_total, 0.01 * p.ca1i1_pp1_total
        rest[[_S845, _S831, _SLOTS]] = 0.6, 0.2, p.ca1ampar_slots_rest
        rest[[_B, _U]] = 51.0, 27.0
        rest[_V] = p.ca1ampar_total - 78.0
        self.state = rest[None, :].copy()
        self.rest(600_000.0)  # a week, as find_rest: PP1 leaves the density within nine hours
        self.state = np.repeat(self.state, spines, axis=0)
        self.peak_pt = 0.0
        self._at_rest = self.conductance()

    def copy(self) -> "Spines":
        """The same spines in the same state."""
        other = object.__new__(Spines)
        other.__dict__.update(self.__dict__)
        other._changed, other.state = dict(self._changed), self.state.copy()
        return other

    def change(self, changed: Mapping[str, float]) -> None:
        """Change parameters, as a drug does."""
        self._changed |= changed
        self.parameters = parameters_of(self._changed)

    def warm(self, factors: Mapping[str, float]) -> None:
        """Multiply parameters, as another temperature does."""
        table = parameters.table()
        self.change({k: self._changed.get(k, table[k].value) * f for k, f in factors.items()})

    def rest(self, duration: float) -> None:
        """Nothing is given for a time (s)."""
        self.hold(REST, duration)

    def hold(self, calcium: float, duration: float) -> None:
        """Calcium (uM) is clamped for a time (s)."""
        _hold_all(self.state, self.parameters, calcium, duration)

    def drive(
        self, events: np.ndarray, sample: float, number: int, spacing: float, gain: float = 1.0
    ) -> None:
        """A number of events in turn, one every spacing (s).

        Their calcium (uM), every sample (s), has the shape ``(n_events, n_times, n_spines)``; an
        event longer than the spacing is cut short. Calcium above rest is multiplied by a gain and
        goes with the AMPA conductance, to the power FEEDBACK.
        """
        times = min(events.shape[1], round(spacing / sample))
        wait = spacing - times * sample
        peaks = _drive(
            self.state,
            self.parameters,
            events[:, :times],
            sample,
            number,
            wait,
            gain,
            self._at_rest,
        )
        self.peak_pt = float(peaks.mean()) / self.parameters.ca1camkii_camkii_total

    def follow(
        self, calcium: np.ndarray, sample: float, lengths: np.ndarray, waits: np.ndarray
    ) -> np.ndarray:
        """Events of any length in turn, each followed by a rest (s).

        Their calcium (uM), every sample (s), is given one after the other, shape
        ``(n_times, n_spines)``, with the length of each in samples; above rest it goes with the
        AMPA conductance as in `drive`. Returned is the state of each spine before each event, shape
        ``(n_events, n_spines, n_states)``.
        """
        return _follow(self.state, self.parameters, calcium, sample, lengths, waits, self._at_rest)

    def get(self, state: str) -> np.ndarray:
        """A state of each spine, shape ``(n_spines,)``."""
        return self.state[:, STATES.index(state)]

    def conductance(self) -> float:
        """What the AMPA conductance follows, in receptors, mean over spines."""
        gain = self.parameters.ca1ampar_s831_gain
        return float((self.get("anchored") * (1 + gain * self.get("s831"))).mean())


@numba.njit(cache=True)
def _relax(x, gain, loss, dt):
    """x' = gain - loss x, exactly for constant gain and loss."""
    z = loss * dt
    if z < 0.1:  # the series of (1 - exp(-z))/z, to 1e-6, for speed
        return x + (gain - loss * x) * dt * (1 - z * (0.5 - z * (1 / 6 - z / 24)))
    decay = np.exp(-z)
    return x * decay + gain / loss * (1 - decay)


@numba.njit(cache=True)
def _lobe(ca, k):
    return ca * ca / (ca * ca + k * k)


@numba.njit(cache=True)
def _hill(x):
    x = x * x
    x = x * x
    return x / (1 + x)


@numba.njit(cache=True)
def _calmodulin(x, p, ca, dt):
    """Advance both lobes, exactly for constant calcium; return the mean Ca4-calmodulin."""
    on_c, on_n = p.ca1cam_koff_c * (1 + ca / p.ca1cam_k_c), 1 / p.ca1cam_tau
    full_c, full_n = _lobe(ca, p.ca1cam_k_c), _lobe(ca, p.ca1cam_k_n)
    away_c, away_n = x[_C] - full_c, x[_N] - full_n
    decay_c, decay_n = np.exp(-on_c * dt), np.exp(-on_n * dt)
    x[_C], x[_N] = full_c + away_c * decay_c, full_n + away_n * decay_n
    mean = full_c * full_n * dt
    mean += away_c * full_n * (1 - decay_c) / on_c + away_n * full_c * (1 - decay_n) / on_n
    mean += away_c * away_n * (1 - decay_c * decay_n) / (on_c + on_n)
    return p.ca1cam_cam_total * mean / dt


@numba.njit(cache=True)
def _unbound(pp1, p, i1p, off, dt):
    """Free PP1 after a step, exactly for constant phosphorylation of inhibitor-1.

    It is free or held by inhibitor-1: pp1' = -kon (pp1 - steady) (pp1 - other). The
    thiophosphorylated form, which is not used up, is always in equilibrium.
    """
    total = p.ca1i1_pp1_total
    kd = (p.ca1i1_koff + off) / p.ca1i1_kon
    held = 1 + p.ca1i1_thio * p.ca1i1_kon / p.ca1i1_koff
    b = held * kd + i1p - total
    root = np.sqrt(b * b + 4 * held * total * kd)
    steady, other = (root - b) / (2 * held), -(root + b) / (2 * held)
    ratio = (pp1 - steady) / (pp1 - other) * np.exp(-p.ca1i1_kon * (steady - other) * dt)
    return (steady - ratio * other) / (1 - ratio)


@numba.njit(cache=True)
def _camkii(x, p, cam, dt):
    """Advance CaMKII; return the means of pT286 and of the rate at which CaMKII is retained."""
    loss = p.ca1camkii_k_pp2c + p.ca1camkii_k_pp2a * (1 - p.ca1camkii_pp2a_block)
    loss += p.ca1camkii_k_pp1 * x[_PP1] * (1 - p.ca1psd_phosphatase_block)
    ck, pt = x[_CK], x[_PT]
    auto = p.ca1camkii_k_auto * (1 - p.ca1camkii_block) / p.ca1camkii_camkii_total
    on = p.ca1camkii_kon * cam * (1 - p.ca1camkii_block)
    gain, off = on * (p.ca1camkii_camkii_total - pt), on + p.ca1camkii_koff
    mean = (ck + _relax(ck, gain, off + auto * (ck + pt), dt)) / 2
    x[_CK] = _relax(ck, gain, off + auto * (mean + pt), dt)
    square = (ck * ck + ck * x[_CK] + x[_CK] * x[_CK]) / 3
    x[_PT] = _relax(pt, auto * (square + (ck + x[_CK]) / 2 * pt), loss, dt)
    held, more = pt + p.ca1psd_hold_cam * ck, x[_PT] - pt + p.ca1psd_hold_cam * (x[_CK] - ck)
    # Simpson: active CaMKII comes and goes within the step, and counts to the fourth
    retain = 4 * _hill((held + more / 2) / p.ca1psd_pt_half)
    retain += _hill(held / p.ca1psd_pt_half) + _hill((held + more) / p.ca1psd_pt_half)
    return (pt + x[_PT]) / 2, p.ca1psd_k_retain / 6 * retain


@numba.njit(cache=True)
def _step(x, p, cam, pt, retain, dt):
    """Advance the rest, by means over the step of what drives it; CaMKII has been advanced."""
    on = p.ca1can_kon * cam
    can = x[_CAN]
    x[_CAN] = _relax(can, on * p.ca1can_can_total * (1 - p.ca1can_block), on + p.ca1can_koff, dt)
    can = (can + x[_CAN]) / 2
    pka, steady = x[_PKA], p.ca1pka_basal * (1 - p.ca1pka_block)
    steady *= 1 + p.ca1pka_cyclase + p.ca1pka_gain * _lobe(cam, p.ca1pka_k_cam)
    x[_PKA] = _relax(pka, steady / p.ca1pka_tau, 1 / p.ca1pka_tau, dt)
    pka = (pka + x[_PKA]) / 2
    i1p, on = x[_I1P], p.ca1i1_k_pka * pka
    off = p.ca1i1_k_can * can + p.ca1i1_k_pp2a * (1 - p.ca1i1_pp2a_block)
    x[_I1P] = _relax(i1p, on * p.ca1i1_i1_total, on + off, dt)
    pp1 = x[_PP1]
    x[_PP1] = _unbound(pp1, p, (i1p + x[_I1P]) / 2, off, dt)
    pp1 = (pp1 + x[_PP1]) / 2 * (1 - p.ca1psd_phosphatase_block)
    target = p.ca1psd_k_target * _hill(pp1 / p.ca1psd_pp1_half)
    loss = target + p.ca1psd_k_leave + p.ca1psd_k_evict * pt
    x[_PSQ] = _relax(x[_PSQ], target * p.ca1psd_pp1_sites, loss, dt)
    loss = retain + p.ca1psd_k_leave + p.ca1psd_k_expel * can
    x[_PSK] = _relax(x[_PSK], retain * p.ca1psd_camkii_sites, loss, dt)
    _traffic(x, p, can, pka, pp1, dt)


@numba.njit(cache=True)
def _traffic(x, p, can, pka, pp1, dt):
    q = x[_PSQ] * (1 - p.ca1psd_phosphatase_block)
    pp = pp1 + q
    open_2a = 1 - p.ca1ampar_pp2a_block
    on = p.ca1ampar_k845 * pka
    off = p.ca1ampar_d845 * (open_2a * p.ca1ampar_pp2a + pp) + p.ca1ampar_d845_can * can
    x[_S845] = _relax(x[_S845], on, on + off, dt)
    on = p.ca1ampar_k831 * (p.ca1ampar_kinase_831 + x[_CK] + x[_PT] + x[_PSK])
    off = p.ca1ampar_d831 * (open_2a * p.ca1ampar_pp2a_831 + pp1)
    x[_S831] = _relax(x[_S831], on, on + off, dt)
    slots = p.ca1ampar_slots_rest + p.ca1ampar_slots_camkii * x[_PSK]
    x[_SLOTS] = _relax(x[_SLOTS], slots / p.ca1ampar_tau_slots, 1 / p.ca1ampar_tau_slots, dt)
    endo = p.ca1ampar_k_endo * (1 - p.ca1ampar_endo_block)
    endo *= 1 + p.ca1ampar_endo_can * can + p.ca1ampar_endo_pp * pp
    exo = p.ca1ampar_k_exo * (1 + x[_S845] + p.ca1ampar_exo_camkii * x[_PSK])
    exo *= 1 - p.ca1ampar_exo_block
    room = x[_SLOTS] - x[_B]
    bind = p.ca1ampar_k_anchor * (1 + p.ca1ampar_anchor_camkii * x[_PSK]) * max(room, 0.0)
    leave = p.ca1ampar_k_free * (1 + p.ca1ampar_free_pp1 * q)
    # Backward Euler: with the slots of LTP, diffusing receptors are bound within a step at rest
    bound = (x[_B] - dt * p.ca1ampar_k_crowd * max(-room, 0.0)) / (1 + dt * leave)
    inside = x[_V] / (1 + dt * exo)
    caught, taken = dt * bind / (1 + dt * leave), dt * endo / (1 + dt * exo)
    x[_U] = (p.ca1ampar_total - bound - inside) / (1 + caught + taken)
    x[_B] = bound + caught * x[_U]
    x[_V] = inside + taken * x[_U]


@numba.njit(cache=True)
def _both(x, p, cam, dt):
    pt, retain = _camkii(x, p, cam, dt)
    _step(x, p, cam, pt, retain, dt)


@numba.njit(cache=True)
def _hold(x, p, calcium, duration):
    longest = LONGEST_AT_REST if calcium < QUIET else LONGEST_IN_CLAMP
    left, dt = duration, 0.01
    while left > 1e-9:
        dt = min(dt * 1.15, longest, left)
        if dt < 0.5:
            cam = _calmodulin(x, p, calcium, dt)
        else:
            x[_C], x[_N] = _lobe(calcium, p.ca1cam_k_c), _lobe(calcium, p.ca1cam_k_n)
            cam = p.ca1cam_cam_total * x[_C] * x[_N]
        _both(x, p, cam, dt)
        left -= dt


@numba.njit(cache=True)
def _hold_all(state, p, calcium, duration):
    for spine in range(len(state)):
        _hold(state[spine], p, calcium, duration)


@numba.njit(cache=True)
def _event(x, p, calcium, sample, gain):
    """Advance a spine by an event; return its highest pT286."""
    times = len(calcium)
    rest_c, rest_n = _lobe(REST, p.ca1cam_k_c), _lobe(REST, p.ca1cam_k_n)
    rest_cam = p.ca1cam_cam_total * rest_c * rest_n
    quiet, peak = 0, 0.0
    for start in range(0, times, TICK):
        stop = min(start + TICK, times)
        highest = 0.0
        for k in range(start, stop):
            highest = max(highest, REST + gain * (calcium[k] - REST))
        if highest < QUIET and abs(x[_C] - rest_c) < 0.01:
            quiet += stop - start
            if quiet < LONGEST_QUIET:
                continue
        if quiet:  # nothing moves quickly: one step for all of it
            x[_C], x[_N] = rest_c, rest_n
            _both(x, p, rest_cam, sample * quiet)
            quiet = 0
            if highest < QUIET:
                continue
        cams, pts, retains, samples = 0.0, 0.0, 0.0, stop - start
        for k in range(start, stop):
            cam = _calmodulin(x, p, REST + gain * (calcium[k] - REST), sample)
            pt, retain = _camkii(x, p, cam, sample)
            cams, pts, retains = cams + cam, pts + pt, retains + retain
            peak = max(peak, x[_PT])
        _step(x, p, cams / samples, pts / samples, retains / samples, sample * samples)
    if quiet:
        _both(x, p, rest_cam, sample * quiet)
    return peak


@numba.njit(cache=True)
def _feedback(x, p, at_rest):
    return (x[_B] * (1 + p.ca1ampar_s831_gain * x[_S831]) / at_rest) ** FEEDBACK


@numba.njit(cache=True)
def _drive(state, p, events, sample, number, wait, gain, at_rest):
    peaks = np.zeros(len(state))
    for spine in range(len(state)):
        for k in range(number):
            calcium = events[k % len(events), :, spine]
            x = state[spine]
            fed = gain * _feedback(x, p, at_rest)
            peaks[spine] = max(peaks[spine], _event(x, p, calcium, sample, fed))
            if wait > sample:
                _hold(x, p, REST, wait)
    return peaks


@numba.njit(cache=True)
def _follow(state, p, calcium, sample, lengths, waits, at_rest):
    before = np.empty((len(lengths), *state.shape))
    for spine in range(len(state)):
        x, start = state[spine], 0
        for k in range(len(lengths)):
            before[k, spine] = x
            stop = start + lengths[k]
            _event(x, p, calcium[start:stop, spine], sample, _feedback(x, p, at_rest))
            if waits[k] > sample:
                _hold(x, p, REST, waits[k])
            start = stop
    return before
