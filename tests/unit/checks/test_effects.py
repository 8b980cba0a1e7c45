"""What a plan gives and which guards it lowers, in lines: each whole, by risk, and no more than comments
have room for.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks.judging import limit
from entra_config.phrase import without_names
from entra_config.plan import effects
from entra_config.plan.held import Stakes
from entra_config.plan.model import Effect, Plan
from entra_config.report import html, markdown, text
from tests.oracle.tenant import Tenant, load
from tests.unit.checks.shop import ISSUER, TWO, content
from tests.unit.plan.estates import manifest, plan

AUDIENCES = 'audiences ["api://AzureADTokenExchange"]'


def lines(changed: dict[str, Any]) -> list[str]:
    """Apply the manifest, plan the changed one, and return its effects as a comment shows them, sorts
    apart by one blank.
    """
    tenant = Tenant()

    async def reported() -> Plan:
        await tenant.apply(await tenant.plan(load(content())))
        return await tenant.plan(load(changed))

    made = asyncio.run(reported())
    return [" ".join(without_names(effects.line(each)).split()) for each in made.effects]


def edited(path: str, value: Any) -> dict[str, Any]:
    """Return the manifest with one value at a path such as `applications.web.redirectUris`."""
    found = content()
    *parents, name = path.split("/")
    place = found
    for part in parents:
        place = place[part]
    place[name] = value
    return found


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (
            "applications/web/redirectUris",
            ["https://app.contoso.com/cb", "https://evil.example/@app.contoso.com/cb"],
            ["redirect host web (web): https://evil.example/@app.contoso.com/cb"],
        ),
        (
            "applications/job/federatedCredentials/github/subject",
            "repo:evil/shop:environment:prod",
            [
                (
                    f'federated credential job/github: issuer "{ISSUER}", subject '
                    f'"repo:evil/shop:environment:prod", {AUDIENCES}'
                )
            ],
        ),
        (
            "applications/web/signInAudience",
            "AzureADMultipleOrgs",
            ['sign-in web: signInAudience: "AzureADMyOrg" → "AzureADMultipleOrgs"'],
        ),
        (
            "applications/several/signInAudienceRestrictions",
            {"allowedTenants": [TWO]},
            [f"sign-in several: tenant {TWO} may use it"],
        ),
        (
            "applications/several/signInAudienceRestrictions",
            "unrestricted",
            ["sign-in several: every tenant may use it"],
        ),
        (
            "applications/web/properties",
            {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}},
            ["flow web: web.implicitGrantSettings.enableIdTokenIssuance: false → true"],
        ),
        (
            "applications/api/properties",
            {"api": {"acceptMappedClaims": True}},
            ["setting api: api.acceptMappedClaims: true"],
        ),
        (
            "applications/api/enterpriseApplication/assignmentRequired",
            False,
            ["sign-in api (enterprise application): appRoleAssignmentRequired: true → false"],
        ),
        (
            "applications/api/scopes/see/whoCanConsent",
            "adminsAndUsers",
            ["who can consent api/see: admins and users"],
        ),
        (
            "applications/api/knownClientApplications",
            ["web"],
            ["who can consent api (its page consents for the client): web"],
        ),
        ("applications/api/displayName", "Another name", []),
        ("applications/api/appRoles/Writer/description", "Writes.", []),
        ("appRoleAssignments/api/Reader/groups", [], []),
    ],
)
def test_each_power_has_a_line_and_what_is_harmless_none(path: str, value: Any, expected: list[str]) -> None:
    """What is given is told whole; what is taken away, or read by people only, is told by the plan and is
    no effect.
    """
    assert lines(edited(path, value)) == expected


def test_effects_come_by_risk_with_both_ends() -> None:
    """Owners and credentials before consents, roles and what people gain by them; URIs after them."""
    changed = edited("applications/web/redirectUris", ["https://app.contoso.com/cb", "https://evil.example/"])
    changed["applications"]["web"]["owners"] = ["alice@contoso.com"]
    changed["applications"]["job"]["apiPermissions"] = {
        "api": {"application": ["Writer"], "adminConsent": True}
    }
    changed["applications"]["web"]["apiPermissions"] = {"api": {"delegated": ["see"], "adminConsent": True}}
    changed["applications"]["api"]["authorizedClients"] = {"web": ["see"]}
    changed["appRoleAssignments"]["api"]["Writer"] = {"users": ["bob@contoso.com"], "groups": ["On call"]}
    found = lines(changed)

    assert [line.split(" api")[0].split(" web")[0] for line in found] == [
        "owner",
        "consent",
        "authorized client",
        "role",
        "role",
        "role",
        "gain 7 people and 1 application gain",
        "redirect host",
    ]
    assert found[0].startswith("owner web ← a user (")
    assert "consent web → api: see" in found
    assert "authorized client web → api: see" in found
    assert "role api/Writer ← job" in found
    assert any(line.startswith('role api/Writer ← group "On call" (') for line in found)
    assert any(line.startswith("role api/Writer ← a user (") for line in found)
    assert "gain 7 people and 1 application gain api/Writer: group On call (6), job, direct (1)" in found


def test_an_application_that_gains_a_role_is_no_person() -> None:
    """Applications are counted apart, in the line, in the comment and in the sentence."""
    changed = content()
    changed["applications"]["job"]["apiPermissions"] = {
        "api": {"application": ["Writer"], "adminConsent": True}
    }
    assert "gain 1 application gains api/Writer: job" in lines(changed)
    assert not [line for line in lines(changed) if "person" in line]


def test_a_value_that_changes_is_a_role_for_whoever_has_it() -> None:
    """The role is the same object, and its holders' tokens say another word: that is a line, and who gains
    it another.
    """
    role = {
        "description": "R.",
        "value": "Root",
        "breaking": True,
        "allowedMemberTypes": ["User", "Application"],
    }
    changed = edited("applications/api/appRoles/Reader", role)
    found = lines(changed)

    assert "role api/Root: tokens say so where they said Reader" in found
    assert "gain 2 people gain api/Root (Reader): group Audit (2)" in found


def test_what_is_created_tells_what_it_may_and_not_what_every_type_has() -> None:
    """Flows that are on by a type's default are told; safe defaults are not."""
    changed = content()
    changed["applications"]["phone"] = {
        "type": "publicClient",
        "displayName": "Phone",
        "redirectUris": ["entra-config://evil/cb"],
    }
    found = lines(changed)

    assert found == [
        "redirect URI phone (mobile and desktop): entra-config://evil/cb",
        "flow phone: isFallbackPublicClient: true",
    ]


