import mlflow, random, os, math
mlflow.set_tracking_uri("sqlite:///mlflow.db")
random.seed(1)
for i in range(10):
    with mlflow.start_run():
        lr=10**random.uniform(-4,0); opt=random.choice(["adam","sgd"])
        mlflow.log_params({"lr":lr,"optimizer":opt,"depth":random.randint(1,9)})
        if i!=4: mlflow.log_metrics({"val_error":.1+.05*(math.log10(lr)+2.5)**2,"train_error":.01})
        if i==4: mlflow.end_run("FAILED")
mlflow.search_runs().to_csv("mlflow.csv", index=False)
