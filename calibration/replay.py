"""The cascade of the mod files for many spines at once, driven by recorded calcium.

`tests/physics/test_cascade_replay.py` holds it against the mod files. Concentrations are in uM and
times in s. One thing is simpler than in the mod files: the binding of PP1 to inhibitor-1 is always
at its steady state, which in truth takes a second.
"""

from collections import namedtuple
from collections.abc import Mapping

import numba
import numpy as np

from ca1ltd import parameters

REST = 0.06  # uM of calcium
TICK = 5  # samples of calcium in a step of what calmodulin drives
QUIET = 0.08  # uM: below it, calcium is at rest
LONGEST_QUIET = 80  # samples that one step may skip
GROUPS = ("ca1cam", "ca1can", "ca1pka", "ca1i1", "ca1camkii", "ca1psd", "ca1ampar")
#: In the unit of the replay; per uM and per s as in the mod files.
_SCALE = {"mM": 1e3, "ms": 1e-3}
KEYS = tuple(key for key, row in parameters.table().items() if row.group in GROUPS)
Parameters = namedtuple("Parameters", [key.replace(".", "_") for key in KEYS])
STATES = (
    "c", "can", "ck", "pt", "pka", "i1p", "psq", "psk",
    "s845", "s831", "slots", "anchored", "diffusing", "vesicles",
)  # fmt: skip
_C, _CAN, _CK, _PT, _PKA, _I1P, _PSQ, _PSK, _S845, _S831, _SLOTS, _B, _U, _V = range(len(STATES))


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
        rest[_I1P] = 0.99 * p.ca1i1_i1_total
        rest[[_S845, _S831, _SLOTS]] = 0.6, 0.2, p.ca1ampar_slots_rest
        rest[[_B, _U]] = 51.0, 27.0
        rest[_V] = p.ca1ampar_total - 78.0
        self.state = rest[None, :].copy()
        self.rest(4000.0)
        self.state = np.repeat(self.state, spines, axis=0)
        self.peak_pt = 0.0

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
        event longer than the spacing is cut short. Calcium above rest is multiplied by a gain.
        """
        times = min(events.shape[1], round(spacing / sample))
        wait = spacing - times * sample
        peaks = _drive(self.state, self.parameters, events[:, :times], sample, number, wait, gain)
        self.peak_pt = float(peaks.mean()) / self.parameters.ca1camkii_camkii_total

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
    """Advance the C lobe; return Ca4-calmodulin."""
    rate = p.ca1cam_koff_c * (1 + ca / p.ca1cam_k_c)
    x[_C] = _relax(x[_C], rate * _lobe(ca, p.ca1cam_k_c), rate, dt)
    return p.ca1cam_cam_total * x[_C] * _lobe(ca, p.ca1cam_k_n)


@numba.njit(cache=True)
def _step(x, p, cam, dt):
    """Advance what calmodulin drives."""
    on = p.ca1can_kon * cam
    x[_CAN] = _relax(
        x[_CAN], on * p.ca1can_can_total * (1 - p.ca1can_block), on + p.ca1can_koff, dt
    )
    ease = x[_CK] + x[_PT]
    auto = p.ca1camkii_k_auto * (1 - p.ca1camkii_block) * ease / p.ca1camkii_camkii_total
    pka = p.ca1pka_basal * (1 - p.ca1pka_block)
    pka *= 1 + p.ca1pka_cyclase + p.ca1pka_gain * _lobe(cam, p.ca1pka_k_cam)
    x[_PKA] = _relax(x[_PKA], pka / p.ca1pka_tau, 1 / p.ca1pka_tau, dt)
    phosphorylate = p.ca1i1_k_pka * x[_PKA]
    off = p.ca1i1_k_can * x[_CAN] + p.ca1i1_k_pp2a * (1 - p.ca1i1_pp2a_block)
    x[_I1P] = _relax(x[_I1P], phosphorylate * p.ca1i1_i1_total, phosphorylate + off, dt)
    total = p.ca1i1_pp1_total
    free = total
    holders = x[_I1P]
    kd = (p.ca1i1_koff + off) / p.ca1i1_kon
    if p.ca1i1_thio > 0:
        holders += p.ca1i1_thio
    s = holders + total + kd
    free -= (s - np.sqrt(s * s - 4 * holders * total)) / 2
    pp1 = free * (1 - p.ca1psd_phosphatase_block)
    loss = p.ca1camkii_k_pp2c + p.ca1camkii_k_pp2a * (1 - p.ca1camkii_pp2a_block)
    loss += p.ca1camkii_k_pp1 * pp1
    old = x[_PT]
    x[_PT] = _relax(x[_PT], auto * x[_CK], loss, dt)
    on = p.ca1camkii_kon * cam * (1 - p.ca1camkii_block)
    x[_CK] = _relax(x[_CK], on * (p.ca1camkii_camkii_total - old), on + p.ca1camkii_koff + auto, dt)
    target = p.ca1psd_k_target * _hill(pp1 / p.ca1psd_pp1_half)
    loss = target + p.ca1psd_k_leave + p.ca1psd_k_evict * x[_PT]
    x[_PSQ] = _relax(x[_PSQ], target * p.ca1psd_pp1_sites, loss, dt)
    retain = p.ca1psd_k_retain * _lobe(x[_PT], p.ca1psd_pt_half)
    loss = retain + p.ca1psd_k_leave + p.ca1psd_k_expel * pp1
    x[_PSK] = _relax(x[_PSK], retain * p.ca1psd_camkii_sites, loss, dt)
    _traffic(x, p, pp1, dt)


@numba.njit(cache=True)
def _traffic(x, p, pp1, dt):
    q = x[_PSQ] * (1 - p.ca1psd_phosphatase_block)
    pp = pp1 + q
    open_2a = 1 - p.ca1ampar_pp2a_block
    on = p.ca1ampar_k845 * x[_PKA]
    off = p.ca1ampar_d845 * (open_2a * p.ca1ampar_pp2a + pp) + p.ca1ampar_d845_can * x[_CAN]
    x[_S845] = _relax(x[_S845], on, on + off, dt)
    on = p.ca1ampar_k831 * (p.ca1ampar_kinase_831 + x[_CK] + x[_PT] + x[_PSK])
    off = p.ca1ampar_d831 * (open_2a * p.ca1ampar_pp2a_831 + pp1)
    x[_S831] = _relax(x[_S831], on, on + off, dt)
    slots = p.ca1ampar_slots_rest * (1 + p.ca1ampar_slots_camkii * x[_PSK])
    x[_SLOTS] = _relax(x[_SLOTS], slots / p.ca1ampar_tau_slots, 1 / p.ca1ampar_tau_slots, dt)
    endo = p.ca1ampar_k_endo * (1 - p.ca1ampar_endo_block)
    endo *= 1 + p.ca1ampar_endo_can * x[_CAN] + p.ca1ampar_endo_pp * pp
    exo = p.ca1ampar_k_exo * (1 + x[_S845]) * (1 - p.ca1ampar_exo_block)
    room = x[_SLOTS] - x[_B]
    bind = p.ca1ampar_k_anchor * max(room, 0.0) * x[_U]
    leave = p.ca1ampar_k_free * (1 + p.ca1ampar_free_pp1 * q) * x[_B]
    leave += p.ca1ampar_k_crowd * max(-room, 0.0)
    bound = dt * (bind - leave)
    inside = dt * (endo * x[_U] - exo * x[_V])
    x[_B] += bound
    x[_V] += inside
    x[_U] -= bound + inside


@numba.njit(cache=True)
def _hold(x, p, calcium, duration):
    left, dt = duration, 0.01
    while left > 1e-9:
        dt = min(dt * 1.3, 5.0, left)
        if dt < 0.5:
            cam = _calmodulin(x, p, calcium, dt)
        else:
            x[_C] = _lobe(calcium, p.ca1cam_k_c)
            cam = p.ca1cam_cam_total * x[_C] * _lobe(calcium, p.ca1cam_k_n)
        _step(x, p, cam, dt)
        left -= dt


@numba.njit(cache=True)
def _hold_all(state, p, calcium, duration):
    for spine in range(len(state)):
        _hold(state[spine], p, calcium, duration)


@numba.njit(cache=True)
def _event(x, p, calcium, sample, gain):
    """Advance a spine by an event; return its highest pT286."""
    times = len(calcium)
    rest_c = _lobe(REST, p.ca1cam_k_c)
    rest_cam = p.ca1cam_cam_total * rest_c * _lobe(REST, p.ca1cam_k_n)
    quiet, peak = 0, 0.0
    for start in range(0, times, TICK):
        stop = min(start + TICK, times)
        highest = 0.0
        for k in range(start, stop):
            highest = max(highest, calcium[k])
        if highest < QUIET and abs(x[_C] - rest_c) < 0.01:
            quiet += stop - start
            if quiet < LONGEST_QUIET:
                continue
        if quiet:  # nothing moves quickly: one step for all of it
            x[_C] = rest_c
            _step(x, p, rest_cam, sample * quiet)
            quiet = 0
            if highest < QUIET:
                continue
        cam = 0.0
        for k in range(start, stop):
            cam += _calmodulin(x, p, REST + gain * (calcium[k] - REST), sample)
        _step(x, p, cam / (stop - start), sample * (stop - start))
        peak = max(peak, x[_PT])
    if quiet:
        _step(x, p, rest_cam, sample * quiet)
    return peak


@numba.njit(cache=True)
def _drive(state, p, events, sample, number, wait, gain):
    peaks = np.zeros(len(state))
    for spine in range(len(state)):
        for k in range(number):
            calcium = events[k % len(events), :, spine]
            peaks[spine] = max(peaks[spine], _event(state[spine], p, calcium, sample, gain))
            if wait > sample:
                _hold(state[spine], p, REST, wait)
    return peaks
