TITLE Delayed-rectifier potassium current of CA1 pyramidal cells

COMMENT
What
    Kdr: the slow, non-inactivating potassium current. It follows a spike more than it ends it.

Equations
    ik = (1 - block) gbar n (v - ek)      n' = (n_inf(v) - n)/tau_n(v)
    b = -3 F (v-vhalf)/(R T)
    n_inf = 1/(1+exp(b))      tau_n = max(tau_n_min, exp(0.7 b)/(a0 (1+exp(b))))

States
    n: open fraction (1), from its steady state at the initial voltage.

Reference
    Migliore, Ferrante & Ascoli 2005, doi:10.1152/jn.00521.2005; Migliore, Hoffman, Magee & Johnston 1999,
    doi:10.1023/A:1008906225285 (vhalf 13 mV, a0 0.02 /ms, tau_n_min 2 ms).

Departures
    The source gives no Q10: temperature enters only through F/(R T). vhalf, a0 and tau_n_min are parameters: a slow
    current of CA1 cells opens at lower potentials, half of it at -10 to 0 mV (Martina, Schultz, Ehmke, Monyer & Jonas
    1998, doi:10.1523/JNEUROSCI.18-20-08111.1998, recollected).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1kdr
    USEION k READ ek WRITE ik
    RANGE gbar, block, vhalf, a0, tau_n_min, g
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10>     : maximal conductance
    block = 0 (1) <0, 1>         : fraction blocked, set by the drug
    vhalf = 13 (mV) <-100, 100>  : half activation
    a0 = 0.02 (/ms) <1e-3, 10>   : activation rate
    tau_n_min = 2 (ms) <0, 100>  : floor of tau_n
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

: -3 F (v-vhalf)/(R T)
FUNCTION barrier(v (mV)) (1) {
    barrier = -3*(0.001)*FARADAY/(R*(celsius + 273.15 (degC)))*(v - vhalf)
}

FUNCTION n_inf(v (mV)) (1) {
    n_inf = 1/(1 + exp(barrier(v)))
}

FUNCTION n_tau(v (mV)) (ms) {
    LOCAL b
    b = barrier(v)
    n_tau = exp(0.7*b)/(a0*(1 + exp(b)))
    if (n_tau < tau_n_min) { n_tau = tau_n_min }
}
