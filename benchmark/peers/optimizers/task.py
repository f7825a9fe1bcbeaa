"""One run of a benchmark task, evaluated by hyperego itself over JSON lines (docs/benchmark-suites.md)."""

import json
import subprocess


class Task:
    def __init__(self, program, suite, task, label, seed, out):
        command = [program, "benchmark", suite, "--serve", label, "--tasks", task, "--seeds", str(seed), "--out", out]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        greeting = self._read()
        self.space = greeting["space"]
        self.names = [objective["name"] for objective in greeting["objectives"]]
        self._signs = [-1.0 if objective["direction"] == "maximize" else 1.0 for objective in greeting["objectives"]]
        self.trials = greeting["trials"]
        self.initial = greeting["initial"]
        self.seed = seed
        self.done = 0

    def _read(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("hyperego has ended (see its message)")
        return json.loads(line)

    def evaluate(self, configuration):
        """Minimised objectives, or None for a trial that failed. Beyond the budget nothing is evaluated."""
        if self.done == self.trials:
            return None
        self._process.stdin.write(json.dumps({"configuration": configuration}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        self.done += 1
        if "failed" in answer:
            return None
        return [sign * value for sign, value in zip(self._signs, answer["objectives"])]

    def finish(self):
        """Waits until the run is kept; False where the budget was not spent."""
        self._process.stdin.close()
        return self._process.wait() == 0
