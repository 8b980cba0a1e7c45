"""What a tenant's administrators chose to refuse: told before apply at the manifest's line, and by Graph
with the same advice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from json import loads as decode
from pathlib import Path
from typing import Any

import pytest

from entra_config.checks import changes
from entra_config.checks.preflight import CONSENT
from entra_config.emulator import choices
from entra_config.emulator.callers import Caller
from entra_config.emulator.clock import ManualClock
from entra_config.emulator.embedded import Embedded
from entra_config.errors import GraphError, RefusedError
from entra_config.graph import catalogue
from entra_config.graph.request import Request
from entra_config.manifest import loader
from entra_config.plan.model import Notice, Plan, Refusal
from entra_config.report import github, html, json, markdown, text
from tests.unit.lint import certificates
from tests.world import NOW, apply, plan, signed_in

PAGE = Path(__file__).parents[3] / "docs" / "preflight.md"
ON = {"state": "enabled"}
ROOT = "environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }\nproject: shop\n"
API = "applications:\n  api:\n    type: api\n    displayName: Api\n"
ROLES = (
    "    appRoles:\n      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }\n"
)
CERTIFICATE = "    certificates:\n      own: { file: certificates/two-years.pem }\n"
CLIENT = """  client:
    type: spa
    displayName: Client
    apiPermissions:
      api: { delegated: [user.read] }
