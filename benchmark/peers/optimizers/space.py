"""Spaces in ConfigSpace's JSON for programs that know nothing of it."""


def _holds(condition, values):
    kind = condition["type"]
    if kind in ("AND", "OR"):
        parts = [_holds(part, values) for part in condition["conditions"]]
        return all(parts) if kind == "AND" else any(parts)
    if condition["parent"] not in values:
        return False
    value = values[condition["parent"]]
    if kind == "EQ":
        return value == condition["value"]
    if kind == "NEQ":
        return value != condition["value"]
    if kind == "IN":
        return value in condition["values"]
    return value < condition["value"] if kind == "LT" else value > condition["value"]


class Space:
    """`walk(choose)` visits parents before children and calls choose(hyperparameter) for those that are active."""

    def __init__(self, json):
        self.hyperparameters = {h["name"]: h for h in json["hyperparameters"]}
        self._conditions = {}
        for condition in json.get("conditions", []):
            self._conditions.setdefault(condition["child"], []).append(condition)

    def _parents(self, condition):
        if "conditions" in condition:
            return [p for part in condition["conditions"] for p in self._parents(part)]
        return [condition["parent"]]

    def walk(self, choose):
        values = {}
        waiting = list(self.hyperparameters)
        while waiting:
            name = waiting.pop(0)
            conditions = self._conditions.get(name, [])
            if any(parent in waiting for condition in conditions for parent in self._parents(condition)):
                waiting.append(name)
                continue
            if all(_holds(condition, values) for condition in conditions):
                hyperparameter = self.hyperparameters[name]
                values[name] = hyperparameter["value"] if hyperparameter["type"] == "constant" else choose(hyperparameter)
        return values


def choices(hyperparameter):
    """The values of a categorical or ordinal hyperparameter, nothing for numbers."""
    return hyperparameter.get("choices", hyperparameter.get("sequence"))
