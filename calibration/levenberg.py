"""Prototype fit: python fit.py START.json OUT.json MODE [generations]"""
import sys,json,time,numpy as np,os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from ca1ltd.model import parameters
from calibration import targets as T
DRIVE=os.environ.get('DRIVE','/tmp/chem/drive0.npz'); K=int(os.environ.get('K','12'))
# published low, high (uM, s as in the mod files' units); fitted within a factor of 3 of it
P={
"ca1cam.cam_total":(.01,.1),"ca1cam.k_c":(.0003,.002),"ca1cam.k_n":(.004,.012),"ca1cam.koff_c":(6,10),"ca1cam.neurogranin":(.02,.08),
"ca1cam.can_total":(.001,.02),"ca1cam.kon_can":(17,46),"ca1cam.koff_can":(.02,1),
"ca1cam.kon_camkii":(10,100),"ca1cam.koff_camkii":(.3,2.5),
"ca1camkii.k_auto":(.5,12),"ca1camkii.k_pp2":(.1,.3),"ca1camkii.k_inhibitory":(.005,.1),"ca1camkii.k_305":(.005,.1),
"ca1pka.gain":(1,20),"ca1pka.k_cam":(1e-4,3e-2),"ca1pka.tau":(1e4,6e4),"ca1pka.basal":(3e-5,3e-4),
"ca1i1.i1_total":(1e-3,3e-3),"ca1i1.pp1_total":(2e-4,3.5e-3),"ca1i1.k_pka":(.1,.4),"ca1i1.k_can":(.1,1),"ca1i1.k_pp2a":(1e-4,1e-2),
"ca1psd.k_open":(1e-3,1),"ca1psd.k_close":(2e-3,.1),"ca1psd.k_target":(1e-4,1),"ca1psd.k_retain":(1e-2,100),"ca1psd.hold_cam":(.001,1),
"ca1psd.k_loose":(2e-4,1e-3),"ca1psd.k_firm":(1e-3,3e-3),"ca1psd.k_pp1":(1e-4,.1),"ca1psd.k_evict":(1e-5,1e-2),
"ca1ampar.k845":(3e-3,3e-2),"ca1ampar.d845":(1e-3,3e-2),"ca1ampar.d845_can":(3e-4,3e-2),"ca1ampar.k831":(1e-6,1e-4),"ca1ampar.kinase_831":(1e-5,1e-2),"ca1ampar.d831":(1e-4,3e-3),"ca1ampar.pp2a_831":(5e-6,1e-3),
"ca1ampar.total":(80,250),"ca1ampar.slots_rest":(40,250),"ca1ampar.slots_camkii":(1,100),
"ca1ampar.k_anchor":(1e-4,.1),"ca1ampar.anchor_camkii":(1e-3,1),"ca1ampar.k_free":(2e-3,.1),"ca1ampar.free_pp1":(.5,60),
"ca1ampar.k_endo":(5e-4,2e-3),"ca1ampar.endo_can":(.1,2),"ca1ampar.endo_pp":(.1,5),"ca1ampar.k_exo":(3e-4,2e-3),"ca1ampar.exo_camkii":(.01,10),
}
FREE={"ca1psd","ca1ampar"}
names=list(P)
lo=np.array([np.log(v[0]/(1 if k.split('.')[0] in FREE else 2.9)) for k,v in P.items()])
hi=np.array([np.log(v[1]*(1 if k.split('.')[0] in FREE else 2.9)) for k,v in P.items()])
tab=parameters.table()
def start(given={}):
    x=np.log([given.get(k,tab[k].value) for k in names]); return np.clip(x,lo+1e-3,hi-1e-3)
def ch(x): return dict(zip(names,np.exp(x).tolist()))
dr=None
def load():
    global dr
    if dr is None:
        dr={}
        for n,t in np.load(DRIVE).items():
            o=np.argsort(t.mean(axis=(0,1))); c=o[((np.arange(K)+.5)*len(o)/K).astype(int)]; dr[n]=np.ascontiguousarray(t[:,:,c])
class Rec(dict):
    def __missing__(self,k): raise KeyError(k)
EXTRA=os.environ.get('EXTRA')
from calibration.targets import Target,_outcome,Clamp,Give,LFS,HFS,Rest
MORE=(
 Target("0.2 uM, 900 s",_outcome(Clamp(.2,900.)),.99,.04,"no LTD"),
 Target("10 uM, 0.5 s",_outcome(Clamp(10.,.5)),1.1,.08,"less than 3 s"),
 Target("1 uM, 60 s",_outcome(Clamp(1.0,60.)),.8,.08,"LTD before LTP"),
 Target("2 uM, 10 s",_outcome(Clamp(2.0,10.)),1.0,.12,"crossing"),
 Target("baseline over rest",lambda b: b.made(Give("pulse",320,15.)).conductance()/b._before,1.,.006,"stable"),
)
def targets():
    load()
    out=[]
    for t in T.TARGETS+MORE:
        if t.name in BAD: continue
        out.append(t)
    return out
