"""`only` of a map in; whether an environment has the map out."""

from __future__ import annotations

from entra_config.manifest.reading.node import Items, Map, Scalar, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader


def is_in(node: Map, name: str, names: frozenset[str], reader: Reader) -> bool:
    """Tell whether `only` of a map lets it be in an environment."""
    listed = node.node("only")
    if listed is None or is_null(listed):
        return True
    if isinstance(listed, Items) and not listed.items:
        reader.problems.add(listed.position, "`only` names no environment: leave the key out, or name some")
    for item in reader.items(listed, "only"):
        word = reader.text(item, "only")
        if word is not None and word not in names:
            reader.problems.add(item.position, f"`{word}` is not an environment.{near(word, names)}")
    return isinstance(listed, Items) and any(
        isinstance(item, Scalar) and item.value == name for item in listed.items
    )
