"""Policies of a tenant, a manifest that meets each, and a tenant that chose one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entra_config.errors import GraphError
from entra_config.graph import catalogue
from entra_config.graph.errors import refusal
from entra_config.graph.request import Request
from entra_config.manifest import loader
from entra_config.plan.model import Notice, Plan
from entra_emulator.callers import Caller
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from tests.unit.lint import certificates
from tests.world import NOW, apply, plan, signed_in

ON = {"state": "enabled"}
ROOT = "environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }\nproject: shop\n"
API = "applications:\n  api:\n    type: api\n    displayName: Api\n"
ROLES = (
    "    appRoles:\n      Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] }\n"
)
CERTIFICATE = "    certificates:\n      own: { file: certificates/two-years.pem }\n"


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
        async with await signed_in(self.embedded) as graph:
            (found,) = await graph.send(
                [Request("GET", "/applications?$filter=displayName eq 'Api'&$select=id".replace(" ", "%20"))]
            )
            request = Request("POST", f"/applications/{found.body['value'][0]['id']}/{action}", {})
            (response,) = await graph.send([request])
            return refusal(request, response)


def conflicts(made: Plan) -> list[Notice]:
    """Give the warnings in the tenant's name."""
    return [each for each in made.warnings if each.message.startswith("contoso.onmicrosoft.com ")]
