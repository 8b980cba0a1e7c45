"""Plain data and a dataclass in; a ValueError that names the first value which its field cannot have, or
nothing, out.
"""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

# Above all that a fault or a clock can sensibly mean; what is more would break the calendar.
MOST = 1e9


def check(kind: type, data: dict[str, Any], what: str = "name") -> None:
    """Refuse names that the dataclass has not, and values of another type than the field's annotation.

    Numbers lie between 0 and MOST, those of fields called `…_rate` between 0 and 1.
    """
    hints = get_type_hints(kind)
    for name, value in data.items():
        if name not in hints:
            message = f"no such {what}: {name}; known: {', '.join(hints)}"
            raise ValueError(message)
        most = 1.0 if name.endswith("_rate") else MOST
        if not _fits(hints[name], value, most):
            message = f"{name} cannot be {value!r}"
            raise ValueError(message)


def is_number(value: Any, most: float = MOST) -> bool:
    """Say whether a value is a number from 0 up to `most`."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _fits(hint: Any, value: Any, most: float) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return any(_fits(each, value, most) for each in inner)
    if origin is Literal:
        return value in inner
    if origin is dict:
        return isinstance(value, dict) and all(
            isinstance(k, str) and _fits(inner[1], v, most) for k, v in value.items()
        )
    if origin is list:
        # What stands in it is checked by whoever makes it.
        return isinstance(value, list)
    if hint is int:
        return isinstance(value, int) and is_number(value, most)
    if hint is float:
        return is_number(value, most)
    return isinstance(value, hint)
