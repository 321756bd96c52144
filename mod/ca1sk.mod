TITLE Calcium-activated potassium current of CA1 pyramidal cells

COMMENT
What
    SK: small-conductance potassium current opened by intracellular calcium; medium after-hyperpolarisation.

Equations
    ik = (1 - block) gbar m^3 (v - ek)      m' = (m_inf(cai) - m)/tau_m(cai)
    x = (cai/khalf)^4                       m_inf = x/(1+x)
    tau_m = max(0.5, 1/(0.03 (1+x) q))      q = 3^((celsius - 22)/10)

States
    m: open fraction (1), from its steady state at the initial calcium concentration.

Reference
    Migliore et al. 2018, doi:10.1371/journal.pcbi.1006423.

Departures
    None.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1sk
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar, block, khalf, g, q
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10>      : maximal conductance
    block = 0 (1) <0, 1>          : fraction blocked, set by the drug
    khalf = 3.5e-4 (mM) <1e-6, 1> : calcium that half opens one gate (Migliore 2018)
    q10 = 3 (1) <1, 10>           : of m, from 22 degC (Migliore 2018)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    g (S/cm2)
    q (1)                               : factor on rates at this temperature
}

STATE { m }

INITIAL {
    q = q10^((celsius - 22 (degC))/10 (degC))
    m = m_inf(cai)
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*m*m*m
    ik = g*(v - ek)
}

DERIVATIVE gates {
    m' = (m_inf(cai) - m)/m_tau(cai)
}

: (cai/khalf)^4
FUNCTION drive(cai (mM)) (1) {
    drive = (cai/khalf)*(cai/khalf)*(cai/khalf)*(cai/khalf)
}

FUNCTION m_inf(cai (mM)) (1) {
    m_inf = drive(cai)/(1 + drive(cai))
}

FUNCTION m_tau(cai (mM)) (ms) {
    m_tau = 1/(0.03 (/ms) * (1 + drive(cai))*q)
    if (m_tau < 0.5 (ms)) { m_tau = 0.5 (ms) }
}
