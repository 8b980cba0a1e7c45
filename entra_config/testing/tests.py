"""One entry of `tests` in, one AccessTest out; what does not fit is noted with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from entra_config.errors import Position
from entra_config.manifest.fields.access_test_records import AUDIENCE, PERSON, REQUEST, TEST, WORKLOAD
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.reading.node import Map, Node, Scalar, describe, strings
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import workloads
from entra_config.moments import parse_moment
from entra_config.testing.claims import expected
from entra_config.testing.model import (
    AccessTest,
    CertificateProof,
    Flow,
    PlacedString,
    Proof,
    Secret,
    SignInRequest,
    SignInUser,
    Workload,
)

PROOFS = ("secret", "certificate", "workload")
_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Context:
    """What a test of a file may name."""

    reader: Reader
    people: Mapping[str, SignInUser]
    environments: Sequence[str]


def read(node: Node, context: Context) -> list[AccessTest]:
    """Read a test; nothing where it is none."""
    reader = context.reader
    if not isinstance(node, Map):
        reader.expected(node, "tests", "a test: a map with `it`, `client`, `asks` and `expect`")
        return []
    fields = bind(node, "tests", TEST, reader)
    name = reader.required(node, "it", "a test")
    handed = _handed(fields["onBehalfOf"], reader)
    flow = flow_of(fields)
    who = somebody(fields["as"], context)
    _check(fields, flow, who, handed, reader)
    requested = request(fields, reader)
    wanted = expected(fields, requested.scopes if requested else (), reader)
    if requested is None or wanted is None or not name:
        return []
    return [
        AccessTest(
            name,
            node.where("it"),
            requested,
            wanted,
            flow,
            who,
            handed,
            only(fields, context),
            moment(fields["at"], fields.node("at"), "at", reader),
        )
    ]


def person(name: str, node: Node, position: Position, reader: Reader) -> SignInUser:
    """Read what a person is: groups of which he is a direct member, a guest or not, enabled or not."""
    fields = bind(node, name or "as", PERSON, reader)
    return fields.make(SignInUser, name=name, member_of=words(fields.node("memberOf")), position=position)


def words(node: Node | None) -> tuple[PlacedString, ...]:
    """Return the strings of a list, each with its place."""
    return tuple(PlacedString(text, where) for text, where in strings(node))


def somebody(node: Node | None, context: Context) -> SignInUser | None:
    """Read `as`: a person of `people`, or one that is made for this test."""
    if node is None:
        return None
    if isinstance(node, Map):
        return person("", node, node.position, context.reader)
    name = context.reader.text(node, "as")
    found = named(name or "", context)
    if name and found is None:
        message = f"`as`: `{name}` is not defined under `people` in this file.{near(name, context.people)}"
        context.reader.problems.add(node.position, message)
    return found


def named(name: str, context: Context) -> SignInUser | None:
    """Return the person of `people` that a UPN names, in whatever case."""
    folded = name.casefold()
    return next((each for key, each in context.people.items() if key.casefold() == folded), None)


def request(fields: Bound, reader: Reader) -> SignInRequest | None:
    """Read what is asked, by which client, with which proof; None where a part is missing."""
    client = reader.required(fields.map, "client", "a test")
    scopes = words(fields.node("asks"))
    if not scopes:
        reader.problems.add(
            fields.where("asks"), "`asks` is missing: what the client asks for, such as [api/user.read]"
        )
    proof = _proof(fields, reader)
    placed = fields.node("client")
    if not client or not scopes or placed is None:
        return None
    return SignInRequest(PlacedString(client, placed.position), scopes, proof, fields["redirectUri"] or "")


def flow_of(fields: Bound) -> Flow:
    """Return `flow`, which mostly follows from the rest."""
    if fields["flow"] is not None:
        return cast("Flow", fields["flow"])
    if "onBehalfOf" in fields:
        return "onBehalfOf"
    return "code" if "as" in fields else "clientCredentials"


def only(fields: Bound, context: Context) -> tuple[str, ...]:
    """Return `only`: the environments that a test is for; absent is all."""
    found = tuple(strings(fields.node("only")))
    for name, where in found:
        if name not in context.environments:
            message = f"`only`: `{name}` is not an environment.{near(name, context.environments)}"
            context.reader.problems.add(where, message)
    if "only" in fields and not found:
        context.reader.problems.add(
            fields.where("only"), "`only` names no environment: leave it out for all of them"
        )
    return tuple(name for name, _ in found)


def moment(text: str | None, node: Node | None, what: str, reader: Reader) -> datetime | None:
    """Return the moment that a text is, a day or a moment of one, in UTC."""
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError:
        assert node is not None
        reader.expected(node, what, "a day such as 2027-02-01, or a moment such as 2027-02-01T12:00:00Z")
        return None


def _handed(node: Node | None, reader: Reader) -> SignInRequest | None:
    if node is None:
        return None
    return request(bind(node, "onBehalfOf", REQUEST, reader), reader)


def _check(
    fields: Bound, flow: Flow, who: SignInUser | None, handed: SignInRequest | None, reader: Reader
) -> None:
    problems = reader.problems
    if flow == "clientCredentials" and "as" in fields:
        problems.add(
            fields.where("as"), "`as` stands in a test of clientCredentials: there is no person in it"
        )
    if flow != "clientCredentials" and who is None and "as" not in fields:
        problems.add(fields.map.position, "`as` is missing: who signs in")
    if (flow == "onBehalfOf") != ("onBehalfOf" in fields):
        message = (
            "needs `onBehalfOf: { client: …, asks: […] }`"
            if flow == "onBehalfOf"
            else "goes with flow onBehalfOf alone"
        )
        problems.add(fields.where("onBehalfOf"), f"the token that the API was called with: {message}")
    if "redirectUri" in fields and flow != "code":
        problems.add(fields.where("redirectUri"), "`redirectUri` is for a person on a page: flow code")
    if handed is not None and flow == "onBehalfOf" and handed.client.text == fields["client"]:
        problems.add(
            handed.client.position,
            "the client of `onBehalfOf` is who called the API, and `client` is that API",
        )


def _proof(fields: Bound, reader: Reader) -> Proof | None:
    given = [key for key in PROOFS if key in fields]
    if len(given) > 1:
        reader.problems.add(
            fields.where(given[1]), f"{listing(given)} stand here: a client proves itself by one of them"
        )
    if not given:
        return None
    found = fields.node(given[0])
    assert found is not None
    if given[0] == "secret":
        return _secret(found, reader)
    if given[0] == "certificate":
        label = fields["certificate"]
        return CertificateProof(PlacedString(label, found.position)) if label else None
    return _workload(reader.map(found, "workload"), reader)


def _workload(fields: Map, reader: Reader) -> Workload:
    reader.only(fields, WORKLOAD.keys, WORKLOAD.noun)
    before = len(reader.problems.found)
    named = workloads.read(fields.without("matches"), "a workload", reader)
    if len(reader.problems.found) == before and _PLACEHOLDER.search(f"{named.issuer} {named.subject}"):
        where = (
            named.positions.get("issuer" if _PLACEHOLDER.search(named.issuer) else "subject")
            or fields.position
        )
        reader.problems.add(where, "a test says what a token really has, without placeholders")
    elif named.expression is not None:
        where = named.positions.get("subject") or fields.position
        reader.problems.add(where, "a test says whose token it is; `matches` stands in the manifest")
    claims = reader.map(fields.node("claims"), "claims").entries
    chosen = {
        name: reader.text(entry.node, f"claims.{name}", empty=True) or "" for name, entry in claims.items()
    }
    audience = reader.text(fields.node("audience"), "audience") or AUDIENCE
    return Workload(named.issuer, named.subject, audience, chosen)


def _secret(node: Node, reader: Reader) -> Proof | None:
    if isinstance(node, Map):
        reader.only(node, ("ends",), "`secret`")
        ends = node.node("ends")
        return Secret(moment(reader.text(ends, "ends"), ends, "ends", reader))
    if isinstance(node, Scalar) and node.value is True:
        return Secret()
    reader.problems.add(
        node.position,
        (
            f"`secret`: expected true, or {{ ends: 2027-02-01 }}, found {describe(node)}; no secret "
            "stands in a test"
        ),
    )
    return None
