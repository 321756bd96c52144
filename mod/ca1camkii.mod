TITLE CaMKII with T286 autophosphorylation

COMMENT
What: CaMKII subunits that hold calmodulin (active while it lasts) and subunits phosphorylated at
  T286 (active without calmodulin until a phosphatase comes).
Equations, with free = total - cki - pti:
  cki' = kon cami free - koff cki - k_auto cki (cki + pti)/total
  pti' = k_auto cki (cki + pti)/total - (k_pp2c + k_pp2a + k_pp1 ppi)(pti - t286d total)
States: cki (calmodulin-bound, not phosphorylated), pti (pT286) (mM), on buses `ck` and `pt`.
Reference: autophosphorylation between neighbouring subunits, Hanson et al. 1994
  (doi 10.1016/0896-6273(94)90306-9); dephosphorylation by PP1 and PP2A, Strack et al. 1997
  (doi 10.1074/jbc.272.21.13467), and by PP2C, Fukunaga et al. 1993; rates fitted by calibration/cascade.py.
Departures: subunits, not holoenzymes; no T305/306; KN-62 (`block`) hinders calmodulin binding
  and autophosphorylation alike; a mutant's subunits with aspartate in place of T286 (`t286d`) count
  as phosphorylated, and no phosphatase reaches them.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1camkii
    USEION cam READ cami VALENCE 0
    USEION pp READ ppi VALENCE 0
    USEION ck WRITE cki VALENCE 0
    USEION pt WRITE pti VALENCE 0
    RANGE camkii_total, kon, koff, k_auto, k_pp2c, k_pp2a, k_pp1, t286d, block, phosphatase_block, pp2a_block
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    camkii_total = 0.04 (mM) <1e-9, 1> : 40 uM subunits; models use 20-70 uM
    kon = 95.1 (/uM-s) <0, 1e3>        : calibration/cascade.py
    koff = 6.08 (/s) <0, 1e3>          : calibration/cascade.py; about a second in dilute solution
    k_auto = 0.364 (/s) <0, 1e3>       : calibration/cascade.py
    k_pp2c = 4.48 (/s) <0, 1e3>        : calibration/cascade.py; not sensitive to okadaic acid, Fukunaga et al. 1993
    k_pp2a = 0.0456 (/s) <0, 1e3>      : calibration/cascade.py; soluble CaMKII, Strack et al. 1997
    k_pp1 = 2.11 (/uM-s) <0, 1e3>      : calibration/cascade.py
    t286d = 0 (1) <0, 0.5>             : fraction of subunits with aspartate at 286, set by the genotype
    block = 0 (1) <0, 1>               : fraction inhibited, set by the drug
    phosphatase_block = 0 (1) <0, 1>   : fraction of PP1 inhibited, set by the drug
    pp2a_block = 0 (1) <0, 1>          : fraction of PP2A inhibited, set by the drug
}

ASSIGNED {
    cami (mM)
    ppi (mM)
    on (/ms)
    auto_rate (/ms)
    off (/ms)
}

STATE {
    cki (mM)
    pti (mM)
}

INITIAL {
    cki = camkii_total*kon*cami/(kon*cami + (0.001)*koff)
    pti = t286d*camkii_total
}

BREAKPOINT {
    SOLVE activation METHOD sparse
}

KINETIC activation {
    on = (1 - block)*kon*cami
    auto_rate = autophosphorylation(cki + pti)
    off = (0.001)*k_pp2c + (0.001)*k_pp2a*(1 - pp2a_block) + k_pp1*ppi*(1 - phosphatase_block)
    ~ cki << (on*(camkii_total - pti))
    ~ cki -> (on + (0.001)*koff)
    ~ cki <-> pti (auto_rate, 0 (/ms))
    ~ pti -> (off)
    ~ pti << (off*t286d*camkii_total)
}

: of a subunit that holds calmodulin, by its neighbours that are active
FUNCTION autophosphorylation(active (mM)) (/ms) {
    autophosphorylation = (0.001)*(1 - block)*k_auto*active/camkii_total
}
