"""Every credential of an application of ours: its name, where it stands, what a rotation does of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.credentials.listing import USED, ListedKey, ending, last_uses, listed
from entra_config.graph.request import Request, Response
from entra_config.kinds.details import FederatedTrust
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.federated_credential import FEDERATED
from entra_config.manifest.fields.sinks.file import FileSink
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Certificate, FederatedCredential
from entra_config.manifest.sinks import DeclaredSecret, InSink
from tests.unit.graph.doors import Door, error, graph
from tests.unit.plan.estates import manifest

NOW = datetime(2026, 6, 1, tzinfo=UTC)
APP_ID = "a1"
SINK = FileSink("store", {"path": "/kept/web"})
PLACE = "store: file /kept/web"
WEB = DeclaredSecret("web", "store", timedelta(days=90), timedelta(days=14))
PAIR = DeclaredSecret("pair", "store", timedelta(days=90), timedelta(days=14), type="certificate")
NAME = f"entra-config:{{}}:{'0' * 16}.{SINK.digest}"
ELSEWHERE = f"entra-config:web:{'0' * 16}.{'b' * 20}"


def own(application: Application, **more: Any) -> Manifest:
    """Return a manifest with one application that has a sink."""
    made = replace(manifest(), applications={application.key: application}, sinks={"store": SINK})
    return replace(made, **more)


def entry(id_: str, name: str | None = None, age: float | None = None, life: float = 90) -> dict[str, Any]:
    """Return a credential of Graph's, made so many days ago."""
    start = None if age is None else NOW - timedelta(days=age)
    return {
        "keyId": id_,
        "displayName": name,
        "startDateTime": start and start.isoformat(),
        "endDateTime": start and (start + timedelta(days=life)).isoformat(),
    }


def days(age: float, life: float = 90) -> dict[str, datetime]:
    """Return beginning and end of one that was made so many days ago."""
    start = NOW - timedelta(days=age)
    return {"start": start, "end": start + timedelta(days=life)}


def tenant(
    secrets: list[Any] | None = None,
    keys: list[Any] | None = None,
    principal: dict[str, Any] | None = None,
    trusts: tuple[FederatedTrust, ...] = (),
) -> Directory:
    """Return a tenant with one application."""
    body = {"id": "o1", "appId": APP_ID, "passwordCredentials": secrets, "keyCredentials": keys}
    live = Live(Subject("web", body, principal), {FEDERATED: trusts})
    return Directory("https://graph.microsoft.com/v1.0", live={"web": live})


BARE = Application("web", "web", {})
ROTATING = replace(BARE, secrets={"web": WEB})


def test_what_nobody_declared_is_undeclared_or_accepted_or_rotated() -> None:
    """Hold secrets and certificates of both objects, with when each was used."""
    secrets = [entry("S1", "by hand", 10), entry("S2"), entry("S3", "accepted", 1)]
    principal = {"passwordCredentials": [entry("P1", "saml", 5)], "keyCredentials": [entry("P2", "sign", 5)]}
    found = listed(
        own(BARE, accepted={APP_ID: frozenset({"s3"})}, rotated={APP_ID: {"": ("k1",)}}),
        tenant(secrets, [entry("K1", "cert", 3)], principal),
        NOW,
        used={"s1": NOW, "k1": NOW - timedelta(days=1)},
    )

    assert found == [
        ListedKey("web", "secret", "by hand", "s1", "undeclared", used=NOW, **days(10)),
        ListedKey("web", "secret", "s2", "s2", "undeclared"),
        ListedKey("web", "secret", "accepted", "s3", "accepted", **days(1)),
        ListedKey("web", "secret", "saml", "p1", "undeclared", "servicePrincipal", **days(5)),
        ListedKey("web", "certificate", "cert", "k1", "rotated", used=NOW - timedelta(days=1), **days(3)),
        ListedKey("web", "certificate", "sign", "p2", "undeclared", "servicePrincipal", **days(5)),
    ]


def test_a_certificate_that_is_declared_is_known_by_its_thumbprint() -> None:
    """Hold that it bears its label, in whatever case the thumbprint is written."""
    declared = Certificate("ci", "MII", "ab12", "CN=ci")
    keys = [entry("K1", "CN=ci", 3) | {"customKeyIdentifier": "AB12"}, entry("K2", "CN=other", 3)]
    found = listed(own(replace(BARE, certificates=(declared,))), tenant(keys=keys), NOW)

    assert found == [
        ListedKey("web", "certificate", "ci", "k1", "declared", **days(3)),
        ListedKey("web", "certificate", "CN=other", "k2", "undeclared", **days(3)),
    ]


def test_a_federated_credential_is_declared_as_a_whole() -> None:
    """Hold that one with another subject than the manifest's is not the manifest's."""
    declared = {"ci": FederatedCredential("ci", "https://i", "main")}
    trusts = tuple(
        FederatedTrust(id_, name, "https://i", subject, (), None)
        for id_, name, subject in (("f1", "ci", "main"), ("f2", "ci", "branch"), ("f3", "x", "main"))
    )
    found = listed(
        own(replace(BARE, federated_credentials=declared), accepted={APP_ID: frozenset({"f3"})}),
        tenant(trusts=trusts),
        NOW,
    )
    type_ = "federated credential"

    assert found == [
        ListedKey("web", type_, "ci", "f1", "declared", place="https://i main"),
        ListedKey("web", type_, "ci", "f2", "undeclared", place="https://i branch"),
        ListedKey("web", type_, "x", "f3", "accepted", place="https://i main"),
    ]


