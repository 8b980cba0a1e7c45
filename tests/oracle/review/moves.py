"""What an author of pull requests does: each move edits files in place and tells whether it could. Drawn
towards what hides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_config.emulator import seed
from tests.oracle.attack import certificates
from tests.oracle.review import texts
from tests.oracle.review.estate import KNOWN, MAIN, PEOPLE, ROOT, TEAM, Company, Files, lock_of, secret
from tests.oracle.review.givers import Giver

Move = Callable[[Company, Files], bool]


def holder(company: Company, files: Files) -> bool:
    """Give a role to a person, or to a group of any name."""
    random = company.random
    roles = files[MAIN]["appRoleAssignments"]["api"]
    entry = roles.setdefault(random.choice(("Reader", "Writer", "Admin", "Auditor")), {})
    if random.random() < 0.5:
        entry["users"] = sorted({*entry.get("users", ()), random.choice(PEOPLE)})
    else:
        there = [each if isinstance(each, str) else each["name"] for each in entry.get("groups", ())]
        name = random.choice(texts.GROUPS)
        if name in there:
            return False
        entry["groups"] = [*entry.get("groups", ()), company.group(name)]
    return True


def team_holder(company: Company, files: Files) -> bool:
    """Give a role of the team's own, from its fenced file."""
    entry = files[TEAM]["appRoleAssignments"]["team-desk"]["Clerk"]
    entry["groups"] = [company.group(company.random.choice(texts.GROUPS))]
    return True


def redirect(company: Company, files: Files) -> bool:
    """Let answers of a sign-in go elsewhere."""
    random = company.random
    key = random.choice(("web", "phone", "team-desk"))
    app = files[TEAM if key == "team-desk" else MAIN]["applications"][key]
    uri = random.choice(texts.PUBLIC_URIS if key == "phone" else texts.URIS)
    if random.random() < 0.3 and key != "phone":
        uri = texts.long(random, "https://shop.contoso.com/cb/", random.randint(60, 240))
    if uri in app["redirectUris"]:
        return False
    app["redirectUris"] = [*app["redirectUris"], uri]
    return True


def federated(company: Company, files: Files) -> bool:
    """Let a workload sign in, or another one in the place of the one that may."""
    random = company.random
    credentials = files[MAIN]["applications"]["job"]["federatedCredentials"]
    subject = random.choice(
        (
            random.choice(texts.SUBJECTS),
            texts.long(random, "repo:example/shop:environment:", random.randint(40, 590)),
        )
    )
    entry = {"issuer": random.choice(texts.ISSUERS), "subject": subject}
    if random.random() < 0.2:
        entry["audience"] = "api://evil@contoso.com"
    credentials[random.choice(("github", f"extra{random.randrange(9)}"))] = entry
    return True


def owner(company: Company, files: Files) -> bool:
    """Let a person own an application."""
    app = files[MAIN]["applications"][company.random.choice(("api", "web", "job"))]
    app["owners"] = sorted({*app.get("owners", ()), company.random.choice(PEOPLE)})
    return True


def certificate(company: Company, files: Files) -> bool:
    """Let who has a key sign in."""
    name = f"key{company.random.randrange(5)}"
    files[f"{name}.pem"] = certificates.named(name).pem
    files[MAIN]["applications"][company.random.choice(("api", "job"))]["certificates"] = {
        name: {"file": f"{name}.pem"}
    }
    return True


def consent(company: Company, files: Files) -> bool:
    """Let a client have what the policy lets it have, at Graph, at others' and at ours."""
    random = company.random
    job = files[MAIN]["applications"]["job"]["apiPermissions"]
    web = files[MAIN]["applications"]["web"]["apiPermissions"]
    match random.randrange(4):
        case 0:
            job["Microsoft Graph"] = {"application": ["User.Read.All"], "adminConsent": True}
        case 1:
            web["Microsoft Graph"] = {"delegated": ["User.Read", "openid"], "adminConsent": True}
        case 2:
            job["hr"] = {"application": ["Read"], "adminConsent": True}
        case _:
            role = random.choice(("Writer", "Admin"))
            job["api"] = {"application": sorted({*job["api"]["application"], role}), "adminConsent": True}
    return True


def team_consent(company: Company, files: Files) -> bool:
    """Let the team's job have what its fence lists."""
    files[TEAM]["applications"]["team-job"]["apiPermissions"] = {
        "api": {"application": ["Writer"], "adminConsent": True}
    }
    return True


def authorize(company: Company, files: Files) -> bool:
    """Let a client act without anybody's consent."""
    clients = files[MAIN]["applications"]["api"]["authorizedClients"]
    clients[company.random.choice(("phone", "web", stranger(company)))] = company.random.choice(
        (["change"], ["see", "change"])
    )
    return True


def stranger(company: Company) -> str:
    """Return the appId of an application of others."""
    return str(next(row for row in company.tenant.rows.applications if row["displayName"] == "Tax")["appId"])


def settings(company: Company, files: Files) -> bool:
    """Change what says who may sign in, and how."""
    random = company.random
    apps = files[MAIN]["applications"]
    match random.randrange(7):
        case 0:
            apps["api"]["enterpriseApplication"] = {"assignmentRequired": False}
        case 1:
            apps["web"]["signInAudience"] = "AzureADMultipleOrgs"
        case 2:
            apps["web"]["properties"] = {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}}
        case 3:
            apps["api"]["properties"] = {"api": {"acceptMappedClaims": True}}
        case 4:
            apps["api"]["scopes"][random.choice(("see", "change"))]["whoCanConsent"] = "adminsAndUsers"
        case 5:
            apps["api"]["identifierUris"] = [
                "api://${appId}",
                f"https://contoso.com/shop{random.randrange(9)}/${{environment}}",
            ]
        case _:
            apps["api"]["knownClientApplications"] = ["web"]
    return True


