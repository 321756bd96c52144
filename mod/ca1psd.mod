TITLE Phosphatase and kinase held in the postsynaptic density

COMMENT
What: the memory of the cascade. Calcineurin that AKAP79/150 anchors opens sites in the postsynaptic
  density (PSD) at which free PP1 is held. CaMKII is held there by GluN2B while it is active, at
  first loosely, where PP1 sets it free again; what is left consolidates. Active CaMKII drives PP1 out.
Equations, with Q = (1 - phosphatase_block) pp the PP1 that is not inhibited:
  open' = k_open (1 - can_released) can (1 - open) - k_close open
  psqi' = k_target open (1 - target_block) Q (pp1_sites - psqi) - (k_leave + k_evict cka) psqi
  hold = (pt + hold_cam ck)/pt_half
  loose' = k_retain hold^4 (camkii_sites - loose - firm)
           - (k_loose + k_pp1 (1 - phosphatase_block)(pp + psqi) + k_firm) loose
  firm' = k_firm loose - k_leave firm
  pski = loose + firm
States: open (fraction of sites), psqi (PP1 in the PSD, on the bus `psq`), loose and firm (CaMKII in
  the PSD; their sum on the bus `psk`) (mM).
Reference: Morishita et al. 2001 (doi 10.1016/s0896-6273(01)00554-2): PP1 must be targeted to
  synapses for LTD; Bayer et al. 2001 (doi 10.1038/35081080): GluN2B holds CaMKII while it has
  calmodulin, and after autophosphorylation without; Huang, Liang & Hsu 2001 (J Biol Chem 276:48108): PP1
  undoes LTP within minutes of it; Jurado, Biou & Malenka 2010 (doi 10.1038/nn.2601): LTD needs calcineurin
  that AKAP anchors. Rates fitted by calibration/cascade.py.
Departures: what calcineurin opens is not named; a holoenzyme is held by four of its subunits at once,
  hence the power; nobody has measured how long either stays.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1psd
    USEION can READ cani VALENCE 0
    USEION pp READ ppi VALENCE 0
    USEION ck READ cki VALENCE 0
    USEION pt READ pti VALENCE 0
    USEION cka READ ckai VALENCE 0
    USEION psq WRITE psqi VALENCE 0
    USEION psk WRITE pski VALENCE 0
    RANGE pp1_sites, camkii_sites, k_open, k_close, k_target, k_retain, pt_half, hold_cam, k_leave
    RANGE k_loose, k_firm, k_pp1, k_evict, phosphatase_block, target_block, can_released
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    pp1_sites = 3e-4 (mM) <1e-9, 1>    : assumed: 0.3 uM of PP1 when all sites are taken
    camkii_sites = 0.01 (mM) <1e-9, 1> : assumed: 10 uM of CaMKII subunits when all sites are taken
    k_open = 0.0156 (/uM-s) <0, 1e3>   : calibration/cascade.py
    k_close = 0.001 (/s) <0, 1e3>      : calibration/cascade.py
    k_target = 0.00265 (/uM-s) <0, 1e3> : calibration/cascade.py
    k_retain = 40.3 (/s) <0, 1e3>      : calibration/cascade.py; when half of all subunits are phosphorylated
    pt_half = 0.02 (mM) <1e-9, 1>      : assumed: half of all subunits
    hold_cam = 0.888 (1) <0, 10>       : calibration/cascade.py; how well calmodulin alone holds
    k_leave = 3e-5 (/s) <0, 1e3>       : assumed: nine hours, LTD and LTP outlast the experiment
    k_loose = 0.0012 (/s) <0, 1e3>     : calibration/cascade.py
    k_firm = 0.000379 (/s) <0, 1e3>    : published 5.6e-4-5.6e-3: between 3 min and half an hour after LTP it cannot be undone; calibration/cascade.py
    k_pp1 = 0.00393 (/uM-s) <0, 1e3>   : calibration/cascade.py
    k_evict = 0.000413 (/uM-s) <0, 1e3> : calibration/cascade.py
    phosphatase_block = 0 (1) <0, 1>   : fraction of PP1 inhibited, set by the drug
    can_released = 0 (1) <0, 1>        : fraction of calcineurin that its anchor has let go, set by the genotype
    target_block = 0 (1) <0, 1>        : fraction of PP1 that cannot be anchored, set by the drug
}

ASSIGNED {
    cani (mM)
    ppi (mM)
    cki (mM)
    pti (mM)
    ckai (mM)
    pski (mM)
    target (/ms)
    retain (/ms)
    hold (1)
}

STATE {
    open (1) <1e-2>
    psqi (mM)
    loose (mM) <1e-3>
    firm (mM) <1e-3>
}

INITIAL {
    open = 0
    psqi = 0
    loose = 0
    firm = 0
    pski = 0
}

BREAKPOINT {
    SOLVE retention METHOD sparse
}

KINETIC retention {
    target = k_target*open*(1 - target_block)*(1 - phosphatase_block)*ppi
    hold = (pti + hold_cam*cki)/pt_half
    retain = (0.001)*k_retain*hold*hold*hold*hold
    ~ open << (k_open*(1 - can_released)*cani)
    ~ open -> (k_open*(1 - can_released)*cani + (0.001)*k_close)
    ~ psqi << (target*pp1_sites)
    ~ psqi -> (target + (0.001)*k_leave + k_evict*ckai)
    ~ loose << (retain*(camkii_sites - firm))
    ~ loose -> (retain + (0.001)*k_loose + k_pp1*(1 - phosphatase_block)*(ppi + psqi))
    ~ loose <-> firm ((0.001)*k_firm, 0 (/ms))
    ~ firm -> ((0.001)*k_leave)
    pski = loose + firm
}
