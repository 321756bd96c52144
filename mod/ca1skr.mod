TITLE SK channels of a spine head in the nanodomain of its R-type calcium channels

COMMENT
What
    SK channels that the calcium next to open CaV2.3 channels opens, and no other: in spine heads of CA1 calcium of
    CaV2.3 opens them and calcium of NMDA receptors does not. They cut the EPSP short, and with it what NMDA receptors
    let in (Ngo-Anh et al. 2005, doi:10.1038/nn1449; Bloodgood & Sabatini 2007, doi:10.1016/j.neuron.2006.12.017).

Equations
    ik = (1 - block) gbar z (v - ek)         z' = (z_inf - z)/tau_z
    near = cari (-ghk(v, cai, cao)): the driving force times the open part of CaV2.3, which ca1car tells on the bus
    `car`; to it calcium in the nanodomain is proportional
    x = (near/near_half)^4                   z_inf = x/(1+x)
    tau_z = max(0.5, 1/(0.03 (1+x) q))     q = 3^((celsius - 22)/10)

States
    z: open fraction (1), from its steady state at the initial voltage.

Reference
    Gates of SK channels as ca1sk, without the third power, which none of their recordings asks for: Migliore et al.
    2018, doi:10.1371/journal.pcbi.1006423; they close with some 30 ms at room temperature and open with some 6 ms in
    10 uM: Hirschberg et al. 1998, doi:10.1085/jgp.111.4.565 (recollected). The nanodomain: Griffith, Tsaneva-Atanasova
    & Mellor 2016, doi:10.1371/journal.pcbi.1004949, resolve it in space.

Departures
    The nanodomain follows the mean of its channels, not each opening.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1skr
    USEION car READ cari VALENCE 0
    USEION ca READ cai, cao
    USEION k READ ek WRITE ik
    RANGE gbar, block, near_half, g, rt_2f, q
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
    gbar = 0.03 (S/cm2) <0, 10>        : calibration/spine.py
    block = 0 (1) <0, 1>                : fraction blocked, set by the drug
    near_half = 0.1 (mV) <1e-6, 1e3>   : half opens them: calibration/spine.py
    q10 = 3 (1) <1, 10>                 : of z, from 22 degC (Migliore 2018)
}

CONSTANT {
    all = 1 (mM) : the bus where all calcium channels are open
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cari (mM)
    cai (mM)
    cao (mM)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    rt_2f (mV)                          : R T/(2 F)
    q (1)                               : factor on rates at this temperature
}

STATE { z }

INITIAL {
    rt_2f = thermal()
    q = q10^((celsius - 22 (degC))/10 (degC))
    z = z_inf(near(v))
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*z
    ik = g*(v - ek)
}

DERIVATIVE gates {
    z' = (z_inf(near(v)) - z)/z_tau(near(v))
}

INCLUDE "ghk.inc"

FUNCTION near(v (mV)) (mV) {
    near = -cari/all*ghk(v, cai, cao)
}

: (near/near_half)^4, of calcium that flows in
FUNCTION drive(near (mV)) (1) {
    drive = 0
    if (near > 0) {
        drive = (near/near_half)*(near/near_half)*(near/near_half)*(near/near_half)
    }
}

FUNCTION z_inf(near (mV)) (1) {
    z_inf = drive(near)/(1 + drive(near))
}

FUNCTION z_tau(near (mV)) (ms) {
    z_tau = 1/(0.03 (/ms) * (1 + drive(near))*q)
    if (z_tau < 0.5 (ms)) { z_tau = 0.5 (ms) }
}
