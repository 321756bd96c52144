TITLE Calcium in a dendritic spine head, with its endogenous buffer, BAPTA and EGTA

COMMENT
What: free calcium of a well-mixed spine head. Calcium enters with ica, binds a fast
  low-affinity endogenous buffer and, when loaded, BAPTA or EGTA, and is pumped out, ever less well as
  it rises. Caged calcium holds it at a level.
Equations (mass action, J = -ica * 4/diam / (2 F), the head being a cylinder):
  cai' = J - pump (cai - cai_rest) - clamp_rate (cai - clamp_cai) - binding,
  pump = gamma (exchanger + (1 - exchanger)/(1 + (cai - cai_rest)/pump_half)),
  gamma = (1 + kappa)/tau_decay,
  kappa = buffer_total * buffer_kd / (buffer_kd + cai_rest)^2   (capacity at rest)
  buffer + ca <-> cabuffer,   bapta + ca <-> cabapta,   egta + ca <-> caegta
  BAPTA and EGTA exchange with a patch pipette that holds bapta_total and egta_total, in equilibrium
  with cai_rest so that they do not change rest: x' = (x_pipette - x)/tau_dialysis.
States: cai, buffer, cabuffer, bapta (free), cabapta, egta (free), caegta (all mM).
Reference: Sabatini, Oertner & Svoboda 2002 (doi 10.1016/s0896-6273(02)00573-1): capacity 24 +- 11,
  decay 12-20 ms. Pump: Scheuss et al. 2006 (doi 10.1523/jneurosci.1962-06.2006), extrusion from CA1
  spines slows as calcium accumulates. BAPTA: Tsien 1980 (doi 10.1021/bi00552a018); on-rate as used by
  Naraghi & Neher 1997 (doi 10.1523/jneurosci.17-18-06961.1997).
  EGTA: the same authors; its on-rate is 40 times lower.
Departures: one compartment (no diffusion into the neck); the pump slows at once, not within the half
  second over which it is seen to recover.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1spineca
    USEION ca READ ica WRITE cai
    RANGE cai_rest, tau_decay, pump_half, exchanger, buffer_total, buffer_kd, buffer_kon
    RANGE bapta_total, bapta_kon, bapta_kd, egta_total, egta_kon, egta_kd, tau_dialysis
    RANGE clamp_rate, clamp_cai, gamma, peak, surface
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (10000 coulomb)
}

PARAMETER {
    cai_rest = 6e-5 (mM) <0, 1e-2>     : Sabatini et al. 2002
    tau_decay = 15 (ms) <1e-3, 1e4>    : Sabatini et al. 2002, 12-20 ms without indicator
    pump_half = 0.002 (mM) <1e-6, 1e3> : above rest, where the ATPase works at half its rate: assumed; calibration/spine.py
    exchanger = 0.26 (1) <0, 1>        : of extrusion at rest, by exchange for sodium, which does not saturate: assumed; calibration/spine.py
    buffer_total = 0.311 (mM) <0, 1e2>   : gives a capacity of 31 with buffer_kd, of 24 +- 11, Sabatini et al. 2002; calibration/spine.py
    buffer_kd = 0.01 (mM) <1e-6, 1>    : low affinity, Maravall et al. 2000 (doi 10.1016/s0006-3495(00)76809-3)
    buffer_kon = 500 (/mM-ms) <0, 1e4> : 5e8 /M/s: the N lobe of calmodulin takes calcium up at 8e8, Faas et al. 2011 (doi 10.1038/nn.2746)
    bapta_total = 0 (mM) <0, 1e2>      : in the pipette; set by the drug
    bapta_kon = 400 (/mM-ms) <0, 1e4>  : 4e8 /M/s, Naraghi & Neher 1997
    bapta_kd = 2.2e-4 (mM) <1e-6, 1>   : Naraghi & Neher 1997
    egta_total = 0 (mM) <0, 1e2>       : in the pipette; set by the drug
    egta_kon = 10 (/mM-ms) <0, 1e4>    : 1e7 /M/s, Naraghi & Neher 1997
    egta_kd = 1.8e-4 (mM) <1e-6, 1>    : Naraghi & Neher 1997
    clamp_rate = 0 (/ms) <0, 1e3>      : of the calcium clamp; 0 is none
    clamp_cai = 0 (mM) <0, 1>          : where it holds calcium
    tau_dialysis = 2e4 (ms) <1, 1e7>   : tens of seconds to load a dendrite
}

ASSIGNED {
    ica (mA/cm2)
    diam (um)
    surface (/um)                        : area of the membrane over the volume that it encloses
    gamma (/ms)
    pump (/ms)
    peak (mM)                            : highest cai since the recorder last cleared it
}

STATE {
    cai (mM)
    buffer (mM) <1e-1>
    cabuffer (mM) <1e-2>
    bapta (mM) <1>
    cabapta (mM) <1>
    egta (mM) <1>
    caegta (mM) <1>
}

INITIAL {
    surface = 4/diam
    gamma = (1 + capacity(cai_rest))/tau_decay
    cai = cai_rest
    buffer = buffer_total*buffer_free(buffer_kd)
    cabuffer = buffer_total - buffer
    bapta = bapta_total*buffer_free(bapta_kd)
    cabapta = bapta_total - bapta
    egta = egta_total*buffer_free(egta_kd)
    caegta = egta_total - egta
    peak = cai
}

BREAKPOINT {
    SOLVE exchange METHOD sparse
}

AFTER SOLVE {
    if (cai > peak) {
        peak = cai
    }
}

KINETIC exchange {
    pump = gamma*(exchanger + (1 - exchanger)/(1 + (cai - cai_rest)/pump_half))
    ~ cai << (-ica*surface/(2*FARADAY) + pump*cai_rest + clamp_rate*clamp_cai)
    ~ cai -> (pump + clamp_rate)
    ~ cai + buffer <-> cabuffer (buffer_kon, buffer_kon*buffer_kd)
    ~ cai + bapta <-> cabapta (bapta_kon, bapta_kon*bapta_kd)
    ~ bapta << (bapta_total*buffer_free(bapta_kd)/tau_dialysis)
    ~ bapta -> (1/tau_dialysis)
    ~ cabapta << (bapta_total*(1 - buffer_free(bapta_kd))/tau_dialysis)
    ~ cabapta -> (1/tau_dialysis)
    ~ cai + egta <-> caegta (egta_kon, egta_kon*egta_kd)
    ~ egta << (egta_total*buffer_free(egta_kd)/tau_dialysis)
    ~ egta -> (1/tau_dialysis)
    ~ caegta << (egta_total*(1 - buffer_free(egta_kd))/tau_dialysis)
    ~ caegta -> (1/tau_dialysis)
    CONSERVE buffer + cabuffer = buffer_total
}

: fraction of a buffer without calcium, at rest
FUNCTION buffer_free(kd (mM)) {
    buffer_free = kd/(kd + cai_rest)
}

FUNCTION capacity(ca (mM)) {
    capacity = buffer_total*buffer_kd/(buffer_kd + ca)^2
}
