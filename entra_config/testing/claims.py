"""`expect` of a test in, what must come of it out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from entra_config.manifest.fields.access_test_records import EXPECT
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.testing import model
from entra_config.testing.model import SETS, ExpectedClaim, ExpectedOutcome, Kind, PlacedString
from entra_emulator.api import CATALOGUE

KINDS: tuple[Kind, ...] = ("token", "idToken")
ABSENT = "absent"
_CODE = re.compile(r"(?:AADSTS)?([0-9]{4,8})")


def expected(owner: Bound, scopes: Sequence[PlacedString], reader: Reader) -> ExpectedOutcome | None:
    """Read `expect` of a test that asks for this; None where it says nothing that could hold or not."""
    node = owner.node("expect")
    if node is None or is_null(node):
        message = "`expect` is missing: `{ token: { roles: […] } }`, or `{ refused: AADSTS50105 }`"
        reader.problems.add(owner.where("expect"), message)
        return None
    fields = bind(node, "expect", EXPECT, reader)
    given = [key for key in EXPECT.keys if key in fields]
    if not given:
        reader.problems.add(node.position, "`expect` says nothing: `token`, `idToken` or `refused`")
    if "refused" in given and len(given) > 1:
        reader.problems.add(fields.where("refused"), "`refused` and a token: it is one or the other")
    if "idToken" in given and "openid" not in {word.text for word in scopes}:
        reader.problems.add(fields.where("idToken"), "an id_token comes where `openid` is among `asks`")
    refused = refusal(fields["refused"], reader)
    tokens = {kind: _claims(fields[kind], kind, reader) for kind in KINDS if kind in fields}
    return ExpectedOutcome(refused, tokens, fields.where("refused") if refused else node.position)


def refusal(node: Node | None, reader: Reader) -> int | None:
    """Read the number of a refusal: `AADSTS50105`, or the number alone."""
    if node is None:
        return None
    value = str(node.value) if isinstance(node, Scalar) and isinstance(node.value, str | int) else ""
    match = _CODE.fullmatch(value)
    if match is None:
        reader.expected(node, "refused", "a refusal of Entra, such as AADSTS50105")
        return None
    number = int(match[1])
    if number not in CATALOGUE:
        known = [f"AADSTS{each}" for each in CATALOGUE]
        message = "the emulator refuses nothing so."
        reader.problems.add(
            node.position, f"`refused`: AADSTS{number}: {message}{near(f'AADSTS{number}', known)}"
        )
    return number


def _claims(node: Node | None, kind: str, reader: Reader) -> tuple[ExpectedClaim, ...]:
    entries = reader.map(node, kind).entries.values()
    return tuple(claim for entry in entries if (claim := _claim(entry, reader)) is not None)


def _claim(entry: Entry, reader: Reader) -> ExpectedClaim | None:
    name, node = entry.key, entry.node
    if isinstance(node, Map):
        reader.only(node, ("contains",), f"what `{name}` must be")
        inner = node.node("contains")
        if inner is None:
            message = f"`{name}`: expected a value, a list, `absent`, or {{ contains: [VALUE] }}"
            reader.problems.add(node.position, message)
            return None
        values = _values(inner, name, reader)
        if not values:
            reader.problems.add(
                node.position, f"`{name}`: `contains` names nothing, which every token contains"
            )
        return ExpectedClaim(name, "contains", values, entry.position)
    if isinstance(node, Scalar) and node.value == ABSENT:
        return ExpectedClaim(name, "absent", None, entry.position)
    if isinstance(node, Items) or name in SETS:
        return ExpectedClaim(name, "is", _values(node, name, reader), entry.position)
    if is_null(node):
        reader.expected(node, name, "a value, a list or `absent`")
        return None
    return ExpectedClaim(name, "is", _scalar(node), entry.position)


def _values(node: Node, name: str, reader: Reader) -> tuple[model.Scalar, ...]:
    items = node.items if isinstance(node, Items) else (node,)
    found: dict[model.Scalar, None] = {}
    for item in items:
        if not isinstance(item, Scalar) or item.value is None:
            reader.expected(item, name, "a string, a number, true or false")
            continue
        # `scp: user.read user.write` is how a token spells a list.
        value = _scalar(item)
        words = value.split() if name == "scp" and isinstance(value, str) else [value]
        for word in words:
            if word in found:
                reader.problems.add(item.position, f"`{name}`: duplicate `{word}`")
            found[word] = None
    return tuple(found)


def _scalar(node: Scalar) -> model.Scalar:
    return node.value if isinstance(node.value, str | int | float | bool) else str(node.value)
