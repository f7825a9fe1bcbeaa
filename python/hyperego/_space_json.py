"""A space as Python says it, written as the ConfigSpace JSON that the core reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._labels import Labels, plain
from .domains import Categorical, Constant, Domain, Float, Integer, Ordinal, Prior

__all__ = ["domain_from_short_form", "space_json"]

Json = dict[str, Any]

_RELATIONS = {"==": "EQ", "!=": "NEQ", "<": "LT", ">": "GT"}
_WITH_EQUALITY = {"<=": "LT", ">=": "GT"}
_FORBIDDEN = {"<": "CLAUSE_LT", "<=": "CLAUSE_LE", ">": "CLAUSE_GT", ">=": "CLAUSE_GE", "==": "EQUALS"}
_SHORT_FORMS = (
    "expected a range (low, high) or (low, high, 'log'), a list of choices, a constant, or hyperego.Float, Integer, "
    "Categorical, Ordinal or Constant"
)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def domain_from_short_form(short: Any, where: str) -> Domain:
    """``(1e-4, 1.0, "log")``, ``(4, 128)``, ``["adam", "sgd"]``, ``3``. Raises TypeError naming the place."""
    if isinstance(short, (Float, Integer, Categorical, Ordinal, Constant)):
        return short
    if isinstance(short, list):
        return Categorical(short)
    if isinstance(short, tuple):
        ends = [plain(end) for end in short[:2]]
        log = len(short) == 3 and short[2] == "log"
        if len(ends) < 2 or not all(_is_number(end) for end in ends) or not (log or len(short) == 2):
            raise TypeError(f"{where}: {_SHORT_FORMS}; found {short!r}")
        if all(isinstance(end, int) for end in ends):
            return Integer(ends[0], ends[1], log=log)
        return Float(ends[0], ends[1], log=log)
    if isinstance(plain(short), (bool, int, float, str)) or short is None:
        return Constant(short)
    raise TypeError(f"{where}: {_SHORT_FORMS}; found {type(short).__qualname__}")


def _prior_members(prior: Prior, where: str) -> Json:
    names = {"normal": ("mu", "sigma"), "beta": ("alpha", "beta")}
    if not isinstance(prior, tuple) or len(prior) != 3 or prior[0] not in names:
        raise TypeError(f"{where}/prior: expected ('normal', mean, deviation) or ('beta', alpha, beta), found {prior!r}")
    return dict(zip(names[prior[0]], prior[1:], strict=True))


def _range_json(domain: Float | Integer, where: str) -> Json:
    kind = "uniform" if domain.prior is None else domain.prior[0]
    json: Json = {"type": kind + ("_int" if isinstance(domain, Integer) else "_float")}
    for member, value in (("lower", domain.low), ("upper", domain.high), ("default_value", domain.default)):
        value = plain(value)
        if value is None and member == "default_value":
            continue
        if not _is_number(value):
            raise TypeError(f"{where}/{member}: expected a number, found {type(value).__qualname__}")
        json[member] = value
    if not isinstance(domain.log, bool):
        raise TypeError(f"{where}/log: expected True or False, found {domain.log!r}")
    json["log"] = domain.log
    if domain.step is not None:
        json["q"] = domain.step
    return json | ({} if domain.prior is None else _prior_members(domain.prior, where))


def _choices(values: Any, where: str) -> tuple[Labels, list[Any]]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"{where}: expected a list of choices, found {type(values).__qualname__}")
    return Labels.of(values, where)


def _domain_json(domain: Domain, where: str) -> tuple[Json, Labels]:
    if isinstance(domain, (Float, Integer)):
        return _range_json(domain, where), Labels({})
    if isinstance(domain, Constant):
        labels, known = Labels.of([domain.value], where)
        return {"type": "constant", "value": known[0]}, labels
    if isinstance(domain, Ordinal):
        labels, known = _choices(domain.sequence, f"{where}/sequence")
        json: Json = {"type": "ordinal", "sequence": known}
    else:
        labels, known = _choices(domain.choices, f"{where}/choices")
        json = {"type": "categorical", "choices": known}
        if domain.weights is not None:
            json["weights"] = list(domain.weights)
    if domain.default is not None:
        json["default_value"] = labels.to_core(domain.default)
    return json, labels


def _relation(value: Any, operators: Mapping[str, str]) -> tuple[str, Any] | None:
    """``(">", 1)`` as its parts; None for a value."""
    is_relation = isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and value[0] in operators
    return (value[0], value[1]) if is_relation else None


def _condition(child: str, parent: str, value: Any, labels: Mapping[str, Labels]) -> Json:
    own = labels.get(parent, Labels({}))
    base = {"child": child, "parent": parent}
    if isinstance(value, list):
        return {"type": "IN", **base, "values": [own.to_core(v) for v in value]}
    relation = _relation(value, _RELATIONS | _WITH_EQUALITY)
    if relation is None:
        return {"type": "EQ", **base, "value": own.to_core(value)}
    operator, operand = relation[0], own.to_core(relation[1])
    if operator in _RELATIONS:
        return {"type": _RELATIONS[operator], **base, "value": operand}
    terms = [{"type": kind, **base, "value": operand} for kind in (_WITH_EQUALITY[operator], "EQ")]
    return {"type": "OR", "child": child, "conditions": terms}


def _conditions(child: str, when: Any, labels: Mapping[str, Labels], where: str) -> list[Json]:
    if not isinstance(when, Mapping):
        raise TypeError(f"{where}: expected a dict {{parent: value}}, found {type(when).__qualname__}")
    return [_condition(child, parent, value, labels) for parent, value in when.items()]


def _forbidden(clause: Any, labels: Mapping[str, Labels], where: str) -> Json:
    """``{"opt": "sgd", "lr": (">", 0.5)}``: what must not come together; or a clause of ConfigSpace's JSON."""
    if not isinstance(clause, Mapping):
        raise TypeError(f"{where}: expected a dict {{name: value}}, found {type(clause).__qualname__}")
    if "type" in clause and "type" not in labels:
        return dict(clause)
    terms: list[Json] = []
    for name, value in clause.items():
        own = labels.get(name, Labels({}))
        relation = _relation(value, _FORBIDDEN)
        if isinstance(value, list):
            terms.append({"type": "IN", "name": name, "values": [own.to_core(v) for v in value]})
        elif relation is not None:
            terms.append({"type": _FORBIDDEN[relation[0]], "name": name, "value": own.to_core(relation[1])})
        else:
            terms.append({"type": "EQUALS", "name": name, "value": own.to_core(value)})
    return terms[0] if len(terms) == 1 else {"type": "AND", "clauses": terms}


