"""The rule of Clopath et al.: the potential at a release depresses, that of a spike potentiates.

Equations, of the potential u (mV), its means u_minus and u_plus, and the trace x of releases X:
  dw/dt = -A_LTD X [u_minus - theta_minus]+ + A_LTP x [u - theta_plus]+ [u_plus - theta_minus]+
  du_minus/dt = (u - u_minus)/tau_minus,  du_plus/dt = (u - u_plus)/tau_plus,
  tau_x dx/dt = X - x,  0 <= w <= w_max
Reference: Clopath et al. 2010 (doi 10.1038/nn.2479). Equations were looked up in NEST's
  clopath_synapse and in the reimplementation of Larisch 2019 (ReScience), from which A_LTD, A_LTP
  and the thetas are, the paper's for hippocampus. The time constants are those of visual cortex.
Departures: u is that of the spine's head and X are releases, not spikes of the axon; A_LTD does not
  depend on the mean potential (no homeostasis), as in the paper's inductions; w is over that at
  first, and its upper bound is fitted.
"""

from typing import Final

from ca1ltd.rules.rule import Parameter, Rule

_PUBLISHED: Final = "Clopath et al. 2010, hippocampus"
_CORTEX: Final = "Clopath et al. 2010, visual cortex"

RULE: Final = Rule(
    name="clopath-2010",
    title="Clopath et al. 2010",
    reference="Clopath et al. 2010, doi 10.1038/nn.2479",
    driven_by="potential",
    parameters=(
        Parameter("A_LTD", 38e-5, 1e-7, 1.0, "/mV", _PUBLISHED),
        Parameter("A_LTP", 2e-5, 1e-8, 1.0, "/mV2", _PUBLISHED),
        Parameter("theta_minus", -41.0, -75.0, -20.0, "mV", _PUBLISHED),
        Parameter("theta_plus", -38.0, -75.0, 10.0, "mV", _PUBLISHED),
        Parameter("tau_x", 15.0, 2.0, 200.0, "ms", _CORTEX),
        Parameter("tau_minus", 10.0, 1.0, 200.0, "ms", _CORTEX),
        Parameter("tau_plus", 7.0, 1.0, 200.0, "ms", _CORTEX),
        Parameter("w_max", 3.0, 1.2, 6.0, "1", "assumed"),
    ),
    states={"w": "1", "u_minus": "u", "u_plus": "u", "x": "0"},
    step="""
w -= A_LTD*X*std::max(u_minus - theta_minus, 0.0);
x += X/tau_x;
for (double left = dt; left > 0;) {
    const double above = std::max(u - theta_plus, 0.0);
    const double h = x*above > 1e-9 ? std::min(left, 1.0) : left;
    w += A_LTP*x*above*std::max(u_plus - theta_minus, 0.0)*h;
    relax(u_minus, u, h, tau_minus);
    relax(u_plus, u, h, tau_plus);
    relax(x, 0, h, tau_x);
    left -= h;
}
w = std::min(std::max(w, 0.0), w_max);
""",
    weight="w",
)
