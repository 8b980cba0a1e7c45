"""Random registrations over every writable property of Graph's schema are imported without a silent loss."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

import entra_emulator
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.service_principal import (
    SERVICE_PRINCIPAL,
    make_service_principal,
    mirror_application,
)
from tests import seeds
from tests.unit.importing import dumped
from tests.unit.importing.importer import Ground
from tests.unit.importing.recorded import DATE, put_application

Row = dict[str, Any]
Maker = Callable[[Random], Any]

# A copy of Microsoft's schema: this test knows no table of entra-config's.
SCHEMA = Path(entra_emulator.__file__).with_name("data") / "graph_schema.json"
TYPES = json.loads(SCHEMA.read_text(encoding="utf-8"))["types"]
for _entity in (APPLICATION, SERVICE_PRINCIPAL):
    TYPES[_entity.name] = {
        "properties": {
            row.name: (row.type, row.collection, row.nullable)
            for row in _entity.properties.values()
            if not row.beta and row.type != "Edm.Stream"
        }
    }
FEW, MANY = 1, 20
# What names other objects is in the tests of the corpus and of `import --check`.
ELSEWHERE = {
    "preAuthorizedApplications", "knownClientApplications", "requiredResourceAccess", "keyCredentials",
    "passwordCredentials", "logo", "customSecurityAttributes", "redirectUriSettings", "managerApplications",
}  # fmt: skip
GIVEN = dumped.GIVEN - {"logoutUrl", "info", "signInAudience", "appRoles", "oauth2PermissionScopes"} | {
    "applicationTemplateId", "certification", "disabledByMicrosoftStatus", "displayName", "logoUrl",
}  # fmt: skip


def guid(random: Random) -> str:
    """Return an id."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def text(random: Random, length: int = 12) -> str:
    """Return a text with characters that YAML and placeholders take for something else."""
    return "".join(random.choice("aé${}:#- '\"%~1") for _ in range(length)).strip() + "."


def url(random: Random) -> str:
    """Return an address."""
    return f"https://app.contoso.com/{guid(random)}"


def permission(random: Random, **more: Any) -> Row:
    """Return what a scope and a role have both."""
    return {"id": guid(random), "value": f"V.{guid(random)[:8]}", "isEnabled": random.random() < 0.8, **more}


def role(random: Random) -> Row:
    """Return an app role."""
    members = random.choice([["User"], ["Application"], ["User", "Application"]])
    texts = {"displayName": text(random), "description": text(random)}
    return permission(random, **texts, allowedMemberTypes=members)


def scope(random: Random) -> Row:
    """Return a scope."""
    names = ("adminConsentDisplayName", "adminConsentDescription")
    users = ("userConsentDisplayName", "userConsentDescription")
    optional = {name: text(random) if random.random() < 0.5 else None for name in users}
    admins = {name: text(random) for name in names}
    return permission(random, **admins, **optional, type=random.choice(["User", "Admin"]))


def claim(random: Random) -> Row:
    """Return an optional claim."""
    more = {"essential": random.random() < 0.5, "additionalProperties": [], "source": None}
    return {"name": random.choice(["email", "upn", "acct", "family_name"]), **more}


# By the property: what Graph takes there, where the type alone does not tell.
MAKERS: dict[str, Maker] = {
    "signInAudience": lambda random: random.choice(["AzureADMyOrg", "AzureADMultipleOrgs"]),
    "groupMembershipClaims": lambda random: random.choice(["None", "All", "SecurityGroup"]),
    "preferredSingleSignOnMode": lambda random: random.choice(["oidc", "saml", "password", "notSupported"]),
    "legalAgeGroupRule": lambda random: random.choice(["Allow", "RequireConsentForMinors"]),
    "countriesBlockedForMinors": lambda random: random.choice(["DE", "FR", "GB", "US"]),
    "requestedAccessTokenVersion": lambda random: random.choice([1, 2]),
    "identifierUris": lambda random: f"https://api.contoso.com/{guid(random)}",
    "redirectUris": url,
    "tags": lambda random: f"tag-{guid(random)[:8]}",
    "notificationEmailAddresses": lambda random: f"{guid(random)[:8]}@contoso.com",
    "appRoles": role,
    "oauth2PermissionScopes": scope,
    "accessToken": claim,
    "idToken": claim,
    "saml2Token": claim,
}