def role_value(company: Company, files: Files) -> bool:
    """Let a role that people hold say something else."""
    role = files[MAIN]["applications"]["api"]["appRoles"][company.random.choice(("Reader", "Writer"))]
    role |= {"value": company.random.choice((*texts.VALUES, "Root")), "breaking": True}
    return True


def create(company: Company, files: Files) -> bool:
    """Register something new that can do much at once."""
    random = company.random
    key = f"new{random.randrange(5)}"
    if key in files[MAIN]["applications"]:
        return False
    app: dict[str, Any] = {"displayName": f"{random.choice(texts.GROUPS)} {key}${{suffix}}"}
    if random.random() < 0.5:
        app |= {
            "type": "publicClient",
            "redirectUris": [random.choice(texts.PUBLIC_URIS), "http://localhost"],
        }
        app["apiPermissions"] = {"api": {"delegated": ["change"], "adminConsent": True}}
    else:
        app |= {"type": "web", "redirectUris": random.sample(texts.URIS, 2)}
        app["federatedCredentials"] = {
            "one": {"issuer": ISSUER_EVIL, "subject": random.choice(texts.SUBJECTS)}
        }
        app["appRoles"] = {
            "boss": {
                "displayName": "Boss",
                "description": "Boss.",
                "value": random.choice(texts.VALUES),
                "allowedMemberTypes": ["User"],
            }
        }
        app["signInAudience"] = random.choice(("AzureADMyOrg", "AzureADMultipleOrgs"))
        app["tags"] = random.choice(([], ["entra-config.evil"], ["plain"]))
        files[MAIN]["appRoleAssignments"][key] = {
            "boss": {"groups": [company.group(random.choice(texts.GROUPS))]}
        }
    files[MAIN]["applications"][key] = app
    return True


ISSUER_EVIL = texts.ISSUERS[1]


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


def others_role(company: Company, files: Files) -> bool:
    """Give people roles of an application of others."""
    entry = {"groups": [company.group(company.random.choice(texts.GROUPS))], "additive": True}
    files[MAIN]["appRoleAssignments"]["hr"] = {company.random.choice(("Read", "Write")): entry}
    return True


def others_hold(company: Company, files: Files) -> bool:
    """Let an application of others hold a role of ours, one that bears a name which another bears too, or
    one that is pinned.
    """
    random = company.random
    rows = [row for row in company.tenant.rows.service_principals if row["displayName"] == "Payroll"]
    payroll = random.choice(rows)
    who = random.choice(("HR", "Tax", payroll["id"], {"name": "Payroll", "id": payroll["id"]}))
    entry = files[MAIN]["appRoleAssignments"]["api"].setdefault(
        random.choice(("Reader", "Writer", "Admin")), {}
    )
    entry["servicePrincipals"] = [who]
    return True


def given_to_others(company: Company, files: Files) -> bool:
    """Give an application of others a role of Microsoft Graph, in the root file."""
    name = company.random.choice(("HR", "Tax"))
    files[ROOT]["grants"] = {name: {"Microsoft Graph": {"application": ["User.Read.All"]}}}
    return True


def owner_of_principal(company: Company, files: Files) -> bool:
    """Let a person own a service principal."""
    app = files[MAIN]["applications"]["web"]
    app["enterpriseApplication"] = {
        "owners": [company.random.choice(PEOPLE)],
        "loginUrl": "https://evil.example/login",
    }
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


POWERS: tuple[Move, ...] = (
    holder,
    holder,
    team_holder,
    redirect,
    redirect,
    federated,
    federated,
    owner,
    certificate,
    consent,
    team_consent,
    authorize,
    settings,
    settings,
    role_value,
    create,
    create,
    swap_pin,
    swap_pin,
    adopt,
    others_role,
    others_hold,
    given_to_others,
    owner_of_principal,
    ignore,
    look_away,
    guards,
)


def noise(company: Company, files: Files) -> bool:
    """Change much that gives nobody anything: descriptions, labels, applications; of any size."""
    random = company.random
    number = random.choice((0, 3, 40, 200, 400))
    api = files[MAIN]["applications"]["api"]
    for index in range(number):
        label = f"{random.choice('abc')}.{'long' * random.randint(1, 12)}.{index}"
        api["appRoles"][label] = {
            "displayName": texts.prose(random, 1, 3),
            "description": texts.prose(random, 1, 60)[:1000],
            "allowedMemberTypes": ["User"],
        }
    for index in range(random.choice((0, 0, 5, 60))):
        files[MAIN]["applications"][f"{'quiet' * 4}-{index}"] = {
            "type": "api",
            "displayName": f"{texts.prose(random, 1, 6)[:200]} {index}${{suffix}}",
            "notes": texts.prose(random, 1, 100)[:1000],
        }
    return number > 0


def flood(company: Company, files: Files) -> bool:
    """Give so much at once that the one that matters drowns in it."""
    random = company.random
    for number in range(random.choice((1, 1, 2, 3, 4))):
        _flood(company, files, number, random.randint(60, 250))
    return True


def deluge(company: Company, files: Files) -> bool:
    """Give more than five comments can show."""
    for number in range(6):
        _flood(company, files, number, 250)
    return True


def _flood(company: Company, files: Files, number: int, length: int) -> None:
    uris = [texts.long(company.random, f"https://shop.contoso.com/{index}/", length) for index in range(250)]
    app = {"type": "web", "displayName": f"Flood {number}${{suffix}}", "redirectUris": uris}
    files[MAIN]["applications"][f"flood{number}"] = app
