TITLE Inhibitor-1 and protein phosphatase 1

COMMENT
What: phosphorylated inhibitor-1 holds protein phosphatase 1 (PP1), and so does thiophosphorylated
  inhibitor-1 from a pipette, for which no phosphatase has a use. PKA phosphorylates it,
  calcineurin dephosphorylates it, bound or free, which sets PP1 free: the switch of LTD.
Equations (mass action):
  i1 -> i1p (PKA),  i1p -> i1 (calcineurin, PP2A),  i1p + pp1 <-> i1pp1,
  i1pp1 -> i1 + pp1 (calcineurin, PP2A),  thio + pp1 <-> thiopp1, thio being constant
States: i1, i1p, i1pp1, thiopp1, and free PP1 ppi (mM) on the bus `pp`.
  i1 + i1p + i1pp1 and ppi + i1pp1 + thiopp1 are constant.
Reference: Mulkey et al. 1994 (doi 10.1038/369486a0) for the pathway; Endo et al. 1996
  (doi 10.1021/bi952940f) for nanomolar binding. Ranges that are published are recollected where
  no paper is named; PKA on DARPP-32, which is alike, has 2.7 /s over 2.4 uM, Hemmings, Nairn &
  Greengard 1984 (J Biol Chem 259:14491).
Departures: phosphorylations are first order in the substrate (no Michaelis complexes).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1i1
    USEION can READ cani VALENCE 0
    USEION pka READ pkai VALENCE 0
    USEION pp WRITE ppi VALENCE 0
    RANGE i1_total, pp1_total, kon, koff, k_pka, k_can, k_pp2a, pp2a_block, thio
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    i1_total = 0.0087 (mM) <0, 1>    : published 1e-3-3e-3: inhibitor-1
    pp1_total = 0.00413 (mM) <0, 1>  : published 2e-4-3.5e-3: PP1
    kon = 1 (/uM-s) <0, 1e3>         : published 1: Endo et al. 1996
    koff = 1e-3 (/s) <0, 1e3>        : published 1e-3: Endo et al. 1996, 1 nM affinity
    k_pka = 0.0576 (/uM-s) <0, 1e3>  : published 0.1-0.4: kcat/Km; calibration/cascade.py
    k_can = 0.094 (/uM-s) <0, 1e3>   : published 0.1-1: kcat/Km; calibration/cascade.py
    k_pp2a = 2.51e-05 (/s) <0, 1e3>  : assumed: slow basal dephosphorylation by PP2A
    pp2a_block = 0 (1) <0, 1>        : fraction of PP2A inhibited, set by the drug
    thio = 0 (mM) <0, 10>            : thiophosphorylated inhibitor-1, set by the drug
}

ASSIGNED {
    cani (mM)
    pkai (mM)
    off (/ms)
}

STATE {
    i1 (mM) <1e-3>
    i1p (mM) <1e-3>
    i1pp1 (mM) <1e-3>
    thiopp1 (mM) <1e-3>
    ppi (mM)
}

INITIAL {
    LOCAL phosphorylated
    phosphorylated = i1_total*k_pka*pkai/(k_pka*pkai + dephosphorylation())
    i1pp1 = pp1_total
    if (phosphorylated < pp1_total) {
        i1pp1 = phosphorylated
    }
    i1p = phosphorylated - i1pp1
    i1 = i1_total - phosphorylated
    thiopp1 = 0
    ppi = pp1_total - i1pp1
}

BREAKPOINT {
    SOLVE switch METHOD sparse
}

KINETIC switch {
    off = dephosphorylation()
    ~ i1 <-> i1p (k_pka*pkai, off)
    ~ i1p + ppi <-> i1pp1 (kon, (0.001)*koff)
    ~ i1pp1 <-> i1 + ppi (off, 0 (/mM-ms))
    CONSERVE i1 + i1p + i1pp1 = i1_total
    ~ ppi <-> thiopp1 (kon*thio, (0.001)*koff)
    CONSERVE ppi + i1pp1 + thiopp1 = pp1_total
}

FUNCTION dephosphorylation() (/ms) {
    dephosphorylation = k_can*cani + (0.001)*k_pp2a*(1 - pp2a_block)
}
