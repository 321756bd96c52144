TITLE T-type calcium current of CA1 pyramidal cells

COMMENT
What
    CaT: low-threshold, inactivating calcium current of soma and dendrites.

Equations
    ica = (1-block) gbar m^2 h ghk(v, cai, cao)         x' = (x_inf(v) - x)/tau_x(v) for x = m, h
    m: a = 0.2 (19.26-v)/(exp((19.26-v)/10)-1)          b = 0.009 exp(-v/22.03)
       m_inf = a/(a+b)                                  q = 5^((celsius - 25)/10)
       tau_m = max(0.2, exp(0.00756 (v+28))/(0.04 q (1+exp(0.0756 (v+28)))))
    h: a = 1e-6 exp(-v/16.26)                           b = 1/(1+exp((29.79-v)/10))
       h_inf = a/(a+b)
       tau_h = max(10, exp(0.07938 (v+75))/(0.015 (1+exp(0.1323 (v+75)))))
    f = R T/(2 F), u = v/f:   ghk = -f (1 - cai/cao exp(u)) u/(exp(u)-1) cao/2.5 mM

States
    m, h: open fractions (1), from their steady states at the initial voltage.

Reference
    Jaffe, Ross, Lisman, Lasser-Ross, Miyakawa & Johnston 1994, doi:10.1152/jn.1994.71.3.1065; Magee & Johnston
    1995, doi:10.1113/jphysiol.1995.sp020862; as used by Migliore et al. 2018, doi:10.1371/journal.pcbi.1006423.

Departures
    f is R T/(2 F) exactly, so that the current reverses at the Nernst potential (the sources' f is 1 % smaller).
    Only tau_m above its floor carries the Q10 (5, from 25 degC).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1cat
    USEION ca READ cai, cao WRITE ica
    RANGE gbar, block, g, slope, rt_2f
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10> : conductance that multiplies the GHK driving force
    block = 0 (1) <0, 1>     : fraction blocked, set by the drug
    q10 = 5 (1) <1, 10>      : of m, from 25 degC (Migliore 2018)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
    g (S/cm2)
    slope (S/cm2)                       : d ica/dv
    rt_2f (mV)                          : R T/(2 F)
}

STATE { m h }

INITIAL {
    rt_2f = thermal()
    m = m_inf(v)
    h = h_inf(v)
}

BREAKPOINT {
    CONDUCTANCE slope USEION ca
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*m*m*h
    ica = g*ghk(v, cai, cao)
    slope = g*ghk_slope(v, cai, cao)
}

DERIVATIVE gates {
    m' = (m_inf(v) - m)/m_tau(v)
    h' = (h_inf(v) - h)/h_tau(v)
}

: factor on rates at this temperature
FUNCTION q() (1) {
    q = q10^((celsius - 25 (degC))/10 (degC))
}

INCLUDE "ghk.inc"

FUNCTION m_inf(v (mV)) (1) {
    LOCAL a, b
    TABLE FROM -150 TO 150 WITH 6000
    a = 2 (/ms) * bernoulli((19.26 (mV) - v)/10 (mV))
    b = 0.009 (/ms) * exp(-v/22.03 (mV))
    m_inf = a/(a + b)
}

FUNCTION m_tau(v (mV)) (ms) {
    LOCAL x
    TABLE DEPEND celsius, q10 FROM -150 TO 150 WITH 6000
    x = v + 28 (mV)
    m_tau = exp(0.00756 (/mV) * x)/(0.04 (/ms) * q()*(1 + exp(0.0756 (/mV) * x)))
    if (m_tau < 0.2 (ms)) { m_tau = 0.2 (ms) }
}

FUNCTION h_inf(v (mV)) (1) {
    LOCAL a, b
    TABLE FROM -150 TO 150 WITH 6000
    a = 1e-6 (/ms) * exp(-v/16.26 (mV))
    b = 1 (/ms) / (1 + exp((29.79 (mV) - v)/10 (mV)))
    h_inf = a/(a + b)
}

FUNCTION h_tau(v (mV)) (ms) {
    LOCAL x
    TABLE FROM -150 TO 150 WITH 6000
    x = v + 75 (mV)
    h_tau = exp(0.07938 (/mV) * x)/(0.015 (/ms) * (1 + exp(0.1323 (/mV) * x)))
    if (h_tau < 10 (ms)) { h_tau = 10 (ms) }
}
