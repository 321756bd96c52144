"""A plain rule of two thresholds of calcium: LTD above the lower, LTP above the higher.

Equations, of calcium c (uM) and the EPSP w over that at first:
  dw/dt = (W_p - w)/tau_p   where c > theta_p
  dw/dt = (W_d - w)/tau_d   where theta_d < c <= theta_p
  dw/dt = 0                 elsewhere
Reference: the hypothesis that the level of calcium decides, as in Artola & Singer 1993
  (doi 10.1016/0166-2236(93)90081-V).
Departures: it has no published numbers; the fit starts from assumed ones.
"""

from typing import Final

from ca1ltd.rules.rule import Parameter, Rule

_ASSUMED: Final = "assumed"

RULE: Final = Rule(
    name="two-thresholds",
    title="two thresholds",
    reference="Artola & Singer 1993, doi 10.1016/0166-2236(93)90081-V",
    driven_by="calcium",
    parameters=(
        Parameter("theta_d", 0.4, 0.09, 5.0, "uM", _ASSUMED),
        Parameter("theta_p", 1.5, 0.1, 30.0, "uM", _ASSUMED),
        Parameter("W_d", 0.5, 0.02, 0.98, "1", _ASSUMED),
        Parameter("W_p", 2.0, 1.02, 6.0, "1", _ASSUMED),
        Parameter("tau_d", 100.0, 0.1, 1e4, "s", _ASSUMED),
        Parameter("tau_p", 1.0, 1e-2, 1e3, "s", _ASSUMED),
    ),
    states={"w": "1"},
    of_calcium={
        "W": "c > theta_p ? W_p : W_d",
        "rate": "c > theta_p ? 1/tau_p : c > theta_d ? 1/tau_d : 0",
    },
    step="relax_at(rate, w, W, dt);",
    weight="w",
    still="rate == 0",
)