"""
SCOPE = (
    "    scopes:\n      user.read: { displayName: Read, description: Reads., whoCanConsent: "
    "adminsAndUsers }\n"
)


def of_applications(**restrictions: Any) -> dict[str, Any]:
    """Choose what all applications are held to."""
    return {"defaultAppManagementPolicy": {"applicationRestrictions": restrictions}}


def password(kind: str, **more: Any) -> dict[str, Any]:
    """Choose what secrets are held to."""
    return of_applications(passwordCredentials=[{"restrictionType": kind, **ON, **more}])


@dataclass(frozen=True)
class Case:
    """One policy of a tenant: what is chosen, a manifest that meets it, its line, and what is said and
    advised.
    """

    chosen: dict[str, Any]
    manifest: str
    line: int
    said: str
    advice: str
    person: str = ""
    # What the manifest's author then does by hand, where nothing in the manifest is refused.
    by_hand: str = ""


CASES = {
    "identifier URI without the tenant's or the application's name": Case(
        of_applications(
            identifierUris={
                "uriAdditionWithoutUniqueTenantIdentifier": {"excludeAppsReceivingV2Tokens": False}
            }
        ),
        f"{API}    identifierUris:\n      - api://orders\n",
        8,
        "refuses `api://orders` as an identifier URI",
        catalogue.URI_POLICY.advice,
    ),
    "identifier URI that is not the default one": Case(
        of_applications(
            identifierUris={
                "nonDefaultUriAddition": {
                    **ON,
                    "restrictForAppsCreatedAfterDateTime": "2026-01-01T00:00:00Z",
                },
            }
        ),
        f"{API}    identifierUris:\n      - api://${{appId}}\n      - https://contoso.com/orders\n",
        9,
        "refuses `https://contoso.com/orders` as an identifier URI (for applications made since 2026-01-01)",
        catalogue.URI_POLICY.advice,
    ),
    "audience of other tenants": Case(
        of_applications(audiences={"azureAdMultipleOrgs": ON}),
        f"{API}    signInAudience: AzureADMultipleOrgs\n",
        7,
        "refuses `signInAudience: AzureADMultipleOrgs`",
        catalogue.AUDIENCE_POLICY.advice,
    ),
    "audience of personal accounts": Case(
        of_applications(audiences={"personalMicrosoftAccount": ON}),
        f"{API}    signInAudience: AzureADandPersonalMicrosoftAccount\n",
        7,
        "refuses `signInAudience: AzureADandPersonalMicrosoftAccount`",
        catalogue.AUDIENCE_POLICY.advice,
    ),
    "certificate that lives long": Case(
        of_applications(
            keyCredentials=[{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P365D", **ON}]
        ),
        f"{API.replace('type: api', 'type: daemon')}{CERTIFICATE}",
        8,
        "refuses certificate `own`, which lives longer than P365D",
        catalogue.LIFETIME_POLICY.advice,
    ),
    "certificate of no trusted authority": Case(
        of_applications(keyCredentials=[{"restrictionType": "trustedCertificateAuthority", **ON}]),
        f"{API.replace('type: api', 'type: daemon')}{CERTIFICATE}",
        8,
        "refuses certificate `own`, which names itself as its issuer",
        catalogue.APP_POLICY.advice,
    ),
    "secrets": Case(
        password("passwordAddition"),
        API.replace("type: api", "type: daemon"),
        4,
        "refuses a secret for api, which has no other credential",
        catalogue.SECRET_POLICY.advice,
        by_hand="addPassword",
    ),
    "people who register applications": Case(
        {"usersMayRegister": False},
        API,
        4,
        "lets nobody without a directory role register applications",
        catalogue.REGISTRATION.advice,
        person="bob@contoso.com",
    ),
    "a tenant that is full": Case(
        {"objectQuota": 1},
        API,
        4,
        "has room for 0 objects of 1, and 2 are to be made",
        catalogue.QUOTA.advice,
    ),
    "groups without a licence": Case(
        {"entraPlan": "free"},
        f"{API}{ROLES}appRoleAssignments:\n  api:\n    Reader: {{ groups: [All Staff] }}\n",
        11,
        "has no licence that lets groups be assigned",
        catalogue.LICENCE.advice,
    ),
}


class World:
    """A tenant that chose, and a manifest."""

    def __init__(self, folder: Path, text: str, chosen: dict[str, Any]) -> None:
        certificates.write(folder, text, NOW)
        (folder / "entra-config.yaml").write_text(ROOT + text)
        self.embedded = Embedded.create(seed="preflight", clock=ManualClock(NOW))
        self.embedded.directory.choose({"*": chosen})
        self.manifest = loader.load(folder, "dev")

    def caller(self, person: str = "") -> Caller:
        """Give who applies: the deployer, or a person without a directory role."""
        if not person:
            return self.embedded.app_caller()
        scopes = (
            "Application.ReadWrite.All",
            "Directory.Read.All",
            "Policy.Read.All",
            "DelegatedPermissionGrant.ReadWrite.All",
        )
        return self.embedded.user_caller(person, scopes)

    def plan(self, person: str = "", **options: Any) -> Plan:
        """Plan as somebody."""
        return asyncio.run(plan(self.embedded, self.manifest, caller=self.caller(person), **options))

    def refusals(self, made: Plan, person: str, by_hand: str) -> Iterator[GraphError]:
        """Apply a plan; give what Graph refused, of the plan or of what is done by hand after it."""
        outcome = asyncio.run(apply(self.embedded, made, caller=self.caller(person)))
        yield from (error for _, error in outcome.failed)
        if by_hand:
            yield asyncio.run(self._by_hand(by_hand))

    async def _by_hand(self, action: str) -> GraphError:
        from entra_config.graph.errors import refusal

        async with await signed_in(self.embedded) as graph:
            (found,) = await graph.send(
                [Request("GET", "/applications?$filter=displayName eq 'Api'&$select=id".replace(" ", "%20"))]
            )
            request = Request("POST", f"/applications/{found.body['value'][0]['id']}/{action}", {})
            (response,) = await graph.send([request])
            return refusal(request, response)


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """Give each policy in turn."""
    return CASES[request.param]


def conflicts(made: Plan) -> list[Notice]:
    """Give the warnings in the tenant's name."""
    return [each for each in made.warnings if each.message.startswith("contoso.onmicrosoft.com ")]


def test_each_policy_is_told_before_apply(case: Case, tmp_path: Path) -> None:
    """The plan warns at the line that meets the policy, with the advice that Graph's refusal comes with,
    and in each format.
    """
    world = World(tmp_path, case.manifest, case.chosen)
    made = world.plan(case.person)
    (warning,) = conflicts(made)
    assert case.said in warning.message
    assert warning.message.endswith(case.advice)
    assert warning.position is not None
    assert warning.position.line == case.line
    assert not made.blocked
    for shown in (
        text.render(made),
        markdown.render(made),
        json.render(made),
        html.render(made),
        github.plan(made, names=False),
    ):
        assert case.said.split("`")[0].strip() in shown
    world.embedded.directory.choose(
        {"*": {"identifierUriPolicy": "off", "defaultAppManagementPolicy": {}, "usersMayRegister": True}}
    )
    world.embedded.directory.choose({"*": {"objectQuota": None, "entraPlan": "P1"}})
    assert conflicts(world.plan(case.person)) == []


