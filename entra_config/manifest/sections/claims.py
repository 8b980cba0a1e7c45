"""`optionalClaims` and `groupMembershipClaims` in, as Graph will answer them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entra_config.errors import Position
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.records import CLAIM, OPTIONAL_CLAIMS
from entra_config.manifest.reading.node import Node, Scalar, is_null
from entra_config.manifest.reading.problems import listing
from entra_config.manifest.reading.reader import Reader

_GROUPS = ("None", "SecurityGroup", "All", "ApplicationGroup", "DirectoryRole")


def optional_claims(node: Node, reader: Reader) -> Any:
    """Read `optionalClaims`; a text is short for a claim without options. Graph answers every list, and
    every key of a claim.
    """
    if is_null(node):
        return None
    fields = bind(node, "optionalClaims", OPTIONAL_CLAIMS, reader)
    return {token: _claims(items, token, reader) for token, items in fields.values.items()}


def check_groups(value: str, where: Position, reader: Reader) -> None:
    """Note each word of `groupMembershipClaims`, joined by commas, that Graph does not know."""
    for word in value.split(","):
        if word.strip() not in _GROUPS:
            message = f"`groupMembershipClaims`: `{word.strip()}` is none of {listing(_GROUPS, 'or')}"
            reader.problems.add(where, message)


def _claims(items: Sequence[Node], token: str, reader: Reader) -> list[dict[str, Any]]:
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for item in items:
        claim = _claim(item, reader)
        key = claim["name"], claim["source"]
        if key in found and claim["name"]:
            reader.problems.add(item.position, f"`{token}`: duplicate claim `{claim['name']}`")
        found[key] = claim
    return list(found.values())


def _claim(item: Node, reader: Reader) -> dict[str, Any]:
    if isinstance(item, Scalar):
        name = reader.text(item, "a claim") or ""
        return {"name": name, "source": None, "essential": False, "additionalProperties": []}
    fields = bind(item, "a claim", CLAIM, reader)
    return {
        "name": reader.required(fields.map, "name", "a claim"),
        "source": fields["source"],
        "essential": fields["essential"] or False,
        "additionalProperties": list(fields["additionalProperties"]),
    }
