"""The rule of Graupner & Brunel: a bistable synapse whose efficacy calcium drives up and down.

Equations, of calcium c above rest over that of a release, and the efficacy rho:
  tau drho/dt = -rho (1 - rho) (rho_star - rho) + gamma_p (1 - rho) [c > theta_p]
                - gamma_d rho [c > theta_d] + sigma sqrt(tau ([c > theta_d] + [c > theta_p])) noise
Where c is above a threshold, the first term is left out, as in the paper: rho is then Gaussian,
  tau dm/dt = gamma_p (1 - m) [..] - gamma_d m [..],
  tau dv/dt = -2 (gamma_p [..] + gamma_d [..]) v + sigma^2 ([..] + [..])
  of mean m and variance v, and the synapse ends UP with the probability that rho > rho_star. At
  first a fraction beta is DOWN, at 0, and the rest UP, at 1. UP is b times as strong as DOWN.
Reference: Graupner & Brunel 2012 (doi 10.1073/pnas.1109359109); the variance by the correction
  (doi 10.1073/pnas.1220044110). Numbers (hippocampal slices) and the probabilities were looked up
  in the authors' code (github.com/mgraupe/CalciumBasedPlasticityModel).
Departures: calcium is the model's own, so that the paper's calcium of spikes, its delay and decay
  have no place; `release`, calcium that counts as 1, is fitted. The paper asks for the state after
  one induction. Here each synapse settles in its well in quiet times, at the rate of the first term
  near a well, rho_star/tau: of those that settle some have crossed, with the probability above,
  and begin again at 0 or 1. Test pulses and repeated inductions thus are driven as any other.
"""

from typing import Final

from ca1ltd.rules.rule import Parameter, Rule

_PUBLISHED: Final = "Graupner & Brunel 2012, hippocampal slices"

RULE: Final = Rule(
    name="graupner-brunel-2012",
    title="Graupner & Brunel 2012",
    reference="Graupner & Brunel 2012, doi 10.1073/pnas.1109359109",
    driven_by="calcium",
    parameters=(
        Parameter("release", 0.7, 0.05, 10.0, "uM", "calibration of the model's calcium"),
        Parameter("theta_d", 1.0, 0.05, 5.0, "1", _PUBLISHED),
        Parameter("theta_p", 1.3, 0.1, 30.0, "1", _PUBLISHED),
        Parameter("gamma_d", 313.0965, 1.0, 1e5, "1", _PUBLISHED),
        Parameter("gamma_p", 1645.59, 1.0, 1e6, "1", _PUBLISHED),
        Parameter("sigma", 9.1844, 0.1, 1e3, "1", _PUBLISHED),
        Parameter("tau", 688.355, 20.0, 1e4, "s", _PUBLISHED),
        Parameter("beta", 0.7, 0.05, 0.95, "1", _PUBLISHED),
        Parameter("b", 5.28145, 1.2, 20.0, "1", _PUBLISHED),
    ),
    states={
        "up": "1 - beta",
        "m0": "0", "v0": "0",  # of those that were last DOWN
        "m1": "1", "v1": "0",  # of those that were last UP
        "quiet": "0",
    },
    of_calcium={
        "x": "(c - REST)/release",
        "p": "x > theta_p ? gamma_p : 0",
        "d": "x > theta_d ? gamma_d : 0",
        "above": "(x > theta_p) + (x > theta_d)",
    },
    step="""
if (above == 0) { quiet += dt; return; }
if (quiet > 0) {
    const double kept = std::exp(-quiet*rho_star/tau), U = beyond(m0, v0), D = 1 - beyond(m1, v1);
    const double to_down = (1 - kept)*((1 - up)*(1 - U) + up*D), to_up = 1 - kept - to_down;
    const double old_down = kept*(1 - up)/(kept*(1 - up) + to_down + 1e-300);
    const double old_up = kept*up/(kept*up + to_up + 1e-300);
    up = kept*up + to_up;
    m0 *= old_down; v0 *= old_down;
    m1 += (1 - m1)*(1 - old_up); v1 *= old_up;
    quiet = 0;
}
const double rate = (p + d)/tau, mean = p/(p + d), spread = sigma*sigma*above/(2*(p + d));
relax_at(rate, m0, mean, dt); relax_at(rate, m1, mean, dt);
relax_at(2*rate, v0, spread, dt); relax_at(2*rate, v1, spread, dt);
""",
    weight="1 + (b - 1)*((1 - up)*beyond(m0, v0) + up*beyond(m1, v1))",
    still="above == 0",
)  # fmt: skip
