TITLE A-type potassium current of CA1 pyramidal cells

COMMENT
What
    KA: the fast inactivating potassium current whose density rises along the apical dendrite. One mechanism
    for both published forms: the defaults are the proximal one (path distance <= 100 um), the distal form is
    set by its RANGE parameters: z0 1.8, vhalf -1 mV, gm 0.39, a0 0.1 /ms, tau_n_min 0.2 ms.

Equations
    ik = (1 - block) gbar n l (v - ek)    x' = (x_inf(v) - x)/tau_x(v) for x = n, l
    k = F/(R T)               q = 5^((celsius - 24)/10)
    zeta = -(z0 + 1/(1+exp((v+40)/5)))      e = exp(zeta k (v-vhalf))
    n_inf = 1/(1+e)           tau_n = max(tau_n_min, exp(gm zeta k (v-vhalf))/(q a0 (1+e)))
    l_inf = 1/(1+exp(3 k (v+56)))           tau_l = max(2, 0.26 (v+50))

States
    n, l: open fractions (1), from their steady states at the initial voltage.

Reference
    Hoffman, Magee, Colbert & Johnston 1997, doi:10.1038/43119; kinetics of Migliore, Hoffman, Magee & Johnston
    1999, doi:10.1023/A:1008906225285.

Departures
    None. Only tau_n above its floor carries the Q10 (5, from 24 degC).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1ka
    USEION k READ ek WRITE ik
    RANGE gbar, block, z0, vhalf, gm, a0, tau_n_min, g, q
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
    z0 = 1.5 (1) <0, 10>         : gating charge far above -40 mV
    vhalf = 11 (mV) <-100, 100>  : half activation
    gm = 0.55 (1) <0, 1>         : asymmetry of the activation barrier
    a0 = 0.05 (/ms) <1e-3, 10>   : activation rate
    tau_n_min = 0.1 (ms) <0, 10> : floor of tau_n
    q10 = 5 (1) <1, 10>          : of n, from 24 degC (Migliore 1999)
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
    q = q10^((celsius - 24 (degC))/10 (degC))
    n = n_inf(v)
    l = l_inf(v)
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*n*l
    ik = g*(v - ek)
}

DERIVATIVE gates {
    n' = (n_inf(v) - n)/n_tau(v)
    l' = (l_inf(v) - l)/l_tau(v)
}

: F/(R T)
FUNCTION k_t() (/mV) {
    k_t = (0.001)*FARADAY/(R*(celsius + 273.15 (degC)))
}

: zeta k (v-vhalf)
FUNCTION barrier(v (mV)) (1) {
    barrier = -(z0 + extra_charge(v))*k_t()*(v - vhalf)
}

FUNCTION extra_charge(v (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    extra_charge = 1/(1 + exp((v + 40 (mV))/5 (mV)))
}

FUNCTION open(b (1)) (1) {
    TABLE FROM -40 TO 40 WITH 8000
    open = 1/(1 + exp(b))
}

FUNCTION n_inf(v (mV)) (1) {
    n_inf = open(barrier(v))
}

FUNCTION n_tau(v (mV)) (ms) {
    LOCAL b
    b = barrier(v)
    n_tau = exp(gm*b)*open(b)/(q*a0)
    if (n_tau < tau_n_min) { n_tau = tau_n_min }
}

FUNCTION l_inf(v (mV)) (1) {
    TABLE DEPEND celsius FROM -150 TO 150 WITH 6000
    l_inf = 1/(1 + exp(3*k_t()*(v + 56 (mV))))
}

FUNCTION l_tau(v (mV)) (ms) {
    l_tau = 0.26 (ms/mV) * (v + 50 (mV))
    if (l_tau < 2 (ms)) { l_tau = 2 (ms) }
}
