"""A draft in; the same with something deleted, by the manifest or by hand, and perhaps restored, out. False:
the draft has no room for it.
"""

from __future__ import annotations

from tests.oracle import estates
from tests.oracle.draft import Draft, Hand, apis, drop_key, drop_label, some_label, tidy


def destroyed(draft: Draft) -> bool:
    """Take an application out of the manifest and out of the tenant, or let it go."""
    key = draft.random.choice(list(draft.goal["applications"]))
    drop_key(draft.goal, key)
    draft.goal["removed"] = {"applications": {key: {"destroy": draft.random.random() < 0.7}}}
    draft.words.add("used")
    return bool(draft.goal["applications"])


def restored(draft: Draft) -> bool:
    """Let somebody delete an application that the manifest has."""
    draft.late.append(Hand("delete", (draft.random.choice(list(draft.goal["applications"])),)))
    return True


def client_restored(draft: Draft) -> bool:
    """Let somebody delete a client that holds consents and roles; what it asks for changes meanwhile, or
    whose consent it is.
    """
    random, goal, last = draft.random, draft.goal, draft.last
    holding = [
        (key, name)
        for key, app in last["applications"].items()
        for name, entry in app.get("apiPermissions", {}).items()
        if entry.get("adminConsent") is True and key in goal["applications"]
    ]
    if not holding:
        return False
    key, name = random.choice(holding)
    app = goal["applications"][key]
    permissions = app.setdefault("apiPermissions", {})
    way = random.choice(["as it was", "all gone", "one gone", "less", "refused", "left", "left", "by hand"])
    if way == "all gone":
        del app["apiPermissions"]
    elif way == "one gone":
        permissions.pop(name, None)
    elif way in ("less", "refused", "left") and name in permissions:
        entry = permissions[name]
        entry.pop("adminConsent", None)
        if way == "less":
            kind = random.choice([kind for kind in ("delegated", "application") if kind in entry])
            entry[kind] = entry[kind][1:]
            entry["adminConsent"] = True
        elif way == "refused":
            entry["adminConsent"] = False
    elif way == "by hand":
        draft.hands.append(Hand("consent", (str(random.random()),)))
    tidy(goal)
    draft.late.append(Hand("delete", (key,)))
    return True


def api_restored(draft: Draft) -> bool:
    """Let somebody delete an API whose roles people and clients hold; who may, and what clients ask for,
    changes meanwhile.
    """
    random, goal, last = draft.random, draft.goal, draft.last
    requested = {
        name
        for app in last["applications"].values()
        for name, entry in app.get("apiPermissions", {}).items()
        if entry.get("adminConsent") is True
    }
    found = [
        key
        for key in apis(last)
        if key in requested and key in goal["applications"] and last["appRoleAssignments"].get(key)
    ]
    if not found:
        return False
    key = random.choice(found)
    if goal["applications"][key].get("appRoles") and random.random() < 0.5:
        goal["appRoleAssignments"][key] = estates.assignments(random, goal["applications"][key])
    for app in goal["applications"].values():
        if (
            random.random() < 0.5
            and app.get("apiPermissions", {}).pop(key, None)
            and not app["apiPermissions"]
        ):
            del app["apiPermissions"]
    draft.late.append(Hand("delete", (key,)))
    return True


def role_removed(draft: Draft) -> bool:
    """Take a role or scope out with all who hold it."""
    drawn = some_label(draft)
    if drawn is None:
        return False
    drop_label(draft.goal, *drawn)
    draft.words.add("used")
    return True


def id_declared(draft: Draft) -> bool:
    """Give a role another id than the live one has: it is replaced, with all who hold it."""
    found = apis(draft.goal, roles=1)
    if not found:
        return False
    roles = draft.goal["applications"][draft.random.choice(found)]["appRoles"]
    roles[draft.random.choice(list(roles))]["id"] = "5c1b2f7e-0000-4000-8000-000000000009"
    draft.words.add("used")
    return True