def test_a_declared_secret_that_is_not_there_is_missing() -> None:
    """Hold that it is due, and has its place."""
    assert listed(own(ROTATING), tenant(), NOW) == [
        ListedKey("web", "secret", "web", "", "missing", place=PLACE, due="its sink keeps none of them")
    ]


def test_without_the_sink_the_lock_file_says_what_is_current() -> None:
    """Hold that the newest which it knows is, what is younger beside it may never have come."""
    secrets = [
        entry("left", NAME.format("web"), 1),
        entry("mine", NAME.format("web"), 80),
        entry("old", NAME.format("web"), 89),
        entry("other", "by hand", 1),
    ]
    found = listed(own(ROTATING, rotated={APP_ID: {"web": ("old", "mine")}}), tenant(secrets), NOW)
    done = "its overlap is over: the next rotation takes it away"
    left = "it may never have come to its sink: the next rotation looks"

    assert found == [
        ListedKey("web", "secret", "web", "old", "rotated", place=PLACE, due=done, **days(89)),
        ListedKey(
            "web", "secret", "web", "mine", "rotated", place=PLACE, due="it ends on 10 Jun 2026", **days(80)
        ),
        ListedKey("web", "secret", "web", "left", "undeclared", place=PLACE, due=left, **days(1)),
        ListedKey("web", "secret", "by hand", "other", "undeclared", **days(1)),
    ]


def test_where_the_lock_file_knows_none_the_newest_is_taken_for_it() -> None:
    """Hold that it is due where nothing says which the sink keeps."""
    secrets = [entry("new", NAME.format("web"), 10), entry("old", NAME.format("web"), 20)]
    found = listed(own(ROTATING), tenant(secrets), NOW)

    assert [(each.key_id, each.standing, each.due) for each in found] == [
        ("old", "undeclared", ""),
        ("new", "undeclared", ""),
    ]


def test_a_sink_that_was_asked_says_how_each_stands() -> None:
    """Hold current, overlapping and orphan, and that another's name of the same label is of no state."""
    secrets = [
        entry("old", ELSEWHERE, 20),
        entry("current", NAME.format("web"), 10),
        entry("left", NAME.format("web"), 1),
    ]
    kept = {("web", "web"): InSink("current", "abc")}
    found = listed(own(ROTATING), tenant(secrets), NOW, kept=kept)

    assert [(each.key_id, each.standing, each.due) for each in found] == [
        ("old", "overlapping", ""),
        ("current", "current", ""),
        ("left", "orphan", "it may never have come to its sink: the next rotation looks"),
    ]


def test_a_key_pair_is_listed_once_among_the_certificates() -> None:
    """Hold that one that a rotation makes is not told again as anybody's certificate."""
    generated = replace(BARE, generated={"pair": PAIR})
    keys = [entry("K1", NAME.format("pair"), 10), entry("K2", "CN=x", 3)]
    found = listed(own(generated, rotated={APP_ID: {"pair": ("k1",)}}), tenant(keys=keys), NOW)

    assert found == [
        ListedKey("web", "certificate", "pair", "k1", "rotated", place=PLACE, **days(10)),
        ListedKey("web", "certificate", "CN=x", "k2", "undeclared", **days(3)),
    ]


@pytest.mark.parametrize(
    "live",
    [{}, {"web": Live(Subject("web", None, {"id": "p", "passwordCredentials": [entry("P1", "x", 1)]}))}],
    ids=["not there", "no registration"],
)
def test_what_the_tenant_has_not_is_not_listed(live: dict[str, Live]) -> None:
    """Hold that nothing of it is, not even as missing."""
    assert listed(own(ROTATING), Directory("https://graph", live=live), NOW) == []


def key(standing: Any, end: float | None) -> ListedKey:
    """Return a key that ends in some days."""
    return ListedKey(
        "web", "secret", "n", "k", standing, end=None if end is None else NOW + timedelta(days=end)
    )


@pytest.mark.parametrize(
    ("one", "ends"),
    [
        (key("declared", 30), True),
        (key("undeclared", 30.1), False),
        (key("accepted", -1), True),
        (key("accepted", None), False),
        *(
            (key(each, 1), False)
            for each in ("rotated", "current", "overlapping", "done", "orphan", "missing")
        ),
    ],
    ids=lambda one: one.standing if isinstance(one, ListedKey) else "",
)
def test_what_ends_soon_and_no_rotation_replaces(one: ListedKey, ends: bool) -> None:
    """Hold that the last day counts, that what has ended does, and that what has no end does not."""
    assert ending([one], NOW, timedelta(days=30)) == ([one] if ends else [])


def test_last_uses_are_read_page_after_page() -> None:
    """Hold that ids are in small letters, and that one which was never used has no time."""
    used, second = "2026-05-01T00:00:00Z", "https://graph.microsoft.com/beta/next"
    first = [{"keyId": "ABC", "signInActivity": {"lastSignInDateTime": used}}, {"keyId": "d"}]
    last = [{"keyId": "e", "signInActivity": {"lastSignInDateTime": None}}, first[0] | {"keyId": "f"}]

    def response(request: Request) -> Response:
        if str(request.path).endswith(USED):
            return Response(200, {"value": first, "@odata.nextLink": second})
        return Response(200, {"value": last})

    door = Door(response)
    at = datetime(2026, 5, 1, tzinfo=UTC)

    assert asyncio.run(last_uses(graph(door))) == {"abc": at, "f": at}
    assert [(each.method, each.beta) for each in door.calls] == [("GET", True), ("GET", True)]


def test_a_tenant_that_does_not_say_when_keys_were_used() -> None:
    """Hold that nothing is known then, which is more than that nothing was used."""
    assert asyncio.run(last_uses(graph(Door(lambda _: error(403, "Forbidden"))))) is None