def test_without_the_preflight_graph_refuses_with_the_same_advice(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody foresees it, the refusal ends the apply, and says what the plan would have said."""
    monkeypatch.setattr(changes.preflight, "check", lambda *_, **__: iter(()))
    world = World(tmp_path, case.manifest, case.chosen)
    made = world.plan(case.person)
    assert conflicts(made) == []
    errors = list(world.refusals(made, case.person, case.by_hand))
    assert any(error.advice.endswith(case.advice) for error in errors), [
        (each.code, each.advice) for each in errors
    ]


def test_strict_refuses(case: Case, tmp_path: Path) -> None:
    """With `--strict` the same is a refusal: nothing is sent, and the exit code is that of limits."""
    world = World(tmp_path, case.manifest, case.chosen)
    made = world.plan(case.person, strict=True)
    assert conflicts(made) == []
    (refused,) = made.refusals
    assert isinstance(refused, Refusal)
    assert case.said in refused.message
    with pytest.raises(RefusedError) as raised:
        asyncio.run(apply(world.embedded, made))
    assert raised.value.exit_code == 3


def test_people_who_may_not_consent(tmp_path: Path) -> None:
    """What people are to consent to themselves is told where they may not; what is consented or authorized
    is not.
    """
    world = World(tmp_path, f"{API}{SCOPE}{CLIENT}", {"usersMayConsent": False})
    (warning,) = conflicts(world.plan())
    assert "lets nobody consent for himself, and client asks for user.read of api" in warning.message
    assert warning.message.endswith(CONSENT)
    assert warning.position is not None
    assert warning.position.line == 13
    for consented in (
        f"{API}{SCOPE}{CLIENT}".replace("[user.read]", "[user.read], adminConsent: true"),
        f"{API}{SCOPE}    authorizedClients: {{ client: [user.read] }}\n{CLIENT}",
    ):
        again = World(tmp_path, consented, {"usersMayConsent": False})
        assert conflicts(again.plan()) == []


EXEMPT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "made before": lambda entry: {
        **entry,
        "restrictForAppsCreatedAfterDateTime": (NOW + timedelta(days=1)).isoformat(),
    },
    "switched off": lambda entry: {**entry, "state": "disabled"},
    "another restriction": lambda entry: {**entry, "restrictionType": "symmetricKeyAddition"},
}


@pytest.mark.parametrize("how", EXEMPT, ids=str)
def test_what_a_restriction_does_not_hold_is_not_told(how: str, tmp_path: Path) -> None:
    """Made before its day, switched off, or another one: neither the plan says anything nor is anything
    refused.
    """
    entry = EXEMPT[how]({"restrictionType": "passwordAddition", **ON})
    world = World(tmp_path, CASES["secrets"].manifest, of_applications(passwordCredentials=[entry]))
    made = world.plan()
    assert conflicts(made) == []
    (error,) = world.refusals(made, "", "addPassword")
    assert error.code == ""


def test_a_policy_of_its_own_holds_instead(tmp_path: Path) -> None:
    """An application that has one is held to it alone: exempt from the default, or held to what the
    default leaves open.
    """
    case = CASES["audience of other tenants"]
    world = World(tmp_path, API, case.chosen)
    asyncio.run(apply(world.embedded, world.plan()))
    tenant = world.embedded.directory.default
    (app,) = [row for row in tenant.applications if row["displayName"] == "Api"]
    policy = {
        "id": "p1",
        "displayName": "Ours",
        "isEnabled": True,
        "deletedDateTime": None,
        "description": None,
    }
    (tmp_path / "entra-config.yaml").write_text(ROOT + case.manifest)
    world.manifest = loader.load(tmp_path, "dev")
    assert len(conflicts(world.plan())) == 1
    tenant.tables["appManagementPolicies"].put({**policy, "restrictions": {}})
    tenant.app_policies.add(app["id"], "p1")
    assert conflicts(world.plan()) == []
    world.embedded.directory.choose({"*": {"defaultAppManagementPolicy": {}}})
    own = {"applicationRestrictions": {"audiences": {"azureAdMultipleOrgs": ON}}}
    tenant.tables["appManagementPolicies"].put({**policy, "restrictions": own})
    assert len(conflicts(world.plan())) == 1


def test_the_page_shows_what_is_said(tmp_path: Path) -> None:
    """The message in docs/preflight.md is the plan's, and its choice is one that the emulator takes."""
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    case = CASES["identifier URI that is not the default one"]
    (warning,) = conflicts(World(tmp_path, case.manifest, case.chosen).plan())
    assert warning.message in page
    name, _, value = page.partition("--choice \\ '")[2].partition("'")[0].partition("=")
    assert choices.read({name: decode(value)})
    assert all(f"{option}" in page for option in ("plan --strict", "apply --strict", "Policy.Read.All"))


@pytest.mark.parametrize(
    ("domains", "said"), [(["shop.example"], "never verified"), ([], "no verified domain")]
)
def test_a_domain_that_waits_to_be_verified_is_told_as_such(
    domains: list[str], said: str, tmp_path: Path
) -> None:
    """A URI of a domain that is there and not verified is refused otherwise than one of a domain that
    nobody knows.
    """
    manifest = f"{API}    identifierUris:\n      - https://api.shop.example/orders\n"
    world = World(tmp_path, manifest, {"unverifiedDomains": domains})
    (refused,) = world.plan().refusals
    assert said in refused.message


def test_an_exemption_that_nobody_looked_up_is_named(tmp_path: Path) -> None:
    """Where callers may be exempt by an attribute, the warning says so."""
    exempt = {"customSecurityAttributes": [{"id": "Set_Attribute", "operator": "equals", "value": "yes"}]}
    world = World(tmp_path, CASES["secrets"].manifest, password("passwordAddition", excludeActors=exempt))
    (warning,) = conflicts(world.plan())
    assert "unless who applies is exempt by a custom security attribute" in warning.message


@pytest.mark.parametrize(
    ("restriction", "said"),
    [
        (
            {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P30D"},
            "refuses certificate `web`, which `credentials rotate` is to make and lives longer than P30D",
        ),
        (
            {"restrictionType": "trustedCertificateAuthority"},
            "refuses certificate `web`, which `credentials rotate` is to make and names itself as its issuer",
        ),
        ({"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P90D"}, ""),
    ],
)
def test_a_certificate_that_is_to_be_generated_is_told(
    tmp_path: Path, restriction: dict[str, Any], said: str
) -> None:
    """Before anybody rotates, at its line; one that lives as long as may be is not."""
    arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web"
    sink = f"web: {{ aws: {{ secret: '{arn}', account: '123456789012' }} }}"
    daemon = API.replace("type: api", "type: daemon")
    text = f"{daemon}    certificates:\n      web: {{ generate: {{ in: web }} }}\n"
    (tmp_path / "certificates").mkdir()
    root = ROOT.replace(" } }", f", sinks: {{ {sink} }} }} }}")
    (tmp_path / "entra-config.yaml").write_text(root + text, encoding="utf-8")
    embedded = Embedded.create(seed="preflight", clock=ManualClock(NOW))
    embedded.directory.choose({"*": of_applications(keyCredentials=[{**restriction, **ON}])})
    made = asyncio.run(plan(embedded, loader.load(tmp_path, "dev")))
    found = conflicts(made)
    assert [said in each.message for each in found] == ([True] if said else [])
    assert [each.position.line for each in found if each.position] == ([8] if said else [])
    assert not made.blocked


def test_what_could_not_be_read_is_unknown(tmp_path: Path) -> None:
    """Without the permission the plan says once what is not known, and which permission would tell; strict
    refuses nothing.
    """
    world = World(
        tmp_path, CASES["audience of other tenants"].manifest, CASES["audience of other tenants"].chosen
    )
    blind = replace(
        world.embedded.app_caller(), roles=world.embedded.app_caller().roles - {"Policy.Read.All"}
    )
    made = asyncio.run(plan(world.embedded, world.manifest, caller=blind, strict=True))
    (notice,) = made.warnings
    assert notice.message.startswith("unknown before apply, of what contoso.onmicrosoft.com refuses: ")
    assert notice.message.endswith("(Policy.Read.All would tell)")
    assert made.refusals == ()
    outcome = asyncio.run(apply(world.embedded, made, caller=blind))
    assert not outcome.complete
    world.embedded.directory.choose({"*": {"defaultAppManagementPolicy": {}}})
    asyncio.run(apply(world.embedded, asyncio.run(plan(world.embedded, world.manifest)), caller=None))
    assert asyncio.run(plan(world.embedded, world.manifest, caller=blind)).warnings == ()
