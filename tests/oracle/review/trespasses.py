"""What a team writes into its fenced file: ordinary things, and ways out of the fence. Each edits the
file's content in place.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.oracle.review import texts
from tests.oracle.review.commons import LEFT, PINNED, Ids
from tests.oracle.review.estate import KNOWN, PEOPLE

File = dict[str, Any]
Move = Callable[[Random, File, Ids], bool]
GRAPH = "Microsoft Graph"
ROLE = {"displayName": "Clerk", "description": "Clerk.", "allowedMemberTypes": ["User", "Application"]}
OURS = ("shop/prod:api", "shop/prod:web", "shop/dev:api", "shop/dev:job")
OTHERS = ("ledger/prod:books",)
STRANGERS = ("HR", "Payroll", "Payroll", "Tax2")


def _apps(file: File) -> File:
    found: File = file.setdefault("applications", {})
    return found


def _external(file: File) -> File:
    found: File = file.setdefault("enterpriseApplications", {})
    return found


def _holders(file: File) -> File:
    found: File = file.setdefault("appRoleAssignments", {})
    return found


# What stays inside
# ---------------------------------------------------------------------------------------------------------


def register(random: Random, file: File, ids: Ids) -> bool:
    """Register something of the team's."""
    key = f"team-{random.choice(('app', 'site', 'tool'))}{random.randrange(3)}"
    if key in _apps(file):
        return False
    app: File = {
        "type": "web",
        "displayName": f"Team {key}${{suffix}}",
        "redirectUris": [random.choice(texts.URIS)],
    }
    if random.random() < 0.5:
        app["appRoles"] = {"Clerk": dict(ROLE)}
        _holders(file)[key] = {"Clerk": {"groups": [random.choice(KNOWN)], "users": [random.choice(PEOPLE)]}}
    if random.random() < 0.4:
        app["owners"] = [random.choice(PEOPLE)]
    if random.random() < 0.4:
        app["identifierUris"] = ["api://${appId}"]
    _apps(file)[key] = app
    return True


def ask(random: Random, file: File, ids: Ids) -> bool:
    """Ask for what others must consent to, and take what the policy gives."""
    permissions = _apps(file)["team-job"].setdefault("apiPermissions", {})
    if random.random() < 0.5:
        permissions["api"] = {"application": ["Reader", "Admin"]}
    else:
        permissions[GRAPH] = {"application": ["User.Read.All"], "adminConsent": True}
    return True


def listed(random: Random, file: File, ids: Ids) -> bool:
    """Take the consent that the fence lists."""
    permissions = _apps(file)["team-job"].setdefault("apiPermissions", {})
    consent = random.choice((True, ["Writer"], {"application": True}, {"application": ["Writer"]}))
    permissions["api"] = {"application": ["Writer"], "adminConsent": consent}
    return True


def adopt(random: Random, file: File, ids: Ids) -> bool:
    """Adopt what the lock file pins to a key of the team's, by its appId or by the pin alone."""
    if ids.pinned != ids.app_ids["Old Desk"]:
        return False
    _apps(file)[PINNED] = {
        "type": "web",
        "displayName": "Old Desk${suffix}",
        "redirectUris": ["https://old.contoso.com/"],
    }
    _apps(file)[PINNED]["only"] = [random.choice(("prod", "dev"))]
    if random.random() < 0.5:
        _apps(file)[PINNED]["appId"] = ids.pinned
    return True


def rename(random: Random, file: File, ids: Ids) -> bool:
    """Call an application of the team's otherwise."""
    apps, holders = _apps(file), _holders(file)
    if "team-desk" not in apps:
        return False
    apps["team-bureau"] = apps.pop("team-desk") | {"previously": "team-desk"}
    if "team-desk" in holders:
        holders["team-bureau"] = holders.pop("team-desk")
    return True


def partner(random: Random, file: File, ids: Ids) -> bool:
    """Give people roles of an application that is nobody's here."""
    _external(file)["team-partner"] = random.choice(
        ({"appId": ids.app_ids["Tax2"]}, {"displayName": "Tax2", "id": ids.principals["Tax2"]})
    )
    _holders(file)["team-partner"] = {"Read": {"groups": ["Audit"], "additive": True}}
    return True


HARMLESS: tuple[Move, ...] = (register, register, ask, listed, adopt, rename, partner)


# Ways out
# ------------------------------------------------------------------------------------------------------------


def alias(random: Random, file: File, ids: Ids) -> bool:
    """Name what is not the team's as an application of others, and take its roles."""
    target = random.choice((*OURS, *OTHERS))
    ways: list[Any] = [{"appId": ids.app_ids[target]}, {"id": ids.principals[target]}]
    shown = {
        "shop/prod:api": "Shop API",
        "shop/dev:api": "Shop API (dev)",
        "ledger/prod:books": "Ledger",
    }.get(target)
    ways += [shown, shown.upper(), {"displayName": shown}] if shown else []
    _external(file)["team-alias"] = random.choice(ways)
    match random.randrange(3):
        case 0:
            role = random.choice(("Admin", "Reader", "Clerk"))
            _holders(file)["team-alias"] = {
                role: {"users": ["mallory@contoso.com"], "additive": random.random() < 0.5}
            }
        case 1:
            _holders(file)["team-alias"] = {}
        case _:
            role = "Clerk" if target in OTHERS else "Admin"
            _apps(file)["team-job"]["apiPermissions"] = {
                "team-alias": {"application": [role], "adminConsent": True}
            }
    return True