def one(random: Random, name: str, type_: str, length: int) -> Any:
    """Return one value of a property."""
    if name in MAKERS:
        return MAKERS[name](random)
    if name.endswith(("Url", "Uri")):
        return url(random)
    match type_:
        case "Edm.String":
            return text(random, length)
        case "Edm.Boolean":
            return random.random() < 0.5
        case "Edm.Int32":
            return random.randrange(100)
        case "Edm.Guid":
            return guid(random)
    if "enum" in TYPES[type_]:
        return random.choice([value for value in TYPES[type_]["enum"] if value != "unknownFutureValue"])
    return body(random, type_, inside=True)


def body(random: Random, type_: str, *, inside: bool = False) -> Row:
    """Return an object of a type: each property is absent, null, empty, set or maximal."""
    found: Row = {}
    for name, (of, collection, nullable) in sorted(TYPES[type_]["properties"].items()):
        if name in ELSEWHERE or (not inside and name in GIVEN):
            continue
        state = random.choice(["absent", "null", "empty", "set", "maximal"])
        number = {"set": FEW, "maximal": MANY if of.startswith("Edm.") else 3}.get(state, 0)
        if collection:
            made = [one(random, name, of, 12) for _ in range(number)]
            found[name] = [*{json.dumps(item, sort_keys=True): item for item in made}.values()]
            if name in {"accessToken", "idToken", "saml2Token"}:
                found[name] = [*{item["name"]: item for item in made}.values()]
        elif number or not nullable:
            found[name] = one(random, name, of, 200 if state == "maximal" else 12)
        elif state == "null" and (of.startswith("Edm.") or "enum" in TYPES[of]):
            found[name] = None
        elif state == "empty" and of == "Edm.String" and name not in MAKERS:
            found[name] = ""
    return found


def put(ground: Ground, number: int) -> set[str]:
    """Put a random registration into the tenant; return the properties that it has."""
    random = Random(number)
    drawn = body(random, "application")
    drawn.setdefault("signInAudience", "AzureADMyOrg")
    drawn["signInAudience"] = drawn["signInAudience"] or "AzureADMyOrg"
    if drawn.get("description"):
        drawn["description"] = drawn["description"][:100]
    app = put_application(ground, number, drawn)
    own = body(random, "servicePrincipal") if random.random() < 0.8 else None
    tenant = ground.embedded.directory.default
    if own is not None:
        made = make_service_principal(guid(random), app["appId"], DATE, tenant.tenant_id)
        row = mirror_application(made, app)
        own = {name: value for name, value in own.items() if name in made and value is not None}
        own = {name: value for name, value in own.items() if name not in dumped.GIVEN}
        if "tags" in own:
            own["tags"] = [*app["tags"], *own["tags"]]
        tenant.service_principals.put({**row, **own})
    return {name for name, value in (*drawn.items(), *(own or {}).items()) if value not in (None, "", [], {})}


def import_all(ground: Ground, numbers: Sequence[int]) -> None:
    """Import random registrations, and compare what is made of their manifest."""
    names = {name for number in numbers for name in put(ground, number)}
    silent, _, same = asyncio.run(dumped.compare(ground))
    assert silent == []
    assert same > len(numbers)
    writable = {
        name
        for type_ in ("application", "servicePrincipal")
        for name in TYPES[type_]["properties"]
        if name not in GIVEN | dumped.GIVEN | ELSEWHERE
    }
    assert writable <= names


def test_some_registrations(ground: Ground) -> None:
    """A few in every run: together they have each property."""
    import_all(ground, seeds.of("imports")[:25])


@pytest.mark.oracles
@pytest.mark.parametrize("numbers", seeds.chunks("imports", 60))
def test_all_registrations(ground: Ground, numbers: list[int]) -> None:
    """All of them: what one plan gives is as much as a pull request can show."""
    import_all(ground, numbers)
