TITLE Delayed-rectifier potassium current of CA1 pyramidal cells

COMMENT
What
    Kdr: the non-inactivating potassium current that repolarises the spike.

Equations
    ik = (1 - block) gbar n (v - ek)      n' = (n_inf(v) - n)/tau_n(v)
    e = exp(-3 F (v-13)/(R T))
    n_inf = 1/(1+e)           tau_n = max(2, exp(-2.1 F (v-13)/(R T))/(0.02 (1+e)))

States
    n: open fraction (1), from its steady state at the initial voltage.

Reference
    Migliore, Ferrante & Ascoli 2005, doi:10.1152/jn.00521.2005; Migliore, Hoffman, Magee & Johnston 1999,
    doi:10.1023/A:1008906225285.

Departures
    None. The source gives no Q10: temperature enters only through F/(R T).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1kdr
    USEION k READ ek WRITE ik
    RANGE gbar, block, g
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10> : maximal conductance
    block = 0 (1) <0, 1>     : fraction blocked, set by the drug
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
}

STATE { n }

INITIAL {
    n = n_inf(v)
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*n
    ik = g*(v - ek)
}

DERIVATIVE gates {
    n' = (n_inf(v) - n)/n_tau(v)
}

: F (v-13 mV)/(R T)
FUNCTION reduced(v (mV)) (1) {
    reduced = (0.001)*FARADAY/(R*(celsius + 273.15 (degC)))*(v - 13 (mV))
}

FUNCTION n_inf(v (mV)) (1) {
    TABLE DEPEND celsius FROM -150 TO 150 WITH 6000
    n_inf = 1/(1 + exp(-3*reduced(v)))
}

FUNCTION n_tau(v (mV)) (ms) {
    TABLE DEPEND celsius FROM -150 TO 150 WITH 6000
    n_tau = exp(-2.1*reduced(v))/(0.02 (/ms) * (1 + exp(-3*reduced(v))))
    if (n_tau < 2 (ms)) { n_tau = 2 (ms) }
}
