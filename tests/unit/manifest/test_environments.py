"""Environments: overrides, only, removed, placeholders, policy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entra_config.errors import UsageError
from entra_config.resource import Address, Ref, Text
from tests.unit.manifest.conftest import TENANT, Load, Problems

OTHER = "22222222-2222-2222-2222-222222222222"


def _root(dev: str = "", prod: str = "", rest: str = "") -> str:
    ends = [
        f"  {name}: {{ tenantId: {tenant}{body and ', ' + body} }}"
        for name, tenant, body in (("dev", TENANT, dev), ("prod", OTHER, prod))
    ]
    return "project: myapp\nenvironments:\n" + "\n".join(ends) + "\n" + rest


API = "applications: { api: { type: api, displayName: 'API', tags: [a, b], appRoles: { Admin: All., Reader: Reads. } } }\n"


def test_without_a_name_it_is_the_only_environment(load: Load) -> None:
    """One environment needs no choice, two do, and a wrong name offers the right one."""
    assert load(API).environment == "dev"
    with pytest.raises(UsageError, match=r"which environment\? .* has `dev` and `prod`: say -e NAME"):
        load(_root(rest=API))
    with pytest.raises(
        UsageError, match=r"`prd` is not an environment of entra-config\.yaml\. Did you mean `prod`\?"
    ):
        load(_root(rest=API), "prd")


def test_overrides_merge_maps_and_replace_the_rest(load: Load) -> None:
    """Maps merge; scalars and lists replace; null clears."""
    over = "overrides: { applications: { api: { displayName: Other, tags: [c], notes: null, appRoles: { Admin: { description: Less. } } } } }"
    app = load(_root(prod=over, rest=API.replace("tags", "notes: text, tags")), "prod").applications["api"]
    assert app.settings["displayName"].value == "Other"
    assert app.settings["tags"].value == ["c"]
    assert app.settings["notes"].value is None
    assert app.app_roles["Admin"].description == "Less."
    assert app.app_roles["Reader"].description == "Reads."
    assert load(_root(prod=over, rest=API), "dev").applications["api"].settings["displayName"].value == "API"


def test_null_takes_an_entry_of_a_map_out(load: Load) -> None:
    """A role that an override sets to null is not there."""
    over = "overrides: { applications: { api: { appRoles: { Admin: null } } } }"
    assert list(load(_root(dev=over, rest=API), "dev").applications["api"].app_roles) == ["Reader"]


CLIENTS = """\
applications:
  api:
    type: api
    displayName: API
    scopes: { use: Use it }
    appRoles: { Job: { description: Works., allowedMemberTypes: [Application] } }
    authorizedClients: { spa: [use], tool: [use] }
    knownClientApplications: [spa, tool]
  spa: { type: spa, displayName: SPA, redirectUris: ["https://a.example/", "https://a.example/${applications.tool.appId}"] }
  tool:
    type: web
    only: [dev]
    displayName: Tool
    notes: "for ${applications.spa.appId}"
    apiPermissions: { api: { delegated: [use], application: [Job], adminConsent: true } }
appRoleAssignments: { tool: { default: { groups: [Developers] } } }
"""


def test_what_only_leaves_out_its_references_leave_too(load: Load) -> None:
    """Authorized and known clients, assignments, permissions, policies and placeholders go with it."""
    policy = "policy: { consent: { tool: { delegated: [x] } } }"
    prod = load(_root(prod=policy, rest=CLIENTS), "prod")
    assert prod.excluded == ("tool",)
    assert list(prod.applications) == ["api", "spa"]
    assert prod.applications["api"].authorized_clients == {"spa": ("use",)}
    assert prod.applications["api"].known_clients == ("spa",)
    assert prod.applications["spa"].settings["spa.redirectUris"].value == ["https://a.example/"]
    assert (prod.assignments, prod.policy.consent) == ({}, {})
    dev = load(_root(rest=CLIENTS), "dev")
    assert dev.applications["api"].authorized_clients == {"spa": ("use",), "tool": ("use",)}
    assert ("tool", "default") in dev.assignments


def test_an_enterprise_application_leaves_with_both_of_its_names(load: Load) -> None:
    """Permissions asked by display name leave too."""
    text = """\
