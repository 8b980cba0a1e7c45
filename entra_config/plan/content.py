"""A plan in; all that it would do and find, as data that two plans are compared by, out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from entra_config.graph.request import Request
from entra_config.plan.held import value_name
from entra_config.plan.model import Change, Create, FieldChange, Work, address_of
from entra_config.plan.steps import Absent, Bears, Holds, Listed, Probe, Step
from entra_config.resource import Ref, Text, Value

Content = Mapping[str, Mapping[str, Any]]


def content(plan: Work) -> dict[str, dict[str, Any]]:
    """Return all that a plan would do and find, by object and field: without positions, ages and the order
    of collections. A limit is left out: whether a word of `--allow` lifts it changes nothing of what is done.
    """
    found: dict[str, dict[str, Any]] = {}
    for change in plan.changes:
        found[str(address_of(change))] = _change(change)
    for change in plan.following:
        found[f"following {address_of(change)}"] = _change(change)
    for access in plan.access:
        value = value_name(access.kind, access.application, access.role, access.client)
        name = f"access {value} {access.sign}"
        people = sorted([person.id, person.through] for person in (*access.people, *access.applications))
        found[name] = {"count": access.count, "people": people}
    for refusal in plan.refusals:
        if refusal.word and refusal.blocks:
            continue
        found.setdefault(f"refusal {refusal.word or '-'} {refusal.address or '-'}", {})["blocks"] = (
            refusal.blocks
        )
    for held in plan.withheld:
        found[f"withheld {held.address or '-'} {held.message}"] = {}
    for step in plan.steps:
        found[f"step {step.id}"] = _step(step)
    return found


def _change(change: Change) -> dict[str, Any]:
    fields = {field.path: _field(field) for field in change.fields}
    ids = {} if isinstance(change, Create) else change.before.facts.reported
    return {"": type(change).__name__.lower(), "ids": ids, **fields}


def _field(field: FieldChange) -> Any:
    return [_value(field.before), _value(field.after)]


def _step(step: Step) -> dict[str, Any]:
    requests = [step.request, *step.fallback]
    return {
        "requests": [_request(request) for request in requests],
        "needs": sorted(step.needs),
        "guard": _probe(step.guard),
    }


def _request(request: Request) -> list[Any]:
    whole = [request.method, _value(request.path), _value(request.body), dict(request.headers)]
    return [*whole, request.endpoint] if request.endpoint else whole


def _probe(probe: Probe | None) -> Any:
    if probe is None:
        return None
    match probe.expect:
        case Holds(values):
            expect = values
        case Listed(match) | Absent(match):
            expect = match
        case Bears(tag):
            expect = {"tag": tag}
        case _:
            expect = {}
    whole = [type(probe.expect).__name__, _value(probe.request.path), _value(expect)]
    return [*whole, probe.request.endpoint] if probe.request.endpoint else whole


def _value(value: Value) -> Any:
    """Return a value as JSON: references spelled out, collections in one order, as Graph answers them in
    any.
    """
    match value:
        case Ref():
            return {"$ref": str(value)}
        case bytes():
            return {"$sha256": hashlib.sha256(value).hexdigest()}
        case Text(parts):
            return {"$text": [_value(part) for part in parts]}
        case Mapping():
            return {str(key): _value(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return sorted((_value(item) for item in value), key=canonical)
        case _:
            return value


def canonical(value: Any) -> str:
    """Return a value as JSON in one spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
