import math, os
os.environ["RAY_AIR_NEW_OUTPUT"]="0"
import ray
from ray import tune
ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
def f(config):
    if 0.2 < config["dropout"] < .27: raise RuntimeError("boom")
    for i in range(2):
        tune.report({"error": .1+.05*(math.log10(config["lr"])+2.5)**2+.1*config["model"]["depth"]*.1 + .1*(1-i), "size": config["model"]["depth"]*1.5})
t = tune.Tuner(f, param_space={"lr": tune.loguniform(1e-4,1), "dropout": tune.uniform(0,.5), "optimizer": tune.choice(["adam","sgd"]), "model": {"depth": tune.randint(1,9)}},
  tune_config=tune.TuneConfig(num_samples=8, metric="error", mode="min"), run_config=tune.RunConfig(name="exp", storage_path=os.path.abspath("ray"), verbose=0))
r = t.fit()
r.get_dataframe().to_csv("ray.csv")
