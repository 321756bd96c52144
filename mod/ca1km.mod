TITLE Muscarine-sensitive potassium current of CA1 pyramidal cells

COMMENT
What
    KM: the slow, non-inactivating potassium current of the soma and axon.

Equations
    ik = (1 - block) gbar m (v - ek)                    m' = (m_inf(v) - m)/tau_m(v)
    m_inf = 1/(1+exp(-(v+40)/10))
    tau_m = 60 + exp(0.10584 (v+42))/(0.003 (1+exp(0.2646 (v+42))))

States
    m: open fraction (1), from its steady state at the initial voltage.

Reference
    Shah, Migliore, Valencia, Cooper & Brown 2008, doi:10.1073/pnas.0802805105; Migliore et al. 2018,
    doi:10.1371/journal.pcbi.1006423.

Departures
    The time constant is that of 34-35 degC at every temperature.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1km
    USEION k READ ek WRITE ik
    RANGE gbar, block, g
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10> : maximal conductance
    block = 0 (1) <0, 1>     : fraction blocked, set by the drug
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
}

STATE { m }

INITIAL {
    m = m_inf(v)
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*m
    ik = g*(v - ek)
}

DERIVATIVE gates {
    m' = (m_inf(v) - m)/m_tau(v)
}

FUNCTION m_inf(v (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    m_inf = 1/(1 + exp(-(v + 40 (mV))/10 (mV)))
}

FUNCTION m_tau(v (mV)) (ms) {
    LOCAL x
    TABLE FROM -150 TO 150 WITH 6000
    x = v + 42 (mV)
    m_tau = 60 (ms) + exp(0.10584 (/mV) * x)/(0.003 (/ms) * (1 + exp(0.2646 (/mV) * x)))
}
