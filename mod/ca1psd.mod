TITLE Phosphatase and kinase held in the postsynaptic density

COMMENT
What: the memory of the cascade. Free PP1 is targeted to the postsynaptic density (PSD) and
  active CaMKII is retained there, be it phosphorylated at T286 or, less well, by calmodulin alone.
  While active, CaMKII drives out PP1, and calcineurin CaMKII.
Equations, hill(c, h) = c^4/(c^4 + h^4):
  psqi' = k_target hill((1 - target_block) ppi, pp1_half) (pp1_sites - psqi)
          - (k_leave + k_evict pti) psqi
  pski' = k_retain hill(pti + hold_cam cki, pt_half) (camkii_sites - pski)
          - (k_leave + k_expel cani) pski
States: psqi (PP1 in the PSD) and pski (CaMKII in the PSD) (mM), on buses `psq` and `psk`.
Reference: Morishita et al. 2001 (doi 10.1016/s0896-6273(01)00554-2): PP1 must be targeted to
  synapses for LTD; Bayer et al. 2001 (doi 10.1038/35081080): GluN2B holds CaMKII while it has
  calmodulin, and after autophosphorylation without; Goodell et al. 2017
  (doi 10.1016/j.celrep.2017.05.068): calcineurin activates DAPK1, which takes CaMKII's place at
  GluN2B in LTD. Rates fitted by calibration/cascade.py. Several subunits of a holoenzyme hold
  together: Hill 4, assumed.
Departures: a phenomenological competition; the binding partners are not states. A peptide that takes
  the anchors' place on PP1 (`target_block`) leaves its activity as it is.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1psd
    USEION can READ cani VALENCE 0
    USEION pp READ ppi VALENCE 0
    USEION ck READ cki VALENCE 0
    USEION pt READ pti VALENCE 0
    USEION psq WRITE psqi VALENCE 0
    USEION psk WRITE pski VALENCE 0
    RANGE pp1_sites, camkii_sites, k_target, pp1_half, k_retain, pt_half, hold_cam, k_leave
    RANGE k_evict, k_expel, phosphatase_block, target_block
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    pp1_sites = 3e-4 (mM) <1e-9, 1>     : 0.3 uM of PP1 activity when all sites are taken
    camkii_sites = 0.01 (mM) <1e-9, 1>  : 10 uM of CaMKII subunits when all sites are taken
    k_target = 0.0287 (/s) <0, 1e3>     : calibration/cascade.py
    pp1_half = 8.39e-05 (mM) <1e-9, 1>  : calibration/cascade.py
    k_retain = 8.15 (/s) <0, 1e3>       : calibration/cascade.py
    pt_half = 0.00546 (mM) <1e-9, 1>    : calibration/cascade.py
    hold_cam = 0.00843 (1) <0, 10>      : calibration/cascade.py; how well calmodulin alone holds
    k_leave = 3e-5 (/s) <0, 1e3>        : nine hours: LTD and LTP outlast the experiment
    k_evict = 0.000421 (/uM-s) <0, 1e3> : calibration/cascade.py
    k_expel = 0.00185 (/uM-s) <0, 1e3>  : calibration/cascade.py
    phosphatase_block = 0 (1) <0, 1>    : fraction of PP1 inhibited, set by the drug
    target_block = 0 (1) <0, 1>         : fraction of PP1 that cannot be anchored, set by the drug
}

ASSIGNED {
    cani (mM)
    ppi (mM)
    cki (mM)
    pti (mM)
    target (/ms)
    retain (/ms)
}

STATE {
    psqi (mM)
    pski (mM)
}

INITIAL {
    psqi = 0
    pski = 0
}

BREAKPOINT {
    SOLVE retention METHOD sparse
}

KINETIC retention {
    target = (0.001)*k_target*hill((1 - target_block)*(1 - phosphatase_block)*ppi, pp1_half)
    retain = (0.001)*k_retain*hill(pti + hold_cam*cki, pt_half)
    ~ psqi << (target*pp1_sites)
    ~ psqi -> (target + (0.001)*k_leave + k_evict*pti)
    ~ pski << (retain*camkii_sites)
    ~ pski -> (retain + (0.001)*k_leave + k_expel*cani)
}

FUNCTION hill(c (mM), half (mM)) {
    LOCAL x
    x = c/half
    hill = x*x*x*x/(1 + x*x*x*x)
}
