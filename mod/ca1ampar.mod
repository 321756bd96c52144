TITLE AMPA receptor trafficking in a spine

COMMENT
What: AMPA receptors (AMPARs) anchored at the postsynaptic density, diffusing on the surface, and
  in vesicles; phosphorylation of GluA1 at S845 and S831; the number of anchoring slots.
Equations (per receptor count; can, pp, pka, ck, pt concentrations; (x)+ = max(x, 0)):
  P = (1 - phosphatase_block)(ppi + psqi), A = (1 - phosphatase_block) pp2a
  s845' = k845 pkai (1 - s845) - (d845 (A + P) + d845_can cani) s845
  s831' = k831 (cki + pti) (1 - s831) - d831 (A831 + P) s831
  slots' = (slots_rest (1 - slots_pp1 psqi (1 - phosphatase_block) + slots_camkii pski) - slots)/tau_slots
  anchored' = k_anchor diffusing (slots - anchored)+ - k_free anchored - k_crowd (anchored - slots)+
  vesicles' = endo diffusing - exo vesicles,  diffusing' = -anchored' - vesicles'
  endo = k_endo (1 + endo_can cani + endo_pp P),   exo = k_exo (1 + s845)
  ampari = (anchored + s831_gain s831 anchored) * 1 nM: what the AMPA conductance follows.
States: s845, s831 (fractions), slots, anchored, diffusing, vesicles (receptors).
  anchored + diffusing + vesicles is constant.
Reference: Lee et al. 2000 (doi 10.1038/35016089) S845 and S831; Ehlers 2000
  (doi 10.1016/s0896-6273(00)00148-2) recycling in 10-30 min; Opazo, Sainlos & Choquet 2012
  (doi 10.1016/j.conb.2011.09.008) slots; Man et al. 2000 (doi 10.1016/s0896-6273(00)81067-3)
  regulated endocytosis. Rates fitted by calibration/cascade.py where said.
Departures: slots are a number, not molecules; 1 nM on the bus `ampar` stands for one receptor,
  an ion concentration being NEURON's only value shared within a segment.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1ampar
    USEION can READ cani VALENCE 0
    USEION pka READ pkai VALENCE 0
    USEION pp READ ppi VALENCE 0
    USEION ck READ cki VALENCE 0
    USEION pt READ pti VALENCE 0
    USEION psq READ psqi VALENCE 0
    USEION psk READ pski VALENCE 0
    USEION ampar WRITE ampari VALENCE 0
    RANGE total, slots_rest, slots_pp1, slots_camkii, tau_slots, s831_gain
    RANGE k845, d845, d845_can, pp2a, k831, d831, pp2a_831
    RANGE k_anchor, k_free, k_crowd, k_endo, endo_can, endo_pp, k_exo, phosphatase_block
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    total = 130 (1) <0, 1e5>             : AMPARs of one synapse, all pools
    slots_rest = 70 (1) <0, 1e5>         : anchoring slots at rest
    slots_pp1 = 2.46 (/uM) <0, 1e3>      : calibration/cascade.py
    slots_camkii = 0.0397 (/uM) <0, 1e3> : calibration/cascade.py
    tau_slots = 300 (s) <1, 1e6>         : the PSD remodels within minutes
    s831_gain = 0.3 (1) <0, 10>          : S831 raises unitary conductance, Derkach et al. 1999 (doi 10.1073/pnas.96.6.3269)
    k845 = 0.01 (/uM-s) <0, 1e3>         : with 0.1 uM PKA: 1e-3 /s
    d845 = 0.004 (/uM-s) <0, 1e3>        : PP1 and PP2A
    d845_can = 0.001 (/uM-s) <0, 1e3>    : calcineurin
    pp2a = 1.5e-4 (mM) <0, 1>            : basal phosphatase at S845
    k831 = 2.5e-4 (/uM-s) <0, 1e3>       : CaMKII
    d831 = 0.002 (/uM-s) <0, 1e3>        : PP1 and PP2A
    pp2a_831 = 2e-4 (mM) <0, 1>          : basal phosphatase at S831
    k_anchor = 4e-4 (/s) <0, 1e3>        : per free slot
    k_free = 4e-3 (/s) <0, 1e3>          : anchored receptors leave within minutes
    k_crowd = 0.02 (/s) <0, 1e3>         : those without a slot leave within a minute
    k_endo = 2.5e-3 (/s) <0, 1e3>        : Ehlers 2000
    endo_can = 0.375 (/uM) <0, 1e3>      : calcineurin speeds endocytosis, Beattie et al. 2000 (doi 10.1038/81823)
    endo_pp = 1 (/uM) <0, 1e3>           : phosphatases speed endocytosis
    k_exo = 8e-4 (/s) <0, 1e3>           : 10-30 min recycling
    phosphatase_block = 0 (1) <0, 1>     : fraction of PP1 and PP2A inhibited, set by the drug
}

CONSTANT {
    one_receptor = 1e-6 (mM)             : one receptor on the bus
}

ASSIGNED {
    cani (mM)
    pkai (mM)
    ppi (mM)
    cki (mM)
    pti (mM)
    psqi (mM)
    pski (mM)
    ampari (mM)
    p (mM)
    on845 (/ms)
    on831 (/ms)
}

STATE {
    s845 (1) <1>
    s831 (1) <1>
    slots (1) <10>
    anchored (1) <10>
    diffusing (1) <10>
    vesicles (1) <10>
}

INITIAL {
    s845 = 0.6
    s831 = 0
    slots = slots_rest
    anchored = 0.4*total
    diffusing = 0.2*total
    vesicles = total - anchored - diffusing
    ampari = one_receptor*anchored*(1 + s831_gain*s831)
}

BREAKPOINT {
    SOLVE traffic METHOD sparse
}

KINETIC traffic {
    p = (1 - phosphatase_block)*(ppi + psqi)
    on845 = k845*pkai
    on831 = k831*(cki + pti)
    ~ s845 << (on845)
    ~ s845 -> (on845 + d845*((1 - phosphatase_block)*pp2a + p) + d845_can*cani)
    ~ s831 << (on831)
    ~ s831 -> (on831 + d831*((1 - phosphatase_block)*pp2a_831 + p))
    ~ slots << ((0.001)*slots_rest*(1 - (1000)*slots_pp1*(1 - phosphatase_block)*psqi + (1000)*slots_camkii*pski)/tau_slots)
    ~ slots -> ((0.001)/tau_slots)
    ~ diffusing <-> anchored ((0.001)*k_anchor*positive(slots - anchored), (0.001)*(k_free + k_crowd*positive(1 - slots/anchored)))
    ~ diffusing <-> vesicles ((0.001)*k_endo*(1 + (1000)*endo_can*cani + (1000)*endo_pp*p), (0.001)*k_exo*(1 + s845))
    CONSERVE anchored + diffusing + vesicles = total
    ampari = one_receptor*anchored*(1 + s831_gain*s831)
}

FUNCTION positive(x (1)) (1) {
    positive = 0
    if (x > 0) {
        positive = x
    }
}