enterpriseApplications: { partner: { displayName: Partner API, only: [dev] } }
applications: { web: { type: web, displayName: W, apiPermissions: { Partner API: { delegated: [x] } } } }
appRoleAssignments: { partner: { Any: { groups: [Staff] } } }
"""
    dev, prod = (load(_root(rest=text), name) for name in ("dev", "prod"))
    both = text.replace("[dev] } }", "[dev] }, other: { displayName: Partner API, only: [prod] } }")
    assert list(load(_root(rest=both), "prod").applications["web"].api_permissions) == ["other"]
    assert list(dev.applications["web"].api_permissions) == ["partner"]
    assert (prod.applications["web"].api_permissions, prod.enterprise_applications, prod.assignments) == (
        {},
        {},
        {},
    )


def test_placeholders_are_filled(load: Load) -> None:
    """Variables keep their type where they stand alone; appIds become references; `$${` stays."""
    text = """\
applications:
  web:
    type: web
    displayName: "Web ${suffix} ${environment} $${x} ${on}"
    allowPublicClientFlows: ${off}
    identifierUris: ["api://${appId}", "api://${tenantId}/web"]
    homePageUrl: https://${host}/${applications.spa.appId}
    redirectUris: ["https://${host}/"]
  spa: { type: spa, displayName: SPA }
"""
    variables = 'variables: { suffix: "(${environment})", host: example.com, on: true, off: false }'
    web = load(_root(dev=variables, rest=text), "dev").applications["web"].settings
    own, spa = (Ref(Address("application", key), "appId") for key in ("web", "spa"))
    assert web["displayName"].value == "Web (dev) dev ${x} true"
    assert web["isFallbackPublicClient"].value is False
    assert web["identifierUris"].value == [Text(("api://", own)), f"api://{TENANT}/web"]
    assert web["web.homePageUrl"].value == Text(("https://example.com/", spa))
    assert web["web.redirectUris"].value == ["https://example.com/"]


def test_protected_and_deployers_are_read(load: Load) -> None:
    """Who applies is named; nobody named is nobody said."""
    found = load(_root(prod="protected: true, deployers: [Deploy]", rest=API), "prod")
    assert found.protected
    assert [named.name for named in found.deployers or ()] == ["Deploy"]
    assert load(API).deployers is None


def test_what_is_acknowledged_holds_for_one_environment_until_its_day(load: Load, problems: Problems) -> None:
    """By appId and value, in the environment that says so, its last day included; what does not fit is an error."""
    app_id = "0c0ffee0-0000-4000-8000-000000000001"
    known = f"acknowledged: {{ api: [{{ id: {app_id}, application: [Admin], delegated: [read], until: 2027-06-30 }}] }}"
    text = _root(prod=known, rest=API)
    prod = load(text, "prod")
    held = frozenset({(app_id, "application", "Admin"), (app_id, "delegated", "read")})
    assert prod.acknowledged_at("api", datetime(2027, 6, 30, 23, tzinfo=UTC)) == held
    assert prod.acknowledged_at("api", datetime(2027, 7, 1, tzinfo=UTC)) == frozenset()
    assert not load(text, "dev").acknowledged
    wrong = "acknowledged: { apo: [], api: [{ delegated: [read] }, { id: " + app_id + " }] }"
    reported = problems(_root(dev=wrong, rest=API), "dev")
    assert [
        word
        for word in ("`apo` is not an application", "`id` is missing", "name what is acknowledged")
        if word in str(reported)
    ] == [
        "`apo` is not an application",
        "`id` is missing",
        "name what is acknowledged",
    ]
