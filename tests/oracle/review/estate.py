"""Chance in; a company out: its tenant, its project's files and lock files, as main has them, and applied."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

from entra_emulator import seed
from entra_emulator.graph.entities.application import make_app_role, make_scope
from entra_emulator.identifiers import secret_digest
from tests.oracle.review import texts
from tests.oracle.review.givers import Giver
from tests.oracle.tenant import Tenant

TENANT = seed.CONTOSO
ROOT, MAIN, TEAM = "entra-config.yaml", "main.yaml", "team.yaml"
DEPLOYER = "Emulator deployer"
PEOPLE = tuple(
    f"{name}@contoso.com" for name in ("alice", "bob", "carol", "dave", "erin", "frank", "judy", "mallory")
)
KNOWN = ("MyApp Developers", "MyApp Admins", "All Staff", "On call", "Audit")
FENCE = ["applications/team-*", "appRoleAssignments/team-*", "consents/api/Writer"]
ISSUER = texts.ISSUERS[0]

Files = dict[str, Any]


@dataclass
class Company:
    """One tenant and one project in it. `files` are those of main; lock files are files too.

    `planted` are appIds that somebody can act as, `hidden` what somebody else gave in the tenant and a plan
    must tell.
    """

    random: Random
    tenant: Tenant
    environments: tuple[str, ...]
    files: Files
    planted: list[str] = field(default_factory=list)
    hidden: list[Giver] = field(default_factory=list)

    def write(self, files: Mapping[str, Any], folder: Path) -> Path:
        """Write files into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            text = (
                content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False, width=1000)
            )
            (folder / name).write_bytes(text.encode())
        return folder

    def group(self, name: str) -> dict[str, str]:
        """Return a group of the tenant as a manifest names it surely."""
        return {"name": name, "id": self.ids("groups", "displayName")[name]}

    def ids(self, table: str, by: str) -> dict[str, str]:
        """Return the ids of a table's rows by a name that only one of them has."""
        rows = list(getattr(self.tenant.rows, table))
        names = [row[by] for row in rows]
        return {row[by]: row["id"] for row in rows if names.count(row[by]) == 1}


def lock_of(environment: str) -> str:
    """Return the name of an environment's lock file."""
    return f"entra-config.{environment}.lock.yaml"


def draw(random: Random) -> Company:
    """Draw a company. Its last environment is protected."""
    tenant = Tenant()
    rows = tenant.rows
    for name in texts.GROUPS:
        seed.add_group(rows, name)
    for number, name in enumerate(("HR", "Payroll", "Payroll", "Tax", "Tax2")):
        external(rows, name, f"{number}")
    for name, tags in (
        ("Old Desk", []),
        ("Ledger", ["entra-config:owner=ledger/prod", "entra-config:key=books"]),
    ):
        seed.add_service_principal(rows, seed.add_application(rows, name, tags=tags))
    environments = random.choice((("prod",), ("prod",), ("dev", "prod")))
    company = Company(random, tenant, environments, {})
    company.files = {ROOT: _root(random, environments), MAIN: _main(random), TEAM: _team(random)}
    company.files |= {lock_of(name): pins(company) for name in environments}
    return company


def pins(company: Company) -> dict[str, Any]:
    """Return the lock file of an environment, as `lock` writes it."""
    principals = company.ids("service_principals", "displayName")
    return {
        "tenantId": TENANT,
        "users": company.ids("users", "userPrincipalName"),
        "groups": {name: id_ for name, id_ in company.ids("groups", "displayName").items() if name in KNOWN},
        "servicePrincipals": {name: principals[name] for name in ("HR", "Tax", DEPLOYER)},
    }


def copied(files: Mapping[str, Any]) -> Files:
    """Return files that may be edited."""
    return copy.deepcopy(dict(files))


