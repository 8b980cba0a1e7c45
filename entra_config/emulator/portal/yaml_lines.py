"""What a manifest would say in; its lines of YAML, in which nothing is read but what was meant, out."""

import json
import re
from collections.abc import Mapping
from typing import Any

# Texts that stand without quotes: whatever YAML could read otherwise has them.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._@/-]*(?: [A-Za-z0-9._@/-]+)*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def yaml_of(said: Mapping[str, Any]) -> str:
    """Write maps, lists of texts and values as lines to merge into a manifest."""
    return "\n".join(_yaml(said))


def _yaml(value: Mapping[str, Any], depth: int = 0) -> list[str]:
    lines = []
    for name, inner in value.items():
        head = f"{'  ' * depth}{_scalar(name)}:"
        if isinstance(inner, Mapping):
            lines += [head, *_yaml(inner, depth + 1)]
        elif isinstance(inner, list):
            lines.append(f"{head} [{', '.join(_scalar(each) for each in inner)}]")
        else:
            lines.append(f"{head} {_scalar(inner)}")
    return lines


def _scalar(value: Any) -> str:
    """Write a value as YAML: a text as it is where nothing else could be read, else as JSON's."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    if isinstance(value, str):
        # What only `appId` may do: anything else that looks like a reference is a text.
        value = value.replace("${", "$${").replace("$${appId}", "${appId}")
    return json.dumps(value, ensure_ascii=not str(value).isprintable())
