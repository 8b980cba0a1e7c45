"""What several rules look for in the same way, by small applications."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.lint import each, power, table
from entra_config.lint.model import Hit, TenantFacts, View
from entra_config.lint.subject import Credential, Federated, LintSubject, Permission, Placed, Redirect
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from tests.unit.lint.snippets import HEAD

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
APP, HERE = Position("m.yaml", 5), Position("m.yaml", 9)
RULES = table.built_in()
EXPIRING, LASTING = RULES["secret-expiring"], RULES["secret-lifetime"]  # 30 and 180 days
MANY = RULES["redirect-many"]  # 20


@pytest.fixture(name="small", scope="module")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    path = tmp_path_factory.mktemp("each") / "entra-config.yaml"
    path.write_text(
        f"{HEAD}applications: {{ app: {{ type: daemon, displayName: App }} }}\n", encoding="utf-8"
    )
    return loader.load(path)


def view(small: Manifest, *subjects: LintSubject, facts: dict[str, Any] | None = None) -> View:
    """Return one environment with these applications, on a day."""
    return View(small, subjects, NOW, tenant=None if facts is None else TenantFacts(facts))


def app(**more: Any) -> LintSubject:
    """Return an application with something of its own."""
    return LintSubject("app", "App", "daemon", APP, **more)


def secret(name: str, days: float | None = None, *, start: float | None = None, **more: Any) -> Credential:
    """Return a secret that ends in some days, and began some days ago."""
    return Credential(
        "secret",
        name,
        start=None if start is None else NOW - timedelta(days=start),
        end=None if days is None else NOW + timedelta(days=days),
        **more,
    )


def test_credentials_are_of_one_type(small: Manifest) -> None:
    """Hold that each comes with its application, and those of the other type do not."""
    certificate = Credential("certificate", "c")
    subject = app(credentials=(secret("a"), certificate, secret("b")))

    assert list(each.credentials(view(small, subject, app()), "secret")) == [
        (subject, secret("a")),
        (subject, secret("b")),
    ]
    assert list(each.credentials(view(small, subject), "certificate")) == [(subject, certificate)]


def certificate(days: float) -> Credential:
    """Return a certificate that ends in some days."""
    return Credential("certificate", "c", end=NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((secret("a", 30),), [("a", 30)]),
        ((secret("a", 30.5),), []),
        ((secret("a", 29.5), secret("b", 0.5)), [("a", 29), ("b", 0)]),
        ((secret("a", 0),), [("a", 0)]),
        ((secret("a", -0.1),), []),
        ((secret("a", 10), secret("b", 31)), []),
        ((secret("a", 10), certificate(300)), [("a", 10)]),
        ((secret("a", 10), secret("b", 300, usage="Encrypt")), [("a", 10)]),
        ((secret("a", 10, usage="Encrypt"),), []),
        ((secret("a"), secret("b", 10)), [("b", 10)]),
    ],
    ids=[
        "on the last day that is reported",
        "later",
        "two, both soon",
        "now",
        "over already",
        "another lives on",
        "what lives on is of another type",
        "what lives on signs nobody in",
        "what ends signs nobody in",
        "one without an end does not live on",
    ],
)
def test_what_ends_soon_with_nothing_to_take_its_place(
    held: tuple[Credential, ...], expected: list[tuple[str, int]], small: Manifest
) -> None:
    """Hold who is reported, and in how many whole days it ends."""
    subject = app(credentials=held)
    found = list(each.expiring(view(small, app(), subject), "secret", EXPIRING))

    assert [(whose.credentials, one.name, days) for whose, one, days in found] == [
        (held, name, days) for name, days in expected
    ]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (secret("a", 91, start=90), ["for 181 days, more than 180"]),
        (secret("a", 90, start=90), []),
        (secret("a", 900), []),
        (secret("a", start=900), []),
    ],
    ids=["a day too long", "just long enough", "without a beginning", "without an end"],
)
def test_what_holds_for_too_long(one: Credential, words: list[str], small: Manifest) -> None:
    """Hold that the whole life counts, not what is left of it."""
    subject = app(credentials=(one,))
    assert [found[2] for found in each.lasting(view(small, subject), "secret", LASTING)] == words


@pytest.mark.parametrize(("count", "reported"), [(20, False), (21, True)])
def test_a_list_is_too_long_from_one_more_than_the_limit(count: int, reported: bool, small: Manifest) -> None:
    """Hold that it is reported once, at its first item, with both numbers."""
    items = tuple(Redirect("web", str(number), Position("m.yaml", number)) for number in range(1, count + 1))
    hit = Hit(Position("m.yaml", 1), "`app` has 21 addresses of 20", "app", "count")
    found = each.crowded(
        view(small, app(redirects=items), app()), MANY, lambda one: one.redirects, "addresses of {most}"
    )
    assert list(found) == ([hit] if reported else [])


@pytest.mark.parametrize(("value", "reported"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_a_switch_gives_something_where_it_is_on(value: Any, reported: bool, small: Manifest) -> None:
    """Hold that only true is on, and that it is reported at the switch."""
    subject = app(settings={"a.b": Placed(value, HERE)})
    hit = Hit(HERE, "`app` gets tokens", "app", "a.b")
    assert list(each.granted(view(small, subject, app()), "a.b", "tokens")) == ([hit] if reported else [])


@pytest.mark.parametrize(
    ("body", "reported"), [({"isEnabled": False}, True), ({"isEnabled": True}, False), ({}, False)]
)
def test_what_is_off_in_a_tenant_is_told_of_the_tenant(
    body: dict[str, Any], reported: bool, small: Manifest
) -> None:
    """Hold that what Graph does not say is not off."""
    found = each.switched_off(view(small, facts={"policy": (body,)}), "policy", "It is off.", "policy")
    assert list(found) == ([Hit(None, "It is off.", what="policy")] if reported else [])
    assert list(each.switched_off(view(small), "policy", "It is off.", "policy")) == []


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Credential("secret", "ci", "key", position=HERE), Hit(HERE, "m", "app", "key")),
        (Credential("secret", "ci"), Hit(APP, "m", "app", "ci")),
    ],
)
def test_a_credential_is_known_by_its_id_else_its_name(one: Credential, expected: Hit) -> None:
    """Hold that it stands at its own line, else at the application's."""
    assert each.hit(app(), one, "m") == expected


