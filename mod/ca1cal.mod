TITLE L-type calcium current of CA1 pyramidal cells

COMMENT
What
    CaL: high-threshold calcium current, densest at the soma, inactivated by the calcium it admits.

Equations
    ica = gbar scale (1-block) m^2 ki/(ki+cai) ghk(v, cai, cao)         m' = (m_inf(v) - m)/tau_m(v)
    a = 15.69 (81.5-v)/(exp((81.5-v)/10)-1)             b = 0.29 exp(-v/10.86)
    m_inf = a/(a+b)                                     q = 5^((celsius - 25)/10)
    tau_m = max(0.2/q, exp(0.00756 (v-4))/(0.1 q (1+exp(0.0756 (v-4)))))
    f = R T/(2 F), u = v/f:   ghk = -f (1 - cai/cao exp(u)) u/(exp(u)-1) cao/2.5 mM

States
    m: open fraction (1), from its steady state at the initial voltage.

Reference
    Jaffe, Ross, Lisman, Lasser-Ross, Miyakawa & Johnston 1994, doi:10.1152/jn.1994.71.3.1065; Magee & Johnston
    1995, doi:10.1113/jphysiol.1995.sp020862; as used by Migliore et al. 2018, doi:10.1371/journal.pcbi.1006423.

Departures
    f is R T/(2 F) exactly, so that the current reverses at the Nernst potential (the sources' f is 1 % smaller).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1cal
    USEION ca READ cai, cao WRITE ica
    RANGE gbar, scale, block, ki, g, slope, rt_2f
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
    gbar = 0 (S/cm2) <0, 10>  : conductance that multiplies the GHK driving force
    scale = 1 (1) <0, 100>    : of the density, with age (conditions)
    block = 0 (1) <0, 1>      : fraction blocked, set by the drug
    ki = 0.001 (mM) <1e-6, 1> : calcium that halves the current (Jaffe 1994)
    q10 = 5 (1) <1, 10>       : of m, from 25 degC (Migliore 2018)
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

STATE { m }

INITIAL {
    rt_2f = thermal()
    m = m_inf(v)
}

BREAKPOINT {
    CONDUCTANCE slope USEION ca
    SOLVE gates METHOD cnexp
    g = gbar*scale*(1 - block)*m*m*ki/(ki + cai)
    ica = g*ghk(v, cai, cao)
    slope = g*ghk_slope(v, cai, cao)
}

DERIVATIVE gates {
    m' = (m_inf(v) - m)/m_tau(v)
}

: factor on rates at this temperature
FUNCTION q() (1) {
    q = q10^((celsius - 25 (degC))/10 (degC))
}

INCLUDE "ghk.inc"

FUNCTION m_inf(v (mV)) (1) {
    LOCAL a, b
    TABLE FROM -150 TO 150 WITH 6000
    a = 156.9 (/ms) * bernoulli((81.5 (mV) - v)/10 (mV))
    b = 0.29 (/ms) * exp(-v/10.86 (mV))
    m_inf = a/(a + b)
}

FUNCTION m_tau(v (mV)) (ms) {
    LOCAL x
    TABLE DEPEND celsius, q10 FROM -150 TO 150 WITH 6000
    x = v - 4 (mV)
    m_tau = exp(0.00756 (/mV) * x)/(0.1 (/ms) * q()*(1 + exp(0.0756 (/mV) * x)))
    if (m_tau < 0.2 (ms) / q()) { m_tau = 0.2 (ms) / q() }
}
