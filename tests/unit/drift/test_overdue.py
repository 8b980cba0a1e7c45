"""What is over by its `until` and in the tenant still, as findings of their own class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from entra_config.drift.model import Overdue
from entra_config.drift.overdue import overdue
from entra_config.errors import Position
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Certificate
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.phrase import Person, Phrase, without_names
from entra_config.resource import WHOLE, Address, Resource, State
from tests.unit.plan import estates

JAN, FEB, MAR = (date(2027, month, 28) for month in (1, 2, 3))
HERE, API, OTHER = Position("a.yaml", 3), Address("application", "api"), Address("application", "other")
APPLY = "entra-config apply --expired"


def declared(written: Application | None = None, *applications: Application, **more: Any) -> Manifest:
    """Make a manifest of applications, and what was written of one before it was over."""
    own = replace(estates.manifest(), applications={each.key: each for each in applications})
    whole = replace(own, applications={written.key: written}) if written else None
    return replace(own, written=whole, **more)


def found(
    manifest: Manifest, *resources: Resource, body: Mapping[str, Any] | None = None
) -> tuple[Overdue, ...]:
    """Return what is overdue, of what is over and of an application that is there."""
    live = {"api": Live(Subject("api", body))}
    there = (Resource(each.address, {}, ended=each) for each in resources)
    return overdue(manifest, Directory("", live=live), estates.state(*there, Resource(OTHER, {})))


ASSIGNMENT = Address("appRoleAssignment", "api/A/user:u1")


def test_what_is_over_is_told_by_day_address_and_words() -> None:
    """All of a resource, or entries of it, each with where it stands; the command is the same."""
    assigned = Resource(ASSIGNMENT, {}, title="api/A ← Audit", ends={WHOLE: MAR}, position=HERE)
    app = Resource(API, {}, ends={("uris", "b"): FEB, ("uris", "a"): FEB, ("keys", "T1"): MAR, WHOLE: JAN})
    manifest = declared(None, Application("api", "api", {}))
    assert found(manifest, assigned, app) == (
        Overdue(API, JAN, "application api", "", "", None, APPLY),
        Overdue(API, FEB, "application api: a", "uris", "a", None, APPLY),
        Overdue(API, FEB, "application api: b", "uris", "b", None, APPLY),
        Overdue(ASSIGNMENT, MAR, "assignment api/A ← Audit", "", "", HERE, APPLY),
        Overdue(API, MAR, "application api: T1", "keys", "T1", None, APPLY),
    )


def test_people_are_left_out_where_names_are() -> None:
    """A title's people are values."""
    title = Phrase.of("api/A ← ", Person("'li@x'", "u1"))
    (each,) = found(declared(), Resource(ASSIGNMENT, {}, title=title, ends={WHOLE: JAN}))
    assert without_names(each.sentence) == "assignment api/A ← a user (u1…)"


KEYS = (Certificate("old", "", "ab12", ""), Certificate("new", "", "cd34", ""))


@pytest.mark.parametrize(
    ("written", "key", "called"),
    [
        (Application("api", "api", {}, certificates=KEYS), "AB12", "certificate old"),
        (Application("api", "api", {}, certificates=KEYS), "CD34", "certificate new"),
        (Application("api", "api", {}, certificates=KEYS), "EF56", "EF56"),
        (Application("api", "api", {}), "AB12", "AB12"),
        (Application("spa", "spa", {}, certificates=KEYS), "AB12", "AB12"),
    ],
)
def test_a_certificate_goes_by_its_label(written: Application, key: str, called: str) -> None:
    """As it was written before it was over, or is written still."""
    resource = Resource(API, {}, ends={("keyCredentials", key): JAN})
    for manifest in (declared(written), declared(None, written)):
        assert [each.sentence for each in found(manifest, resource)] == [f"application api: {called}"]
    kept = declared(written, Application("api", "api", {}))
    assert [each.sentence for each in found(kept, resource)] == [f"application api: {called}"]


def secret(label: str = "ci", until: date | None = JAN) -> DeclaredSecret:
    """Make a declared secret."""
    return DeclaredSecret(label, "vault", timedelta(1), timedelta(0), HERE, until=until)


def having(*secrets: DeclaredSecret) -> Application:
    """Make an application with secrets."""
    return Application("api", "api", {}, secrets={each.label: each for each in secrets})


NAMED = f"entra-config:ci:{'0' * 16}.{'0' * 20}"
BODY = {
    "appId": "a1",
    "passwordCredentials": [
        {"keyId": "K1", "displayName": NAMED},
        {"keyId": "K2", "displayName": NAMED.replace("ci", "other")},
        {"keyId": "K3", "displayName": "by hand"},
        {"keyId": "K4", "displayName": None},
    ],
}
LOCKED = {"rotated": {"a1": {"ci": ("k3",), "other": ("k4",)}, "a2": {"ci": ("k2",)}}}


def over(*key_ids: str) -> tuple[Overdue, ...]:
    """Return what is told of secrets that are over."""
    return tuple(
        Overdue(
            API, JAN, f"secret ci of api ({id_})", "passwordCredentials", id_, HERE,
            f"entra-config credentials remove api {id_}",
        )
        for id_ in key_ids
    )  # fmt: skip


@pytest.mark.parametrize(
    ("manifest", "body", "expected"),
    [
        pytest.param(declared(having(secret())), BODY, over("k1"), id="by its name"),
        pytest.param(declared(having(secret()), **LOCKED), BODY, over("k1", "k3"), id="and by the lock file"),
        pytest.param(declared(having(secret()), having()), BODY, over("k1"), id="declared no more"),
        pytest.param(declared(having(secret()), having(secret())), BODY, (), id="declared still"),
        pytest.param(
            declared(having(secret("other"), secret()), having(secret("other"))), BODY, over("k1"), id="one"
        ),
        pytest.param(declared(having(secret(until=None))), BODY, (), id="without an end"),
        pytest.param(declared(None, having(secret())), BODY, (), id="nothing is over"),
        pytest.param(declared(having(secret())), None, (), id="not there"),
        pytest.param(
            declared(having(secret())), {"appId": "a1", "passwordCredentials": None}, (), id="no secrets"
        ),
        pytest.param(declared(replace(having(secret()), key="spa")), BODY, (), id="another application"),
    ],
)
def test_a_secret_of_a_label_that_is_over_has_a_command(
    manifest: Manifest, body: Mapping[str, Any] | None, expected: tuple[Overdue, ...]
) -> None:
    """No plan removes one: what rotation made under the label, by its name or by the lock file."""
    assert found(manifest, body=body) == expected
    assert overdue(declared(having(secret())), Directory(""), State({})) == ()