def asks(value: str, kind: Any = "application", **more: Any) -> Permission:
    """Return a permission."""
    return Permission("api", kind, value, **more)


PERMISSIONS = (
    asks("Application.ReadWrite.All"),
    asks("Application.ReadWrite.All", "delegated"),
    asks("User.Read.All"),
    asks("Application.ReadWrite.All", own=True),
    asks("BitlockerKey.Read.All"),
    asks("Sites.FullControl.All"),
    asks("RoleManagement.ReadWrite.Directory"),
)


def test_permissions_that_write_as_the_application_are_found(small: Manifest) -> None:
    """Hold that what is asked in somebody's name is not among it, and what reads is not."""
    assert list(power.Powers(view(small)).writes(app(permissions=PERMISSIONS))) == [
        asks("Application.ReadWrite.All"),
        asks("Application.ReadWrite.All", own=True),
        asks("Sites.FullControl.All"),
        asks("RoleManagement.ReadWrite.Directory"),
    ]


def test_what_leads_to_a_global_administrator_is_microsoft_s() -> None:
    """Hold that an API of ours has no such permission, and what only reads leads nowhere."""
    assert list(power.tier0(app(permissions=PERMISSIONS))) == [
        asks("Application.ReadWrite.All"),
        asks("RoleManagement.ReadWrite.Directory"),
    ]


@pytest.mark.parametrize(
    ("permissions", "workload", "reported"),
    [
        ((asks("Mail.Send"),), Federated("w", "i", "repo:a/b:pull_request", "", HERE), True),
        ((asks("Mail.Send"),), Federated("w", "i", "repo:a/b:ref:refs/heads/main", "", HERE), False),
        ((asks("Mail.Read"),), Federated("w", "i", "repo:a/b:pull_request", "", HERE), False),
        ((), Federated("w", "i", "repo:a/b:pull_request", "", HERE), False),
        (
            (asks("Mail.Send"),),
            Federated("w", "i", "repo:a/b:pull_request:job_workflow_ref:x", "", HERE),
            False,
        ),
        (
            (asks("Mail.Send"),),
            Federated("w", "i", "repo:a/b:pull_request", "", HERE, {}, "claims['job_workflow_ref'] eq 'x'"),
            False,
        ),
    ],
    ids=["writes", "another subject", "reads", "asks for nothing", "names its workflow", "in an expression"],
)
def test_a_workload_that_writes_is_told_unless_it_names_its_workflow(
    permissions: tuple[Permission, ...], workload: Federated, reported: bool, small: Manifest
) -> None:
    """Hold who is reported, by the first permission that writes."""
    subject = app(permissions=permissions, federated=(workload,))
    found = power.workloads(
        view(small, subject), re.compile("pull_request"), "{application} writes by {permission}"
    )
    assert list(found) == ([Hit(HERE, "app writes by Mail.Send", "app", "w")] if reported else [])
