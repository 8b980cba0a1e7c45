"""Moves of an author of pull requests that register an application, or change how one signs in."""

from __future__ import annotations

from typing import Any

from tests.oracle.attack import certificates
from tests.oracle.review import texts
from tests.oracle.review.estate import MAIN, TEAM, Company, Files

ISSUER_EVIL = texts.ISSUERS[1]


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


def certificate(company: Company, files: Files) -> bool:
    """Let who has a key sign in."""
    name = f"key{company.random.randrange(5)}"
    files[f"{name}.pem"] = certificates.named(name).pem
    files[MAIN]["applications"][company.random.choice(("api", "job"))]["certificates"] = {
        name: {"file": f"{name}.pem"}
    }
    return True


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
