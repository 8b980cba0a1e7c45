"""Federated credentials: what is fetched, what is declared and what is there, the requests that lead over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.base import application_address
from entra_config.kinds.details import FederatedTrust
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts
from entra_config.kinds.federated_credential import FEDERATED, FederatedCredentialKind
from entra_config.kinds.trace import Part
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import FederatedCredential
from tests.unit.kinds.estate import API, credential
from tests.unit.plan.estates import manifest as small

KIND = FederatedCredentialKind()


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
