"""The page of a policy: what it refuses, for whom it holds, and its JSON as Graph has it."""

from entra_emulator.portal import policy_rows
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, graph_of, text_of


def test_policies_say_what_they_refuse(browser: Browser) -> None:
    """What the tenant chose, as sentences; each policy has its own page and Graph's own JSON."""
    browser.world.directory.choose(
        {
            "*": {
                "usersMayRegister": False,
                "usersMayConsent": False,
                "defaultAppManagementPolicy": {
                    "isEnabled": True,
                    "applicationRestrictions": {
                        "passwordCredentials": [
                            {"restrictionType": "passwordAddition", "state": "enabled"},
                            {
                                "restrictionType": "passwordLifetime",
                                "maxLifetime": "P90D",
                                "state": "disabled",
                            },
                            {"restrictionType": "customPasswordAddition"},
                        ]
                    },
                },
            }
        }
    )
    text = text_of(browser.get("policies/authorizationPolicy").text)
    assert "Registering an application, without a directory role refused" in text
    assert "Consenting for oneself refused" in text
    text = text_of(browser.get("policies/defaultAppManagementPolicy").text)
    assert "Adding a client secret refused registrations" in text
    assert "A client secret that lives longer than P90D not in force registrations" in text
    assert "customPasswordAddition kept; the emulator does not act by it" in text
    assert (
        "An identifier URI without the tenant’s id, the application’s id or a verified domain refused" in text
    )
    legacy = text_of(browser.get("policies/permissionGrantPolicies/microsoft-user-default-legacy").text)
    assert "It holds for nobody: people may not consent." in legacy
    assert "Consent to delegated permissions that need no administrator allowed" in legacy
    admins = browser.get("policies/permissionGrantPolicies/microsoft-application-admin").text
    assert "Consent to application permissions of Microsoft Graph refused" in text_of(admins)
    assert f"{CONTOSO}/directory-roles/Application%20Administrator" in admins


def test_each_policy_has_a_page_and_graphs_own_json(browser: Browser) -> None:
    """What a tenant has always, and what it made, given to an application."""
    tenant, app = browser.world.tenant, browser.world.application("api")
    tenant.tables["appManagementPolicies"].put(
        {
            "id": "0a000000-0000-4000-8000-000000000001", "displayName": "No secrets", "description": None,
            "deletedDateTime": None, "isEnabled": True,
            "restrictions": {"passwordCredentials": [{"restrictionType": "passwordAddition"}]},
        }
    )  # fmt: skip
    tenant.app_policies.add(app["id"], "0a000000-0000-4000-8000-000000000001")
    every = policy_rows.everything(tenant)
    assert len(every) == 8
    assert f"{len(every)} in this tenant" in text_of(browser.get("policies").text)
    for policy in every:
        page = "/".join(["policies", policy.kind, *([policy.id] if policy.id else [])])
        shown = graph_of(browser, page)
        assert "error" not in shown, page
        assert shown.get("id", policy.row["id"]) == policy.row["id"]
    own = text_of(browser.get(f"policies/appManagementPolicies/{every[-1].id}").text)
    assert "It holds for 1 application." in own
    assert "Adding a client secret refused" in own
    for path in ("policies/nothing", "policies/authorizationPolicy/x", "policies/appManagementPolicies/x"):
        assert browser.get(path).status_code == 404
