"""Paths that Microsoft Graph has and the emulator does not serve, by the names of the published schema."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from entra_emulator.graph.call import AlternateKey, QuotedKey
from entra_emulator.graph.errors import ODataError

# How a path begins the full name of an operation or a type.
_GRAPH = ("microsoft.graph.", "graph.")


def unserved(segments: list[str | AlternateKey], method: str = "") -> ODataError | None:
    """Return the refusal of a path that only the real Graph serves; None where Graph has no such path either.

    `method` is that of a path which is served by other methods.
    """
    if not segments:
        return _refusal("the service document")
    if segments == ["$metadata"]:
        return _refusal("the schema document")
    found = _follow(segments)
    if found is None:
        return None
    path, type_ = found
    # The schema does not say which methods a path has; most collections have POST, most objects the others.
    usual = ("POST",) if type_.endswith("*") else ("PATCH", "DELETE") if path.endswith("{id}") else ()
    if method and method not in usual:
        return None
    return _refusal(path)


def properties(type_name: str) -> set[str]:
    """Return the properties that the published schema has of an entity type."""
    return {name for each in _line(type_name) for name in _names()["types"][each]["properties"].split()}


def _follow(segments: list[str | AlternateKey]) -> tuple[str, str] | None:
    """Return a path with `{id}` in place of each key, and the type that it leads to; None without one."""
    roots = {name.casefold(): (name, to) for name, to in _names()["roots"].items()}
    first = roots.get(str(segments[0]).casefold())
    if first is None:
        return None
    path, type_ = [first[0]], first[1]
    called = False
    for segment in segments[1:]:
        if isinstance(segment, AlternateKey | QuotedKey) and called:
            continue
        step = _step(type_, segment)
        if segment == "$ref" and len(path) > 2 and "directoryObject" in _line(type_.removesuffix("*")):
            step = "$ref", "", False
        if step is None:
            return None
        path.append(step[0])
        type_, called = step[1:]
    return "/".join(path), "" if called else type_


def _step(type_: str, segment: str | AlternateKey) -> tuple[str, str, bool] | None:
    """Return what a segment names below a type, the type that it leads to, and whether that is called."""
    if isinstance(segment, str) and not isinstance(segment, QuotedKey):
        below, name = _below(type_), segment.casefold()
        if name in below or name.startswith("$"):
            return below.get(name)
        prefix = next((prefix for prefix in _GRAPH if name.startswith(prefix)), "")
        if prefix:
            operation = below.get(name.rpartition(".")[2], ("", "", False))
            return operation if operation[2] else _cast(type_, name.removeprefix(prefix))
    return ("{id}", type_[:-1], False) if type_.endswith("*") else None


@cache
def _below(type_: str) -> dict[str, tuple[str, str, bool]]:
    """Return, by lower-case name, what can follow a type in a path: its name, the type that it leads to, and
    whether it is an action or a function.
    """
    found: dict[str, tuple[str, str, bool]] = {}
    many, name = type_.endswith("*"), type_.removesuffix("*")
    for each in _line(name):
        known = _names()["types"][each]
        if not many:
            found |= {row.casefold(): (row, "", False) for row in known["properties"].split()}
            found |= {row.casefold(): (row, to, False) for row, to in known["relationships"].items()}
        for row, to in _names()["operations"].get(f"{each}*" if many else each, {}).items():
            found[row.casefold()] = row, to, True
    end = "$count" if many else "$value"
    return {**found, end: (end, "", False)}


def _cast(type_: str, named: str) -> tuple[str, str, bool] | None:
    """Return the step to a type that is derived from the one before."""
    name, base = _spelled().get(named, ""), type_.removesuffix("*")
    return (f"microsoft.graph.{name}", name + type_[len(base) :], False) if base in _line(name) else None


def _line(type_name: str) -> Iterator[str]:
    """Yield a type and the types that it is derived from."""
    types = _names()["types"]
    while type_name in types:
        yield type_name
        type_name = types[type_name]["base"]


@cache
def _spelled() -> dict[str, str]:
    return {name.casefold(): name for name in _names()["types"]}


@cache
def _names() -> Any:
    text = resources.files("entra_emulator").joinpath("data/schema_names.json").read_text(encoding="utf-8")
    return json.loads(text)


def _refusal(what: str) -> ODataError:
    # Graph's own code for a request that it knows and does not serve; no client takes 501 for lag and asks
    # again.
    return ODataError(501, "NotImplemented", f"The emulator does not serve {what}.")