def by_app_id(random: Random, file: File, ids: Ids) -> bool:
    """Ask for a role of ours by the appId of the API, and consent to it."""
    target = ids.app_ids[random.choice(("shop/prod:api", "shop/dev:api"))]
    _apps(file)["team-job"]["apiPermissions"] = {
        target: {"application": ["Admin"], "adminConsent": random.choice((True, ["Admin"]))}
    }
    return True


def consents(random: Random, file: File, ids: Ids) -> bool:
    """Consent to what the fence does not list."""
    role = random.choice(("Admin", "Auditor"))
    consent = random.choice((True, [role], {"application": True}))
    _apps(file)["team-job"]["apiPermissions"] = {"api": {"application": [role], "adminConsent": consent}}
    return True


def scopes(random: Random, file: File, ids: Ids) -> bool:
    """Act for everybody at an API of ours."""
    _apps(file)["team-desk" if "team-desk" in _apps(file) else "team-bureau"]["apiPermissions"] = {
        "api": {"delegated": ["change"], "adminConsent": random.choice((True, ["change"]))}
    }
    return True


def take(random: Random, file: File, ids: Ids) -> bool:
    """Take an application by its appId: ours, another project's, an attacker's, what nobody pinned."""
    target = random.choice((*OURS, *OTHERS, *STRANGERS, "Old Desk"))
    key = random.choice(("team-job", "team-thief"))
    _apps(file)[key] = {
        "type": "api",
        "displayName": "Mine${suffix}",
        "appId": ids.app_ids[target],
        "only": [random.choice(("prod", "dev"))],
        "appRoles": {"Admin": dict(ROLE)},
        "redirectUris": [],
    }
    del _apps(file)[key]["redirectUris"]
    if random.random() < 0.5:
        _apps(file)[key]["federatedCredentials"] = {
            "evil": {"issuer": texts.ISSUERS[0], "subject": texts.SUBJECTS[0]}
        }
    _holders(file)[key] = {"Admin": {"users": ["mallory@contoso.com"]}}
    return True


def mispinned(random: Random, file: File, ids: Ids) -> bool:
    """Take what the lock file pins to a key of the team's, whosever it is: by its appId, by the pin alone, or
    by a rename of the pinned key.
    """
    app: File = {"type": "daemon", "displayName": "Mine", "only": [random.choice(("prod", "dev"))]}
    way = random.choice(("appId", "pin", "rename"))
    if way == "appId":
        app["appId"] = ids.pinned
    if way == "rename":
        app["previously"] = PINNED
    _apps(file)["team-taker" if way == "rename" else PINNED] = app
    return True


def inherit(random: Random, file: File, ids: Ids) -> bool:
    """Take the application of a key outside, by calling it the former one."""
    former = random.choice(("api", "web", LEFT, LEFT))
    _apps(file)["team-heir"] = {
        "type": "web",
        "displayName": "Heir${suffix}",
        "previously": former,
        "redirectUris": ["https://evil.example/"],
    }
    return True


def twice(random: Random, file: File, ids: Ids) -> bool:
    """Name one object of others by two keys, of which each takes the other's holders away."""
    same = random.choice(("HR", {"appId": ids.app_ids["HR"]}, {"id": ids.principals["HR"]}))
    _external(file)["team-people"] = same
    _holders(file)["team-people"] = {"Read": {"users": ["mallory@contoso.com"]}}
    return True


def outside(random: Random, file: File, ids: Ids) -> bool:
    """Write keys that are outside."""
    match random.randrange(4):
        case 0:
            _holders(file)["api"] = {"Admin": {"users": ["mallory@contoso.com"]}}
        case 1:
            _apps(file)["api"] = {"redirectUris": ["https://evil.example/"]}
        case 2:
            _apps(file)["api"] = {"authorizedClients": {"team-desk": ["change"]}}
        case _:
            _apps(file)["Team-x"] = {"type": "daemon", "displayName": "X"}
    return True


def marks(random: Random, file: File, ids: Ids) -> bool:
    """Bear marks of somebody else, or a name of ours."""
    tag = random.choice(("entra-config:key=api", "entra-config:owner=ledger/prod", "Entra-Config:key=api"))
    app = _apps(file)["team-job"]
    if random.random() < 0.6:
        app["tags"] = [tag]
    else:
        app["displayName"] = "Shop API${suffix}"
    return True


def uris(random: Random, file: File, ids: Ids) -> bool:
    """Take a name by which clients ask for an API of ours."""
    uri = random.choice(
        (
            "https://contoso.com/shop/prod",
            f"api://{ids.app_ids['shop/prod:api']}",
            "https://contoso.com/SHOP/prod",
        )
    )
    _apps(file)["team-api"] = {
        "type": "api",
        "displayName": "Team API${suffix}",
        "only": [random.choice(("prod", "dev"))],
        "identifierUris": [uri],
    }
    return True


def labels(random: Random, file: File, ids: Ids) -> bool:
    """Take a role's id from elsewhere."""
    desk = _apps(file).get("team-desk") or _apps(file)["team-bureau"]
    desk["appRoles"] = {"Clerk": dict(ROLE) | {"id": random.choice(list(ids.app_ids.values()))}}
    return True


HOSTILE: tuple[Move, ...] = (
    mispinned,
    alias,
    alias,
    alias,
    by_app_id,
    consents,
    scopes,
    take,
    take,
    take,
    inherit,
    twice,
    outside,
    marks,
    uris,
    labels,
)
