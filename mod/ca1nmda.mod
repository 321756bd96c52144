TITLE NMDA receptors of a synapse

COMMENT
What: the NMDA receptor conductance of one synapse, blocked by magnesium, with its calcium current.
Equations:
  g = g_max (1 - antagonist) (b - a),  B = 1/(1 + mg_o/mg_half exp(-0.062 v)),
  i = g B (v - e)  (Na and K),   ica = g B p_ca ghk(v)  (calcium),
  p_ca is such that calcium carries f_ca of the whole current at -65 mV.
  A quantum binds `saturation` of the receptors still unbound: b and a grow by
  quanta saturation (1 - b) jump.
States: a, b (1).
Event weight: quanta (1).
Reference: Jahr & Stevens 1990 (doi 10.1523/jneurosci.10-09-03178.1990) block; Burnashev et al. 1995
  (doi 10.1113/jphysiol.1995.sp020738) and Garaschuk et al. 1996 (doi 10.1113/jphysiol.1996.sp021250)
  for f_ca about 0.1; Goldman-Hodgkin-Katz for the calcium driving force.
Departures: no glycine site or desensitisation; one decay for the mixture of GluN2A and GluN2B.
ENDCOMMENT

NEURON {
    THREADSAFE
    POINT_PROCESS ca1nmda
    USEION ca READ cai, cao WRITE ica
    NONSPECIFIC_CURRENT i
    GLOBAL late
    RANGE g_max, tau_rise, tau_decay, q10, e, mg_o, mg_half, f_ca, saturation, antagonist
    RANGE i, g, p_ca
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    g_max = 9.11e-5 (uS) <0, 1>         : all receptors bound: calibration/calcium.py
    tau_rise = 3 (ms) <1e-3, 1e3>        : at 34 degC
    tau_decay = 60 (ms) <1e-3, 1e4>      : at 34 degC
    q10 = 2 (1) <1, 5>                   : of both time constants, assumed
    e = 0 (mV)                           : monovalent cations
    mg_o = 1.3 (mM) <0, 100>             : of the slice, Mulkey & Malenka 1992
    mg_half = 3.57 (mM) <1e-3, 100>      : Jahr & Stevens 1990
    f_ca = 0.1 (1) <0, 0.99>             : at -65 mV
    saturation = 0.5 (1) <0, 1>          : half of the receptors bound by a quantum, Mainen et al. 1999 (doi 10.1038/20387)
    antagonist = 0 (1) <0, 1>            : fraction blocked, set by the drug
}

ASSIGNED {
    v (mV)
    celsius (degC)
    late (ms)                            : events come so long after their time: set by the integrator
    cai (mM)
    cao (mM)
    i (nA)
    ica (nA)
    g (uS)
    p_ca (1)
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
    p_ca = f_ca/(1 - f_ca)*(-65(mV) - e)/ghk(-65, 6e-5, cao)
    a = 0
    b = 0
}

BREAKPOINT {
    SOLVE closing METHOD cnexp
    g = g_max*(1 - antagonist)*(b - a)*unblocked(v)
    i = g*(v - e)
    ica = g*p_ca*ghk(v, cai, cao)
}

DERIVATIVE closing {
    a' = -a*rate/tau_rise
    b' = -b*rate/tau_decay
}

NET_RECEIVE (quanta (1)) {
    LOCAL bound
    bound = quanta*saturation*(1 - b/jump)*jump
    a = a + bound*exp(-late*rate/tau_rise)
    b = b + bound*exp(-late*rate/tau_decay)
}

FUNCTION unblocked(v (mV)) {
    unblocked = 1/(1 + mg_o/mg_half*exp(-0.062(/mV)*v))
}

FUNCTION ghk(v (mV), ci (mM), co (mM)) (mV) {
    LOCAL f, u, b
    f = (1000)*R*(celsius + 273.15(degC))/(2*FARADAY)
    u = v/f
    b = bernoulli(u)
    ghk = -f*(b - ci/co*(u + b))
}

: u/(exp(u)-1), continued through u = 0; bernoulli(-u) = u + bernoulli(u)
FUNCTION bernoulli(u (1)) (1) {
    TABLE FROM -20 TO 20 WITH 4000
    if (fabs(u) < 1e-6) {
        bernoulli = 1 - u/2
    } else {
        bernoulli = u/(exp(u) - 1)
    }
}
