TITLE AMPA receptors of a synapse

COMMENT
What: the AMPA receptor conductance of one synapse. A quantum opens the receptors anchored at the
  postsynaptic density, as counted by ca1ampar on the bus `ampar` (1 nM stands for one receptor).
Equations:
  g = g_receptor scale (1 - antagonist) N (b - a),  N = ampari/1 nM,  a' = -a/tau_rise,  b' = -b/tau_decay,
  each quantum adds the same amount to a and b, so that b - a peaks at 1;  i = g (v - e)
States: a, b (1).
Event weight: quanta (1).
Reference: Spruston, Jonas & Sakmann 1995 (doi 10.1113/jphysiol.1995.sp020521) kinetics; the Q10
  scales both time constants from 34 degC.
Departures: receptors do not saturate or desensitise.
ENDCOMMENT

NEURON {
    THREADSAFE
    POINT_PROCESS ca1ampa
    USEION ampar READ ampari VALENCE 0
    NONSPECIFIC_CURRENT i
    GLOBAL late
    RANGE g_receptor, scale, antagonist, tau_rise, tau_decay, q10, e, i, g, rate
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    g_receptor = 6e-06 (uS) <0, 1> : calibration/spine.py; 10 pS channels of which a quantum opens a quarter
    scale = 1 (1) <0, 1e3>            : with distance from the soma, Magee & Cook 2000 (doi 10.1038/78800)
    antagonist = 0 (1) <0, 1>         : fraction blocked, set by the drug
    tau_rise = 0.25 (ms) <1e-3, 1e3>  : at 34 degC
    tau_decay = 2.5 (ms) <1e-3, 1e4>  : at 34 degC
    q10 = 2 (1) <1, 5>                : of both time constants, assumed
    e = 0 (mV) <-150, 150>            : monovalent cations
}

ASSIGNED {
    v (mV)
    celsius (degC)
    late (ms)                            : events come so long after their time: set by the integrator
    ampari (mM)
    i (nA)
    g (uS)
    rate (1)
    jump (1)
}

STATE {
    a (1) <1>
    b (1) <1>
}

INITIAL {
    LOCAL t_peak
    rate = q10^((celsius - 34(degC))/10(degC))
    t_peak = tau_rise*tau_decay/(tau_decay - tau_rise)*log(tau_decay/tau_rise)
    jump = 1/(exp(-t_peak/tau_decay) - exp(-t_peak/tau_rise))
    a = 0
    b = 0
}

BREAKPOINT {
    CONDUCTANCE g
    SOLVE closing METHOD cnexp
    g = g_receptor*scale*(1 - antagonist)*receptors(ampari)*(b - a)
    i = g*(v - e)
}

DERIVATIVE closing {
    a' = -a*rate/tau_rise
    b' = -b*rate/tau_decay
}

NET_RECEIVE (quanta (1)) {
    a = a + quanta*jump*exp(-late*rate/tau_rise)
    b = b + quanta*jump*exp(-late*rate/tau_decay)
}

FUNCTION receptors(c (mM)) (1) {
    receptors = c/1e-6 (mM)
}
