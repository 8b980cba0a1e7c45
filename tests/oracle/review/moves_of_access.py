"""Moves of an author of pull requests that give roles, consents and ownership."""

from __future__ import annotations

from tests.oracle.review import texts
from tests.oracle.review.estate import MAIN, PEOPLE, ROOT, TEAM, Company, Files


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


def owner(company: Company, files: Files) -> bool:
    """Let a person own an application."""
    app = files[MAIN]["applications"][company.random.choice(("api", "web", "job"))]
    app["owners"] = sorted({*app.get("owners", ()), company.random.choice(PEOPLE)})
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