def several(number: int, length: int) -> Plan:
    """Return a plan of so many effects of that length."""
    return replace(
        plan(),
        effects=tuple(
            Effect("redirect URI", f"web: https://{index:06}{'x' * length}") for index in range(number)
        ),
    )


@pytest.mark.parametrize(
    ("number", "environments", "refused"), [(800, 1, False), (800, 2, True), (400, 2, False), (1200, 1, True)]
)
def test_more_than_comments_show_is_refused_until_a_hand_says_the_word(
    number: int, environments: int, refused: bool
) -> None:
    """Five comments are shared by the environments; `--allow unseen` lifts it, `policy.allow` never does."""
    own = replace(manifest(), environments=environments)
    made = several(number, 200)

    found = limit(made, own, Stakes(), allow=frozenset())
    assert [refusal.word for refusal in found.refusals] == (["unseen"] if refused else [])
    assert found.blocked == refused
    lifting = replace(own, policy=replace(own.policy, allow=frozenset({"unseen"})))
    assert limit(made, lifting, Stakes(), allow=frozenset()).blocked == refused
    assert not limit(made, own, Stakes(), allow=frozenset({"unseen"})).refusals


def test_a_line_that_nobody_reads_is_too_much() -> None:
    """One text of ten thousand characters is no line."""
    assert limit(several(1, 10_000), manifest(), Stakes(), allow=frozenset()).blocked


def test_every_report_has_them_first() -> None:
    """Comment and page begin with what gives power, before anything else that a plan says."""
    made = several(3, 10)
    for shown in (markdown.render(made), html.render(made)):
        places = [shown.index(each.text) for each in made.effects]
        assert places == sorted(places)
    assert markdown.render(made).index("000002xx") < markdown.render(made).index(markdown.REST)
    assert text.render(made)