def rows_of(dump: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the one tenant of a dump that everything happens in."""
    found: Mapping[str, Any] = next(each for each in dump["tenants"] if each["tenantId"] == TENANT)
    return found


def secret(rows: Any, app: Mapping[str, Any], name: str) -> None:
    """Let somebody have given an application a secret."""
    key_id = seed.fixed_id(app["id"], name)
    credential = {
        "keyId": key_id,
        "displayName": name,
        "endDateTime": "2099-12-31T00:00:00Z",
        "hint": "abc",
        "secretText": None,
    }
    credential |= {"customKeyIdentifier": None, "startDateTime": "2026-01-01T00:00:00Z"}
    rows.secrets[key_id] = secret_digest(name)
    rows.applications.put({**app, "passwordCredentials": [*app["passwordCredentials"], credential]})


def external(rows: Any, name: str, number: str) -> None:
    """Add an application of others that offers two roles and a scope."""
    roles = [
        make_app_role(seed.fixed_id(name, number, value), value, value, f"{value}.", ["User", "Application"])
        for value in ("Read", "Write")
    ]
    app = seed.add_application(rows, name, app_id=seed.fixed_id(name, number), appRoles=roles)
    scope = make_scope(seed.fixed_id(name, number, "see"), "see", ("See", "Sees."), admin=True)
    app["api"] = {**app["api"], "oauth2PermissionScopes": [scope]}
    rows.applications.put(app)
    seed.add_service_principal(rows, app)


def _root(random: Random, environments: tuple[str, ...]) -> dict[str, Any]:
    consent = {
        "Microsoft Graph": {"delegated": ["User.Read"], "application": ["User.Read.All"]},
        "hr": {"application": ["Read"], "delegated": ["see"]},
    }
    found: dict[str, Any] = {"project": "shop", "environments": {}}
    for name in environments:
        settings: dict[str, Any] = {
            "tenantId": TENANT,
            "deployers": [DEPLOYER],
            "variables": {"suffix": "" if name == "prod" else f" ({name})"},
        }
        settings |= {"policy": {"consent": json.loads(json.dumps(consent))}}
        if name == "prod":
            settings["protected"] = True
        found["environments"][name] = settings
    found["files"] = [MAIN, {"path": TEAM, "mayDeclare": list(FENCE)}]
    return found


def _main(random: Random) -> dict[str, Any]:
    api = {
        "type": "api",
        "displayName": "Shop API${suffix}",
        "identifierUris": ["api://${appId}"],
        "scopes": {
            "see": {"displayName": "See", "description": "Sees.", "whoCanConsent": "admins"},
            "change": {"displayName": "Change", "description": "Changes.", "whoCanConsent": "admins"},
        },
        "appRoles": {
            label: {
                "displayName": label,
                "description": f"{label}.",
                "allowedMemberTypes": ["User", "Application"],
            }
            for label in ("Reader", "Writer", "Admin", "Auditor")
        },
        "authorizedClients": {"web": ["see"]},
        "enterpriseApplication": {"assignmentRequired": True},
    }
    web = {
        "type": "web",
        "displayName": "Shop${suffix}",
        "redirectUris": ["https://shop.contoso.com/cb"],
        "apiPermissions": {"api": {"delegated": ["see"], "adminConsent": True}},
    }
    job = {
        "type": "daemon",
        "displayName": "Shop Job${suffix}",
        "federatedCredentials": {
            "github": {"issuer": ISSUER, "subject": "repo:example/shop:environment:${environment}"}
        },
        "apiPermissions": {"api": {"application": ["Reader"], "adminConsent": True}},
    }
    phone = {
        "type": "publicClient",
        "displayName": "Shop Phone${suffix}",
        "redirectUris": ["http://localhost"],
    }
    return {
        "applications": {"api": api, "web": web, "job": job, "phone": phone},
        "enterpriseApplications": {"hr": "HR", "tax": "Tax"},
        "appRoleAssignments": {
            "api": {
                "Reader": {"groups": ["All Staff"]},
                "Writer": {"users": random.sample(PEOPLE[:4], 2)},
                "Admin": {"groups": ["MyApp Admins"]},
                "Auditor": {"groups": ["On call"]},
            }
        },
    }


def _team(random: Random) -> dict[str, Any]:
    return {
        "applications": {
            "team-desk": {
                "type": "web",
                "displayName": "Desk${suffix}",
                "redirectUris": ["https://desk.contoso.com/cb"],
                "appRoles": {
                    "Clerk": {"displayName": "Clerk", "description": "Clerk.", "allowedMemberTypes": ["User"]}
                },
            },
            "team-job": {"type": "daemon", "displayName": "Desk Job${suffix}"},
        },
        "appRoleAssignments": {"team-desk": {"Clerk": {"users": [random.choice(PEOPLE)]}}},
    }