BAD=set()
def find_bad():
    load()
    b=T.Bench(dr,ch(start()))
    for t in T.TARGETS+MORE:
        try: t.measured(b)
        except KeyError: BAD.add(t.name)
def value(x):
    load()
    b=T.Bench(dr,ch(x))
    got=[]
    for t in TS():
        v=t.measured(b); got.append(v if np.isfinite(v) else 5.)
    # resting balance: half of the surface mobile, a third in vesicles, stable conductance
    r=b._rest
    got=np.array(got)
    return got
_ts=None
def TS():
    global _ts
    if _ts is None:
        find_bad(); _ts=targets()
    return _ts
def rest_terms(x):
    b=T.Spines(1,ch(x)); a=b.get("anchored")[0]; d=b.get("diffusing")[0]; v=b.get("vesicles")[0]
    return np.array([np.log(d/a)/.6, np.log(v/(a+d)/.5)/.4, (b.get("s845")[0]-.6)/.15, np.log(max(b.get("open")[0],1e-9)/.01).clip(0)/1., np.log(max(b.get("psqi")[0],1e-12)/3e-6).clip(0)/1.])
def resid(x):
    got=value(x)
    m=np.array([(g-t.value)/t.allowed for g,t in zip(got,TS())])
    pr=.25*(x-.5*(lo+hi))/((hi-lo)/2)
    return np.concatenate([m,rest_terms(x),pr])
def soft(r):
    a=np.abs(r); return float(np.where(a<2,a**2,2*(2*a-2)).sum())
def cost(x): return soft(resid(x))
def report(x):
    got=value(x)
    for g,t in zip(got,TS()):
        z=(g-t.value)/t.allowed
        print(f"{t.name:32s} {g:7.3f}  {t.value:5.2f} +- {t.allowed:.3f} {'*'*min(int(abs(z)),9)}")
    print("rest", np.round(rest_terms(x),2), "cost", cost(x))
if __name__=="__main__":
    st=json.load(open(sys.argv[1])) if os.path.exists(sys.argv[1]) else {}
    x=start(st)
    t0=time.time(); c=cost(x); print("start",c,time.time()-t0,len(TS()),"targets; missing",BAD,flush=True)
    mode=sys.argv[3]; W=int(os.environ.get('W','2'))
    if mode=="report": report(x)
    elif mode=="cma":
        import cma
        es=cma.CMAEvolutionStrategy(x,float(os.environ.get('SIGMA','.4')),{"bounds":[lo.tolist(),hi.tolist()],"popsize":int(os.environ.get('POP','16')),"seed":int(os.environ.get('SEED','1')),"verbose":-9,"CMA_stds":((hi-lo)/4).tolist()})
        with ProcessPoolExecutor(W) as pool:
            for g in range(int(sys.argv[4])):
                xs=es.ask(); es.tell(xs,list(pool.map(cost,xs)))
                if g%10==0:
                    print(g,round(es.best.f,2),round(time.time()-t0),flush=True); json.dump(ch(np.array(es.best.x)),open(sys.argv[2],'w'))
        report(np.array(es.best.x)); json.dump(ch(np.array(es.best.x)),open(sys.argv[2],'w'))
    elif mode=="lm":
        with ProcessPoolExecutor(W) as pool:
            r=np.array(pool.submit(resid,x).result()); lam=1e-1*1.; best=soft(r)
            for it in range(int(sys.argv[4])):
                h=.03*np.where(x>(lo+hi)/2,-1,1)
                rs=list(pool.map(resid,[x+h[i]*np.eye(len(x))[i] for i in range(len(x))]))
                J=((np.array(rs)-r).T/h)
                ok=False
                for k in range(3):
                    tr=[]
                    w=np.where(np.abs(r)<2,1,2/np.maximum(np.abs(r),1e-9))
                    for f in (.1,1,10,100):
                        A=(J.T*w)@J+lam*f*np.eye(len(x)); 
                        # projected step within bounds
                        d=np.linalg.solve(A,-(J.T*w)@r)
                        d=np.clip(d,-.7,.7)
                        tr.append(np.clip(x+d,lo,hi))
                    rr=list(pool.map(resid,tr)); cs=[soft(q) for q in rr]; i=int(np.argmin(cs))
                    if cs[i]<best-1e-3:
                        lam=lam*(.1,1,10,100)[i]; lam=max(lam,1e-3); x,r,best=tr[i],rr[i],cs[i]; ok=True; break
                    lam*=100
                    if lam>1e6: break
                print(it,round(best,2),"lam",lam,round(time.time()-t0),flush=True); json.dump(ch(x),open(sys.argv[2],'w'))
                if not ok: break
        report(x)
