"""A CloudFormation template in YAML in; its resources, with functions spelt out as in JSON, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
# In the order in which they are deployed; what an option adds is a stack that no other option has.
STACKS = ("network", "edge", "services", "bff")
ADDED = {"bff": "C"}
OPTIONS = ("B", "C", "D", "E")
Json = dict[str, Any]


class _Loader(yaml.CSafeLoader):
    """YAML whose tags are CloudFormation's short functions."""


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> Json:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if name == "Fn::GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _function)


@dataclass(frozen=True)
class Stack:
    """One template: its text, and what it says."""

    text: str
    body: Json

    def every(self, kind: str) -> dict[str, Json]:
        """Return the properties of each resource of a type, by name."""
        return {
            name: each.get("Properties", {})
            for name, each in self.body["Resources"].items()
            if each["Type"] == kind
        }

    def the(self, name: str) -> Json:
        """Return the properties of one resource."""
        found: Json = self.body["Resources"][name]["Properties"]
        return found

    @property
    def parameters(self) -> dict[str, Json]:
        """Return the parameters by name."""
        found: dict[str, Json] = self.body["Parameters"]
        return found


Stacks = Mapping[str, Stack]


@cache
def parse(text: str) -> Stack:
    """Read one template; nobody changes what is returned."""
    return Stack(text, yaml.load(text, _Loader))


def read(option: str = "") -> dict[str, Stack]:
    """Read the stacks as they stand: all, or those of one option."""
    return {
        name: parse((INFRA / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in STACKS
        if not option or ADDED.get(name, option) == option
    }


def fleet() -> Stack:
    """Read the stack of a fleet, which an administrator deploys beside those of the application."""
    return parse((INFRA / "fleet.yaml").read_text(encoding="utf-8"))


def only(option: str, stacks: Stacks | None = None) -> dict[str, Stack]:
    """Return the stacks of one option, without what stands in them for others."""
    return {
        name: Stack(stack.text, chosen(stack.body, option, stack.body.get("Conditions", {})))
        for name, stack in (stacks or read()).items()
        if ADDED.get(name, option) == option
    }


def chosen(value: Any, option: str, conditions: Json) -> Any:
    """Return a part of a template as one option has it: what hangs on another option is not there."""
    if isinstance(value, list):
        return [chosen(each, option, conditions) for each in value]
    if not isinstance(value, dict):
        return value
    if (
        set(value) == {"Fn::If"}
        and (reported := _reported(value["Fn::If"][0], option, conditions)) is not None
    ):
        return chosen(value["Fn::If"][1 if reported else 2], option, conditions)
    return {
        key: chosen(inner, option, conditions)
        for key, inner in value.items()
        if not isinstance(inner, dict) or _reported(inner.get("Condition"), option, conditions) is not False
    }


def _reported(condition: Any, option: str, conditions: Json) -> bool | None:
    """Tell whether a condition holds with an option; None where the option does not say."""
    said = conditions.get(condition) if isinstance(condition, str) else None
    requested = said.get("Fn::Equals") if said else None
    return requested[1] == option if requested and requested[0] == {"Ref": "Option"} else None


def every(stacks: Stacks, kind: str) -> dict[str, Json]:
    """Return the properties of each resource of a type in all stacks, by name."""
    return {name: each for stack in stacks.values() for name, each in stack.every(kind).items()}


def inside(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each key with its value, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from inside(inner)


def either(value: Any) -> list[Any]:
    """Return what a value may be: both sides of an `If`, without what stands for nothing."""
    if isinstance(value, dict) and set(value) == {"Fn::If"}:
        return [found for side in value["Fn::If"][1:] for found in either(side)]
    return [] if value == {"Ref": "AWS::NoValue"} else [value]


def items(values: list[Any]) -> list[Any]:
    """Return the items of a list, those that are there on a condition too."""
    return [found for value in values for found in either(value)]


def imported(value: Any) -> str:
    """Return which export a value is, without the stacks' name; empty when it is none."""
    names = [inner["Fn::Sub"] for key, inner in inside(value) if key == "Fn::ImportValue"]
    return names[0].removeprefix("${Name}:") if len(names) == 1 else ""
