"""Kinds of experiment by replay, for a look (draft): python -m calibration.kinds drive.npz PARAMETERS.json"""
import sys,json
from pathlib import Path
from calibration import cascade
from calibration.targets import *
from calibration.targets import _blocked
cascade.load(Path(sys.argv[1]),8); DR=cascade._DRIVE; p=json.load(open(sys.argv[2])); b=Bench(DR,p)
o=lambda *a,**k: round(b.outcome(*a,**k),2)
print("clamp 60 s:",[(c,o(Clamp(c,60.))) for c in (.2,.3,.4,.5,.7,1.,1.4,2.,3.,5.,10.)])
print("clamp 900 s:",[(c,o(Clamp(c,900.))) for c in (.12,.16,.2,.25,.3,.4)])
print("clamp 3 s:",[(c,o(Clamp(c,3.))) for c in (1.,2.,4.,10.)], "10 uM:",[(t,o(Clamp(10.,t))) for t in (.1,.25,.5,1.,3.)])
print("tetanus x gain:",[(g,o(Give("hfs",1,2.,g))) for g in (.2,.3,.4,.5,.6,.8,1.,1.3)])
print("4 tetani x gain 20s:",[(g,o(Give("hfs",4,20.,g))) for g in (.2,.3,.4,.5,.6,.8,1.)])
print("1Hz x gain:",[(g,o(Give("pulse",900,1.,g))) for g in (.6,.7,.8,.9,1.,1.1,1.25,1.5,2.)])
for w,t in (("3 min",180.),("10 min",600.),("60 min",3600.),("180 min",10800.)):
    print("1 Hz",w,"after LTP",o(HFS,Rest(t),LFS), "without",o(HFS,Rest(t+900.)))
PPo=_blocked(.98,"ca1psd.phosphatase_block","ca1ampar.phosphatase_block")
CAo=_blocked(.99,"ca1cam.can_block")
print("depot PP1 blocked",o(HFS,SOON,PPo[0],LFS,PPo[1]),"CaN blocked",o(HFS,SOON,CAo[0],LFS,CAo[1]))
print("half blocks in LFS: can",[o(_blocked(f,"ca1cam.can_block")[0],LFS) for f in (.25,.5,.75,.9)],"cam",[o(_blocked(f,"ca1cam.block")[0],LFS) for f in (.1,.25,.5)],"PP1",[o(_blocked(f,"ca1psd.phosphatase_block","ca1ampar.phosphatase_block")[0],LFS) for f in (.25,.5,.75,.9)])
print("half blocks in HFS: camkii",[o(_blocked(f,"ca1camkii.block","ca1cam.camkii_block")[0],HFS) for f in (.25,.5,.75,.9)],"cam",[o(_blocked(f,"ca1cam.block")[0],HFS) for f in (.1,.25,.5)])
r=lambda st,*s: round(b.ratio(st,*s),2)
print("S845: LTD",r("s845",LFS),"LTD+HFS",r("s845",LFS,LATER,HFS),"LTP",r("s845",HFS),"; S831: LTD",r("s831",LFS),"LTP",r("s831",HFS),"LTP+1Hz",r("s831",HFS,LATER,LFS))
S=Bench(DR,{**p,"ca1psd.camkii_sites":p.get("ca1psd.camkii_sites",.01)*.5}); print("half CaMKII sites HFS",round(S.outcome(HFS),2))
S=Bench(DR,{**p,"ca1camkii.k_auto":0.}); print("T286A HFS",round(S.outcome(HFS),2),"LFS",round(S.outcome(LFS),2))
S=Bench(DR,{**p,"ca1cam.camkii_total":.02}); print("het HFS",round(S.outcome(HFS),2),"LFS",round(S.outcome(LFS),2))
S=Bench(DR,{**p,"ca1ampar.pka_released":1.}); print("D36 HFS",round(S.outcome(HFS),2),"LFS",round(S.outcome(LFS),2))
S=Bench(DR,{**p,"ca1ampar.can_released":1.,"ca1psd.can_released":1.}); print("dPIX HFS",round(S.outcome(HFS),2),"LFS",round(S.outcome(LFS),2))
S=Bench(DR,{**p,"ca1i1.i1_total":1e-5}); print("I1-ko HFS",round(S.outcome(HFS),2),"LFS",round(S.outcome(LFS),2))
S=Bench(DR,{**p,"ca1camkii.t286d":.1}); print("T286D HFS",round(S.outcome(HFS),2),"LFS",round(S.outcome(LFS),2))
print("5 Hz 2min after LTP: 5,60 min",o(HFS,SOON,Give("5hz",4,30.),after=300.),o(HFS,SOON,Give("5hz",4,30.)))
print("basal PKA block",o(_blocked(.9,"ca1pka.block")[0],after=3300.), "forskolin", o(Drug((("ca1pka.cyclase",5.),)),Rest(600.),Drug((("ca1pka.cyclase",0.),)),after=3300.))
