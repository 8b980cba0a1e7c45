"""Moves of an author of pull requests that hide: names that mean others, what was planted, lower guards."""

from __future__ import annotations

from typing import Any

from entra_emulator import seed
from tests.oracle.review import texts
from tests.oracle.review.estate import KNOWN, MAIN, ROOT, TEAM, Company, Files, lock_of, secret
from tests.oracle.review.givers import Giver
from tests.oracle.review.moves_of_access import consent


def swap_pin(company: Company, files: Files) -> bool:
    """Let a name that is used mean another object."""
    random = company.random
    name = random.choice((*KNOWN, "HR"))
    others = [row for row in company.tenant.rows.service_principals if row["displayName"] == "Payroll"]
    id_ = (
        random.choice(others)["id"]
        if name == "HR"
        else company.group(group := random.choice(texts.GROUPS))["id"]
    )
    for environment in company.environments:
        files[lock_of(environment)]["servicePrincipals" if name == "HR" else "groups"][name] = id_
    # Of two swaps of one name the last one counts.
    company.hidden = [each for each in company.hidden if (each.what, each.needs[0]) != ("pin", (name,))]
    company.hidden.append(Giver("pin", ((name,), ("Payroll" if name == "HR" else group,), (id_[:8],))))
    return True


def adopt(company: Company, files: Files) -> bool:
    """Take an application over: nobody's, or another project's."""
    shown, key = company.random.choice((("Old Desk", "desk"), ("Ledger", "books")))
    app = next(row for row in company.tenant.rows.applications if row["displayName"] == shown)
    files[MAIN]["applications"][key] = {
        "type": "web",
        "displayName": f"Desk {key}${{suffix}}",
        "only": ["prod"],
    }
    files[lock_of("prod")].setdefault("applications", {})[key] = {"appId": app["appId"]}
    company.hidden.append(Giver("pin", ((key,), (app["appId"],), (shown,))))
    return True


def ignore(company: Company, files: Files) -> bool:
    """Let others change who can act as an application, where somebody did already, and ask for more at
    once.
    """
    rows = company.tenant.rows
    app = registered(company, "job")
    if company.random.random() < 0.5:
        rows.federated_identity_credentials.put(
            {
                "id": f"planted-{app['id'][:8]}",
                "name": "planted",
                "issuer": texts.ISSUERS[0],
                "subject": "repo:stranger/planted:ref:refs/heads/main",
                "description": None,
                "audiences": ["api://AzureADTokenExchange"],
                "_application": app["id"],
            }
        )
    else:
        secret(rows, app, "planted")
    company.planted.append(app["appId"])
    files[MAIN]["applications"]["job"]["ignoreChanges"] = ["federatedCredentials", "certificates", "owners"]
    return consent(company, files)


def look_away(company: Company, files: Files) -> bool:
    """Let others change where answers go, who needs no consent and what is asked for, where somebody did
    already.
    """
    rows = company.tenant.rows
    key = company.random.choice(("redirectUris", "authorizedClients", "apiPermissions"))
    if key == "redirectUris":
        if not there(company, "web"):
            return False
        app = registered(company, "web")
        uri = f"https://evil.example/planted{company.random.randrange(9)}"
        rows.applications.put(
            {**app, "web": {**app["web"], "redirectUris": [*app["web"]["redirectUris"], uri]}}
        )
        company.hidden.append(Giver("planted redirect URI", (("web",), (uri,))))
        files[MAIN]["applications"]["web"]["ignoreChanges"] = [key]
    elif key == "authorizedClients":
        app = registered(company, "api")
        client = next(row["appId"] for row in company.tenant.rows.applications if row["displayName"] == "HR")
        scope = next(scope for scope in app["api"]["oauth2PermissionScopes"] if scope["value"] == "change")
        entries = [
            *app["api"]["preAuthorizedApplications"],
            {"appId": client, "delegatedPermissionIds": [scope["id"]]},
        ]
        rows.applications.put({**app, "api": {**app["api"], "preAuthorizedApplications": entries}})
        company.hidden.append(Giver("planted authorized client", (("api",), (client, "HR"), ("change",))))
        files[MAIN]["applications"]["api"]["ignoreChanges"] = [key]
    else:
        app = registered(company, "job")
        tax = next(row for row in rows.service_principals if row["displayName"] == "Tax")
        job = next(row for row in rows.service_principals if row["appId"] == app["appId"])
        role = next(role for role in tax["appRoles"] if role["value"] == "Write")
        requested = {"resourceAppId": tax["appId"], "resourceAccess": [{"id": role["id"], "type": "Role"}]}
        rows.applications.put({**app, "requiredResourceAccess": [*app["requiredResourceAccess"], requested]})
        seed.assign(rows, {**job, "type": "ServicePrincipal"}, tax, role["id"])
        company.hidden.append(Giver("planted consent", (("job",), ("Tax", tax["appId"]), ("Write",))))
        files[MAIN]["applications"]["job"]["ignoreChanges"] = [key]
    return True


def there(company: Company, key: str) -> bool:
    """Tell whether a key of ours is live: an administrator may have deleted it by mistake."""
    marks = {f"entra-config:key={key}", "entra-config:owner=shop/prod"}
    return any(marks <= set(row["tags"]) for row in company.tenant.rows.applications)


def registered(company: Company, key: str) -> dict[str, Any]:
    """Return the registration of a key of ours, of the protected environment."""
    marks = {f"entra-config:key={key}", "entra-config:owner=shop/prod"}
    (found,) = [row for row in company.tenant.rows.applications if marks <= set(row["tags"])]
    return dict(found)


def guards(company: Company, files: Files) -> bool:
    """Lower what stands between an author and the tenant."""
    name = company.environments[-1]
    settings = files[ROOT]["environments"][name]
    match company.random.randrange(5):
        case 0:
            settings["protected"] = False
            reported: tuple[str, ...] = (name, "protected")
        case 1:
            settings["policy"]["consent"]["tax"] = {"application": ["Write"]}
            reported = ("policy.consent", "tax", "Write")
        case 2:
            files[ROOT]["files"][1]["mayDeclare"] = [
                *files[ROOT]["files"][1]["mayDeclare"],
                "appRoleAssignments/api/Auditor",
            ]
            reported = (TEAM, "appRoleAssignments/api/Auditor")
        case 3:
            files[ROOT]["files"][1] = TEAM
            reported = (TEAM, "no longer restricted")
        case _:
            settings["policy"]["allow"] = ["many"]
            reported = ("policy.allow", "many")
    company.hidden.append(Giver("guard", tuple((word,) for word in reported)))
    return True
