"""A property that changes in; what of it changes, a line for each leaf, out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.plan import values
from entra_config.plan.model import FieldChange


def reported(field: FieldChange) -> Iterator[str]:
    """Yield `path: before → after` of each leaf that differs; of a list of strings what comes and goes."""
    if field.differences:
        yield from (_difference(f"{field.path}.{leaf.path}", leaf) for leaf in field.differences)
    elif field.items:
        signs = {"add": "+", "change": "~", "remove": "-"}
        yield f"{field.path}: {', '.join(f'{signs[item.sign]} {item.label}' for item in field.items)}"
    else:
        yield _difference(field.path, field)


def _difference(path: str, field: FieldChange) -> str:
    after = values.format_value(field.after, path)
    return (
        f"{path}: {after}"
        if field.before is None
        else f"{path}: {values.format_value(field.before, path)} → {after}"
    )
