"""GitHub's expressions, as far as these workflows use them: names, texts, comparisons, and, or, not, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}", re.DOTALL)
_NAME = re.compile(r"'[^']*'|[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_STATUS = ("cancelled()", "always()")
_FUNCTIONS = {"fromJSON": json.loads, "toJSON": json.dumps}


def has_status(condition: str) -> bool:
    """Tell whether a condition asks for the status itself."""
    return any(function in condition for function in _STATUS)


def filled(value: Any, context: Mapping[str, Any]) -> str:
    """Return a text with its expressions evaluated."""
    return _EXPRESSION.sub(lambda found: str(evaluate(found.group(1), context)), str(value))


def evaluate(expression: str, context: Mapping[str, Any]) -> Any:
    """Evaluate one expression."""
    text = _EXPRESSION.sub(lambda found: found.group(1), expression)
    text = text.replace("cancelled()", "False").replace("always()", "True")

    def value(found: re.Match[str]) -> str:
        word = found.group(0)
        if word.startswith("'") or word in {"True", "False", *_FUNCTIONS}:
            return word
        here: Any = context
        for part in word.split("."):
            here = here.get(part, "") if isinstance(here, Mapping) else ""
        return repr("" if here is None else here)

    text = _NAME.sub(value, text).replace("!=", "≠").replace("!", " not ").replace("≠", "!=")
    return eval(
        text.replace("&&", " and ").replace("||", " or ").replace("\n", " ").strip(),
        {"__builtins__": {}, **_FUNCTIONS},
    )
