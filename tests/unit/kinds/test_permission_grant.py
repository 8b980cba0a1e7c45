"""Admin consents: what is fetched, declared and there, whom they give what, the requests that lead over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.base import application_address, enterprise_address
from entra_config.kinds.details import CONSENTS, DelegatedConsent
from entra_config.kinds.directory import Live
from entra_config.kinds.facts import ApplicationFacts, ConsentFacts
from entra_config.kinds.permission_grant import PermissionGrantKind
from entra_config.kinds.writes import WriteView
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.until import Until
from entra_config.plan.model import Change, Update, address_of
from entra_config.plan.steps import Holds, Order, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, State
from tests.unit.kinds.clients import (
    DIRECTORY,
    HERE,
    HR,
    JOB,
    OWN,
    THERE,
    client,
    manifest,
    required,
)
from tests.unit.plan.estates import manifest as small

KIND = PermissionGrantKind()


def grant(api: str, *scopes: str, id_: str | None = None, key: str = JOB, **facts: Any) -> Resource:
    """Return one as a resource."""
    called = {"hr": 'hr "HR Suite"'}.get(api, api)
    return Resource(
        Address("permissionGrant", f"{key}/{api}"),
        {"scope": list(scopes)},
        ConsentFacts(id_, **{"client": key, "resource": api, "resource_id": f"sp-{api}", **facts}),
        title=f"{key} → {called}",
        parent=application_address(key),
    )


def consent(resource: str, scope: str) -> DelegatedConsent:
    """Return what the client has."""
    return DelegatedConsent(f"g-{resource}", "sp-job", f"sp-{resource}", True, "", scope)


def reading(*grants: DelegatedConsent, requested: Any = ()) -> Any:
    """Return the tenant, where the client has these consents."""
    live = Live(client(JOB, *requested).subject, {CONSENTS: grants})
    return replace(DIRECTORY, live={**DIRECTORY.live, JOB: live})


UNTIL = {("delegated", "Use"): Until(date(2027, 1, 1)), ("application", "Use"): Until(date(2028, 1, 1))}
WITH_USE = replace(HR, delegated_consent=frozenset({"Use", "Also"}), until=UNTIL)
MISSING = ApiPermission("missing", own=False, delegated_consent=frozenset({"a"}))


def test_what_is_declared() -> None:
    """The scopes of each API that is there, by their values, until their last days."""
    declared = manifest(
        api_permissions={
            "missing": MISSING,
            "api": replace(OWN, delegated_consent=frozenset()),
            "hr": WITH_USE,
        }
    )
    assert list(KIND.desired(declared, DIRECTORY)) == [
        replace(grant("hr", "Also", "use"), position=HERE, ends={("scope", "use"): date(2027, 1, 1)})
    ]
    coming = replace(DIRECTORY, apis={"hr": replace(DIRECTORY.apis["hr"], id=Ref(enterprise_address("hr")))})
    (found,) = KIND.desired(declared, coming)
    assert ConsentFacts.of(found).resource_id == ""
    assert list(KIND.desired(manifest(api_permissions={"hr": HR}), DIRECTORY)) == []


def test_what_stays_of_one_that_loses_something() -> None:
    """Of a consent that nobody manages: what is requested, and nothing that no longer is."""
    directory = reading(
        consent("hr", "use hr.old"),
        consent("api", "run.all"),
        requested=(required("app-hr", ("s2", "Scope")),),
    )
    declared = manifest(api_permissions={"hr": HR, "api": replace(OWN, delegated_consent=frozenset())})
    stays = replace(grant("hr", "use"), position=THERE)
    there = grant("hr", "hr.old", "use", id_="g-hr", scope="use hr.old")
    assert list(KIND.desired(declared, with_app_id(directory))) == [stays]
    assert list(KIND.actual(declared, with_app_id(directory))) == [
        there,
        grant("api", "run.all", id_="g-api", scope="run.all"),
    ]


def with_app_id(directory: Any) -> Any:
    """Return it with the appId of the API of others."""
    return replace(directory, app_ids={**directory.app_ids, "sp-hr": "app-hr"})


def test_what_the_log_calls_it() -> None:
    """By both ends, as far as they are known."""
    tenant = {application_address(JOB): ApplicationFacts(service_principal_id="sp-job")}
    assert KIND.trace.ends(grant("hr"), tenant) == {"resource": "sp-hr", "client": "sp-job"}
    assert KIND.trace.ends(grant("hr"), {}) == {"resource": "sp-hr", "client": None}


def steps(*changes: Change) -> list[Any]:
    """Return the writes of changes."""
    by_address = {address_of(change): change for change in changes}
    return list(KIND.expand(WriteView(small(), DIRECTORY, State({}), State({}), by_address)))


CLIENT, API = application_address(JOB), application_address("hr")


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        (("a",), ("a", "b"), Order(awaits=frozenset({API}), arms=frozenset({CLIENT}))),
        (("a", "b"), ("a",), Order(awaits=frozenset({API}), releases=frozenset({API}))),
        (
            ("a",),
            ("b",),
            Order(awaits=frozenset({API}), releases=frozenset({API}), arms=frozenset({CLIENT})),
        ),
    ],
)
def test_how_one_changes(before: tuple[str, ...], after: tuple[str, ...], order: Order) -> None:
    """It is as it was read; what comes arms the client, what goes is taken from the API's holders."""
    path = "/oauth2PermissionGrants/g"
    step = Step(
        "permissionGrant.job/hr/change",
        (Address("permissionGrant", "job/hr"),),
        Phase.REFERENCE,
        Request("PATCH", path, {"scope": " ".join(after)}),
        CLIENT,
        order=order,
        guard=Probe(Request("GET", path), Holds({"scope": " as it was "})),
        visible=Probe(Request("GET", path), Holds({"scope": " ".join(after)})),
    )
    change = Update(grant("hr", *before, id_="g", scope=" as it was "), grant("hr", *after))
    assert steps(change) == [step]