def space_json(
    space: Mapping[str, Any], conditions: Iterable[Any], forbidden: Iterable[Any], name: str | None
) -> tuple[Json, dict[str, Labels], list[str]]:
    """ConfigSpace JSON, the labels of every hyperparameter, and whom each condition belongs to, for messages."""
    json: Json = {"name": name or "", "hyperparameters": [], "conditions": [], "forbiddens": []}
    labels: dict[str, Labels] = {}
    whens: list[tuple[str, Any, str]] = []
    for key, short in space.items():
        if not isinstance(key, str):
            raise TypeError(f"space: expected names as keys, which are text, found {key!r}")
        domain = domain_from_short_form(short, f"space/{key}")
        members, labels[key] = _domain_json(domain, f"space/{key}")
        json["hyperparameters"].append({"type": members.pop("type"), "name": key, **members})
        if domain.when is not None:
            whens.append((key, domain.when, f"space/{key}/when"))
    owners: list[str] = []
    for key, when, where in whens:
        found = _conditions(key, when, labels, where)
        json["conditions"] += found
        owners += [where] * len(found)
    for i, condition in enumerate(conditions):
        where = f"conditions/{i}"
        if isinstance(condition, Mapping):
            found = [dict(condition)]
        elif isinstance(condition, tuple) and len(condition) == 2:
            found = _conditions(condition[0], condition[1], labels, where)
        else:
            raise TypeError(f"{where}: expected (child, {{parent: value}}) or a condition of ConfigSpace's JSON")
        json["conditions"] += found
        owners += [where] * len(found)
    json["forbiddens"] = [_forbidden(clause, labels, f"forbidden/{i}") for i, clause in enumerate(forbidden)]
    return json, labels, owners
