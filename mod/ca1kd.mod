TITLE D-type potassium current of CA1 pyramidal cells

COMMENT
What
    KD: the potassium current of Kv1 channels, which opens and closes fast and inactivates slowly and in part.
    With KA it repolarises the spike.

Equations
    ik = (1 - block) gbar n^4 l (v - ek)    x' = (x_inf(v) - x)/tau_x(v) for x = n, l
    u = (v - vhalf)/10.3 + 1.665            q = 3^((celsius - 22)/10)
    n_inf = 1/(1+exp(-u))                   tau_n = tau_n_max/(q cosh(u/2))
    l_inf = l_min + (1 - l_min)/(1+exp((v+75)/8))           tau_l = 1000/q

States
    n, l: open fractions (1), from their steady states at the initial voltage.

Reference
    Fast, slowly and incompletely inactivating, as large as KA during a spike: Mitterdorfer & Bean 2002,
    doi:10.1523/JNEUROSCI.22-23-10106.2002, in CA3, and Martina, Schultz, Ehmke, Monyer & Jonas 1998,
    doi:10.1523/JNEUROSCI.18-20-08111.1998, in CA1. Half activation and slope of Kv1.1: -28.8 +- 2.3 and 8.1 mV
    (Zerr, Adelman & Maylie 1998, J Neurosci 18:2842).

Departures
    Four gates, as in Akemann & Knopfel 2006, doi:10.1523/JNEUROSCI.5204-05.2006: the foot of the activation curve is
    steeper than its middle, whose slope is that of Zerr et al. Opening and closing of a gate have the same barrier in
    the middle of the membrane. Inactivation is ours within what is said above.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1kd
    USEION k READ ek WRITE ik
    RANGE gbar, block, vhalf, tau_n_max, l_min, g, q
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10>     : maximal conductance
    block = 0 (1) <0, 1>         : fraction blocked, set by the drug
    vhalf = -25 (mV) <-100, 100> : half activation, of all four gates
    tau_n_max = 8 (ms) <0.1, 100> : longest time constant of n, at 22 degC
    l_min = 0.3 (1) <0, 1>     : fraction that does not inactivate
    q10 = 3 (1) <1, 10>          : of n and l, from 22 degC
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    q (1)                               : factor on rates at this temperature
}

STATE { n l }

INITIAL {
    q = q10^((celsius - 22 (degC))/10 (degC))
    n = n_inf(v)
    l = l_inf(v)
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*n*n*n*n*l
    ik = g*(v - ek)
}

DERIVATIVE gates {
    n' = (n_inf(v) - n)/n_tau(v)
    l' = (l_inf(v) - l)/l_tau()
}

: potential in slopes of a gate, from where it is half open: four of them are so at vhalf
FUNCTION slopes(v (mV)) (1) {
    slopes = (v - vhalf)/10.3 (mV) + 1.665
}

FUNCTION n_inf(v (mV)) (1) {
    n_inf = 1/(1 + exp(-slopes(v)))
}

FUNCTION n_tau(v (mV)) (ms) {
    n_tau = 2*tau_n_max/(q*(exp(slopes(v)/2) + exp(-slopes(v)/2)))
}

FUNCTION l_inf(v (mV)) (1) {
    l_inf = l_min + (1 - l_min)/(1 + exp((v + 75 (mV))/8 (mV)))
}

FUNCTION l_tau() (ms) {
    l_tau = 1000 (ms)/q
}
