"""Admin consents: what is fetched, declared and there, whom they give what, the requests that lead over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.graph import odata
from entra_config.graph.request import Request
from entra_config.kinds.base import Grant, application_address, enterprise_address
from entra_config.kinds.details import CONSENTS, CONSENTS_TO_IT, DelegatedConsent
from entra_config.kinds.directory import Live, Subject
from entra_config.kinds.facts import ApplicationFacts, ConsentFacts
from entra_config.kinds.permission_grant import PermissionGrantKind
from entra_config.kinds.writes import WriteView
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.policy import Removed
from entra_config.manifest.until import Until
from entra_config.plan.model import Change, Create, Delete, Effect, Update, address_of
from entra_config.plan.steps import Holds, Listed, Order, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, State
from tests.unit.kinds.clients import (
    API_BODY,
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
SERVICE = {"id": "sp-x"}
TENANT_WIDE = "%20and%20consentType%20eq%20'AllPrincipals'"
OF_CLIENT = f"/oauth2PermissionGrants?$filter=clientId%20eq%20'sp-x'{TENANT_WIDE}"
TO_IT = "/oauth2PermissionGrants?$filter=resourceId%20eq%20'sp-x'"
FOR_EVERYBODY = f"{TO_IT}{TENANT_WIDE}"
REST = "&$select=id,clientId,resourceId,consentType,principalId,scope&$top=999"


@pytest.mark.parametrize(
    ("subject", "paths"),
    [
        (Subject("x", {"id": "1"}), []),
        (Subject("x", None, SERVICE, others=True), []),
        (Subject("x", {"id": "1"}, SERVICE), [OF_CLIENT]),
        (Subject("job", {"id": "1"}, SERVICE), [OF_CLIENT]),
        (Subject("api", {"id": "1"}, SERVICE), [OF_CLIENT, FOR_EVERYBODY]),
        (Subject("x", API_BODY, SERVICE), [OF_CLIENT, FOR_EVERYBODY]),
        (Subject("api", API_BODY, SERVICE), [OF_CLIENT, TO_IT]),
        (Subject("old", API_BODY, SERVICE), [OF_CLIENT, TO_IT]),
    ],
)
def test_what_is_fetched(subject: Subject, paths: list[str]) -> None:
    """Tenant-wide grants of a client and to an API; those of single users only where a scope is removed."""
    declared = replace(manifest(), removed={"old": Removed("old", destroy=True)})
    details = [CONSENTS, CONSENTS_TO_IT][: len(paths)]
    expected = {detail: Request("GET", f"{path}{REST}") for detail, path in zip(details, paths, strict=True)}
    assert KIND.questions(subject, declared) == expected


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


def test_what_is_managed_and_what_is_left() -> None:
    """What no manifest can name stays beside what is consented, where requests are ignored."""
    directory = reading(consent("api", "run.old gone"), consent("x", "watched"))
    own = replace(OWN, delegated_consent=frozenset({"Run"}))
    declared = manifest(api_permissions={"api": own}, ignore_changes=("requiredResourceAccess",))
    wanted = replace(grant("api", "gone", "run.all"), position=HERE)
    there = grant("api", "gone", "run.old", id_="g-api", scope="run.old gone")
    assert list(KIND.desired(declared, directory)) == [wanted]
    assert list(KIND.actual(declared, directory)) == [there]
    none = manifest(api_permissions={"api": replace(own, delegated_consent=None)})
    assert list(KIND.desired(none, directory)) == []
    assert list(KIND.actual(none, directory)) == [there]


def test_what_it_gives_a_client() -> None:
    """Each scope is a grant, which can be refused alone."""
    own = grant("hr", "a", "b", "c")
    grants = [Grant(JOB, "hr", "delegated", scope) for scope in "abc"]
    assert list(KIND.grants(own)) == grants
    assert KIND.without(own, {grants[1]}) == grant("hr", "a", "c")
    assert KIND.without(own, set(grants)) is None


def test_what_the_log_calls_it() -> None:
    """By both ends, as far as they are known."""
    tenant = {application_address(JOB): ApplicationFacts(service_principal_id="sp-job")}
    assert KIND.trace.ends(grant("hr"), tenant) == {"resource": "sp-hr", "client": "sp-job"}
    assert KIND.trace.ends(grant("hr"), {}) == {"resource": "sp-hr", "client": None}


def test_effects_are_what_is_new() -> None:
    """Twenty scopes a line; what goes gives nothing."""
    many = [f"s{number:02}" for number in range(21)]
    after = replace(grant("hr", *many), position=HERE)
    lines = [", ".join(many[:20]), many[20]]
    made = [Effect("consent", f'job → hr "HR Suite": {line}', after.address, HERE) for line in lines]
    assert list(KIND.effects(Create(after))) == made
    assert list(KIND.effects(Update(grant("hr", *many[:20]), after))) == made[1:]
    assert list(KIND.effects(Delete(after))) == []


def steps(*changes: Change) -> list[Any]:
    """Return the writes of changes."""
    by_address = {address_of(change): change for change in changes}
    return list(KIND.expand(WriteView(small(), DIRECTORY, State({}), State({}), by_address)))


CLIENT, API = application_address(JOB), application_address("hr")
ENDS = {"clientId": Ref(enterprise_address(JOB)), "consentType": "AllPrincipals", "resourceId": "sp-hr"}


def test_how_one_comes() -> None:
    """By one request; the client is armed by it, and the API's scopes are there before."""
    path = odata.path(
        "/oauth2PermissionGrants?$filter=clientId%20eq%20", Ref(enterprise_address(JOB)), TENANT_WIDE
    )
    probe = Probe(Request("GET", path), Listed({**ENDS, "scope": "a b"}))
    body = {**ENDS, "principalId": None, "scope": "a b"}
    step = Step(
        "permissionGrant.job/hr/grant",
        (Address("permissionGrant", "job/hr"),),
        Phase.REFERENCE,
        Request("POST", "/oauth2PermissionGrants", body),
        CLIENT,
        order=Order(awaits=frozenset({API}), arms=frozenset({CLIENT})),
        found_by=probe,
        visible=probe,
    )
    assert steps(Create(grant("hr", "a", "b"))) == [step]
    (coming,) = steps(Create(grant("hr", "a", resource_id="")))
    assert coming.request.body["resourceId"] == Ref(enterprise_address("hr"))


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


def test_how_one_goes() -> None:
    """Unless its client goes: it takes its consents along."""
    step = Step(
        "permissionGrant.job/hr/revoke",
        (Address("permissionGrant", "job/hr"),),
        Phase.UNREFERENCE,
        Request("DELETE", "/oauth2PermissionGrants/g"),
        CLIENT,
        order=Order(releases=frozenset({API})),
        done_if=("Request_ResourceNotFound",),
    )
    change = Delete(grant("hr", "a", id_="g"))
    assert steps(change) == [step]
    assert steps(change, Delete(Resource(CLIENT, {}))) == []
