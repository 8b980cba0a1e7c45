"""Templates and parameters in; resources, such as the rules of the HTTPS listener, as CloudFormation would
make them, out.

Of what a template says, MiniStack keeps no `JwtValidationConfig`; this reads it where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.infra.templates import Json, Stacks

_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
_SECRET = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString[^}]*\}\}")
_NOTHING = {"Ref": "AWS::NoValue"}


def rules(stacks: Stacks, given: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, Json]:
    """Return the properties of each rule that is there, by its priority. What only a deployment knows, such
    as ARNs, stays a function; `secrets` are values by their names.
    """
    return {str(each["Priority"]): each for each in every(stacks, _RULE, given, secrets).values()}


def every(
    stacks: Stacks, kind: str, given: Mapping[str, str], secrets: Mapping[str, str] | None = None
) -> dict[str, Json]:
    """Return the properties of each resource of a type that is there, by name."""
    found: dict[str, Json] = {}
    for stack in stacks.values():
        reader = _Reader(stack.body, given, secrets or {})
        for name, each in stack.body["Resources"].items():
            if each["Type"] == kind and reader.holds(each.get("Condition")):
                found[name] = reader.value(each["Properties"])
    return found


class _Reader:
    """One template with its parameters."""

    def __init__(self, body: Json, given: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        """Take what is given over what the template has as default."""
        defaults = {name: each.get("Default") for name, each in body["Parameters"].items()}
        self._values = {name: given.get(name, default) for name, default in defaults.items()}
        self._conditions = body.get("Conditions", {})
        self._secrets = secrets

    def holds(self, condition: Any) -> bool:
        """Tell whether a condition, or the one of a name, is met; none is."""
        if condition is None:
            return True
        if isinstance(condition, str):
            return self.holds(self._conditions[condition])
        ((function, inner),) = condition.items()
        if function == "Condition":
            return self.holds(inner)
        if function == "Fn::Equals":
            one, other = map(self.value, inner)
            return bool(str(one) == str(other))
        held = [self.holds(each) for each in inner]
        return {"Fn::Not": not held[0], "Fn::And": all(held), "Fn::Or": any(held)}[function]

    def value(self, value: Any) -> Any:
        """Return a value with its functions carried out, as far as the template alone can."""
        if isinstance(value, list):
            return [self.value(each) for each in value if self._chosen(each) != _NOTHING]
        if isinstance(value, str):
            return _SECRET.sub(lambda match: self._secrets[match[1]], value)
        if not isinstance(value, dict):
            return value
        value = self._chosen(value)
        if not isinstance(value, dict):
            return self.value(value)
        if set(value) == {"Ref"}:
            return self._values.get(value["Ref"], value)
        if set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            return self.value(re.sub(r"\$\{(\w+)\}", self._filled, value["Fn::Sub"]))
        return {key: self.value(each) for key, each in value.items() if self._chosen(each) != _NOTHING}

    def _chosen(self, value: Any) -> Any:
        while isinstance(value, dict) and set(value) == {"Fn::If"}:
            condition, there, elsewhere = value["Fn::If"]
            value = there if self.holds(condition) else elsewhere
        return value

    def _filled(self, match: re.Match[str]) -> str:
        return str(self._values.get(match[1], match[0]))
