import math, json, shutil, sys
from ConfigSpace import ConfigurationSpace, Float, Integer, Categorical, EqualsCondition
from smac import RandomFacade as F, Scenario
from smac.main.config_selector import ConfigSelector
cs = ConfigurationSpace(seed=1)
lr=Float("lr",(1e-4,1.0),log=True); units=Integer("units",(4,128),log=True); opt=Categorical("optimizer",["adam","sgd"]); nest=Categorical("nesterov",[True,False]); mom=Float("momentum",(0,.99))
cs.add([lr,units,opt,nest,mom]); cs.add(EqualsCondition(mom,opt,"sgd"))
n=0
def f(config, seed=0):
    global n; n+=1
    if n==4: raise RuntimeError("boom")
    c=dict(config)
    return .1+.05*(math.log10(c["lr"])+2.5)**2+.1*(c.get("momentum",.5)-.5)**2+(.1 if c["optimizer"]=="sgd" else 0)
def g(config, seed=0):
    e=f(config,seed); return {"error":e,"size":config["units"]*.01}
for name,fn,obj in (("single",f,"cost"),("multi",g,["error","size"])):
    n=0
    s=Scenario(cs,n_trials=18,objectives=obj,deterministic=True,output_directory="smac3_output",name=name,seed=0)
    fac=F(s,fn,overwrite=True,logging_level=40,**({"multi_objective_algorithm":F.get_multi_objective_algorithm(s)} if name=="multi" else {}))
    fac.optimize()
