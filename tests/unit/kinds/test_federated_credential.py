"""Federated credentials: what is fetched, what is declared and what is there, the requests that lead over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.graph.request import Request
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts
from entra_config.kinds.federated_credential import FEDERATED, FederatedCredentialKind, FederatedTrust
from entra_config.kinds.trace import Part
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import FederatedCredential
from entra_config.plan.model import Create, Delete, Effect, Update
from entra_config.resource import WHOLE
from tests.unit.kinds.estate import API, credential
from tests.unit.plan.estates import manifest as small

KIND = FederatedCredentialKind()
HERE, THERE = Position("api.yaml", 1, 1), Position("api.yaml", 9, 1)
JOB = application_address("job")


def manifest(*credentials: FederatedCredential, **more: Any) -> Manifest:
    """Return a manifest with these credentials of one application, and one without any."""
    api = Application("api", "api", {}, federated_credentials={each.name: each for each in credentials})
    return replace(
        small(), applications={"api": replace(api, **more), "job": Application("job", "daemon", {})}
    )


@pytest.mark.parametrize(
    ("subject", "declared", "fetched"),
    [
        (Subject("api", {"id": "1"}), manifest(), False),
        (Subject("api", {"id": "1"}), manifest(FederatedCredential("a", "i", "s", expression=None)), False),
        (Subject("api", {"id": "1"}), manifest(FederatedCredential("a", "i", "", expression="e")), True),
        (Subject("gone", {"id": "1"}), manifest(), False),
        (Subject("api", {"id": "1"}, deleted=True), manifest(), None),
        (Subject("api", None, {"id": "1"}), manifest(), None),
    ],
)
def test_what_is_fetched(subject: Subject, declared: Manifest, fetched: bool | None) -> None:
    """The list of each application that is there: at beta where an expression is declared."""
    path = "/applications/1/federatedIdentityCredentials"
    path += "" if fetched else "?$select=id,name,issuer,subject,audiences,description"
    questions = {} if fetched is None else {FEDERATED: Request("GET", path, beta=fetched)}
    assert KIND.questions(subject, declared) == questions


def test_what_is_declared() -> None:
    """Each by its name; an expression is there where there is one, and the last day of one that ends."""
    plain = FederatedCredential("ci", "https://i", "s", position=HERE)
    other = FederatedCredential("x", "https://i", "", "aud", "text", "e", until=date(2027, 1, 1))
    found = list(KIND.desired(manifest(plain, other), Directory("https://graph")))
    assert found == [
        replace(credential(audiences=["api://AzureADTokenExchange"]), position=HERE),
        replace(
            credential("x", subject="", claimsMatchingExpression="e", audiences=["aud"], description="text"),
            ends={WHOLE: date(2027, 1, 1)},
        ),
    ]


def test_what_is_there() -> None:
    """What each declared application has, whole; no other application."""
    trust = FederatedTrust("1", "ci", "https://i", "s", ("a",), None)
    flexible = FederatedTrust("2", "x", "https://i", None, (), "text", "e")
    live = {
        key: Live(Subject(key, {"id": key}), {FEDERATED: rows})
        for key, rows in (("others", (trust,)), ("api", (trust, flexible)), ("job", ()))
    }
    assert list(KIND.actual(manifest(), Directory("https://graph", live=live))) == [
        credential(id_="1"),
        credential(
            "x", id_="2", subject=None, claimsMatchingExpression="e", audiences=[], description="text"
        ),
    ]


def test_what_is_ignored_is_neither() -> None:
    """`ignoreChanges` names them: they are nobody's business."""
    ignoring = manifest(FederatedCredential("ci", "i", "s"), ignore_changes=("federatedIdentityCredentials",))
    after = replace(
        ignoring,
        applications={
            **ignoring.applications,
            "job": replace(
                ignoring.applications["job"],
                federated_credentials={"ci": FederatedCredential("ci", "https://i", "s", "a")},
            ),
        },
    )
    trust = FederatedTrust("1", "ci", "https://i", "s", ("a",), None)
    live = {key: Live(Subject(key, {"id": key}), {FEDERATED: (trust,)}) for key in ("api", "job")}
    assert list(KIND.desired(after, Directory("https://graph"))) == [credential(parent=JOB)]
    assert list(KIND.actual(after, Directory("https://graph", live=live))) == [
        credential(parent=JOB, id_="1")
    ]


def test_what_the_log_calls_it() -> None:
    """By its name, in a property of its application; both ids, as far as they are known."""
    trace, own = KIND.trace, credential(id_="1")
    tenant = {API: ApplicationFacts("app")}
    assert trace.ends(own, tenant) == {"object": "app", "credential": "1"}
    assert trace.ends(credential(), {}) == {"object": None, "credential": None}
    assert trace.element(own) == ("ci",)
    assert isinstance(trace.reported, Part)
    assert trace.reported.name(own) == "ci"


def test_what_is_empty_is_null() -> None:
    """A description that nobody wrote is none."""
    assert KIND.normal(credential(description="").values) == credential().values


def test_what_it_gives() -> None:
    """Whoever may sign in, whole; what says nothing is left out, and what goes gives nothing."""
    own = replace(credential(description="text", claimsMatchingExpression=None), position=THERE)
    said = 'api/ci: issuer "https://i", subject "s", audiences ["a"], description "text"'
    effect = Effect("federated credential", said, own.address, THERE)
    for change in (Create(own), Update(credential(), own)):
        assert list(KIND.effects(change)) == [effect]
    assert list(KIND.effects(Delete(own))) == []
