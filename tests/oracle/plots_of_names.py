"""A draft in; the same with keys, labels, values or URIs that change hands out. False: the draft has no
room for it.
"""

from __future__ import annotations

import copy

from tests.oracle import estates
from tests.oracle.draft import (
    THEIRS,
    Draft,
    apis,
    drop_key,
    of_people,
    rename_key,
    rename_label,
    set_value,
    some_label,
    value,
)

# A key or label that is renamed and used again in one manifest is refused: most wait for another plan.
PATIENT = 0.9


def key_used_again(draft: Draft) -> bool:
    """Rename an application, in this plan or the one before, and give its old key to a new one."""
    random, goal = draft.random, draft.goal
    old = random.choice(list(goal["applications"]))
    new = f"{old}-portal"
    twin = copy.deepcopy(goal["applications"][old])
    rename_key(goal, old, new)
    goal["applications"][new]["previously"] = old
    if random.random() < PATIENT:
        del draft.step()["applications"][new]["previously"]
    twin["displayName"] = f"Another {old}"
    twin.pop("authorizedClients", None)
    if "identifierUris" in twin:
        twin["identifierUris"] = ["api://${appId}"]
    goal["applications"][old] = twin
    if twin.get("appRoles") and random.random() < 0.7:
        goal["appRoleAssignments"][old] = estates.assignments(random, twin)
    return True


def label_used_again(draft: Draft) -> bool:
    """Rename the label of a role or scope whose value stays, and give the old label to a new one."""
    random, goal = draft.random, draft.goal
    drawn = some_label(draft)
    if drawn is None:
        return False
    key, type_, old = drawn
    new, carried = f"{old}Former", value(goal["applications"][key][type_], old)
    rename_label(goal, key, type_, old, new)
    entries = goal["applications"][key][type_]
    entries[new] |= {"previously": old, "value": carried}
    if random.random() < PATIENT:
        entries = draft.step()["applications"][key][type_]
        del entries[new]["previously"]
    fresh = estates.role(random, old) if type_ == "appRoles" else estates.scope(random, old)
    entries[old] = fresh | {"value": f"{old}.Anew"}
    if type_ == "appRoles" and "User" in fresh["allowedMemberTypes"]:
        goal["appRoleAssignments"].setdefault(key, {})[old] = estates.holders(random)
    return True


def values_swapped(draft: Draft) -> bool:
    """Let two labels exchange their values."""
    found = apis(draft.goal, roles=2)
    if not found:
        return False
    roles = draft.goal["applications"][draft.random.choice(found)]["appRoles"]
    first, second = draft.random.sample(list(roles), 2)
    carried = value(roles, first), value(roles, second)
    set_value(roles, first, carried[1])
    set_value(roles, second, carried[0])
    return True


def values_handed_on(draft: Draft) -> bool:
    """Let a label take a new value and the next one its old."""
    found = apis(draft.goal, roles=2)
    if not found:
        return False
    roles = draft.goal["applications"][draft.random.choice(found)]["appRoles"]
    labels = draft.random.sample(list(roles), draft.random.randint(2, min(3, len(roles))))
    carried = [value(roles, label) for label in labels]
    for label, new in zip(labels, ["Root", *carried], strict=False):
        set_value(roles, label, new)
    return True


def moved_between_projects(draft: Draft) -> bool:
    """Hand an application over: the other project takes it by its appId, let go before or taken over."""
    random, ours = draft.random, draft.goal
    key = random.choice(list(ours["applications"]))
    app = copy.deepcopy(ours["applications"][key])
    app["appId"] = f"@appId:{draft.owner}:{key}"
    app.pop("authorizedClients", None)
    app.pop("apiPermissions", None)
    roles = of_people(ours["appRoleAssignments"].get(key))
    if random.random() < 0.4:
        drop_key(ours, key)
        ours["removed"] = {"applications": {key: {"destroy": False}}}
        draft.step()
    else:
        draft.words.add("takeover")
    goal = copy.deepcopy(draft.neighbour)
    goal["applications"][key] = app
    if roles is not None:
        goal["appRoleAssignments"][key] = roles if random.random() < 0.6 else estates.assignments(random, app)
    draft.goal, draft.owner = goal, THEIRS
    return True


def key_renamed(draft: Draft) -> bool:
    """Call an application otherwise, with `previously`."""
    old = draft.random.choice(list(draft.goal["applications"]))
    rename_key(draft.goal, old, f"{old}-new")
    draft.goal["applications"][f"{old}-new"]["previously"] = old
    return True


def key_replaced(draft: Draft) -> bool:
    """Call an application otherwise without `previously`: a new one comes, the old one goes or stays."""
    goal, random = draft.goal, draft.random
    old = random.choice(list(goal["applications"]))
    rename_key(goal, old, f"{old}-new")
    app = goal["applications"][f"{old}-new"]
    if "identifierUris" in app:
        app["identifierUris"] = ["api://${appId}"]
    if random.random() < 0.6:
        goal["removed"] = {"applications": {old: {"destroy": random.random() < 0.7}}}
    return True


def label_renamed(draft: Draft) -> bool:
    """Call a role or scope otherwise, with `previously` or not; its value stays, or follows."""
    random, goal = draft.random, draft.goal
    drawn = some_label(draft)
    if drawn is None:
        return False
    key, type_, old = drawn
    new, carried = f"{old}Now", value(goal["applications"][key][type_], old)
    rename_label(goal, key, type_, old, new)
    entry = goal["applications"][key][type_][new]
    entry["value"] = carried if random.random() < 0.5 else f"{old}.Now"
    if random.random() < 0.6:
        entry |= {"previously": old, "breaking": True} if entry["value"] != carried else {"previously": old}
    return True


def value_changed(draft: Draft) -> bool:
    """Change the value of a role or scope, meaning it."""
    drawn = some_label(draft)
    if drawn is None:
        return False
    key, type_, label = drawn
    set_value(draft.goal["applications"][key][type_], label, f"{label}.Other")
    return True


def uris_exchanged(draft: Draft) -> bool:
    """Let two APIs exchange their identifier URIs, or one take the other's."""
    found = apis(draft.goal)
    if len(found) < 2:
        return False
    first, second = draft.random.sample(found, 2)
    for key in (first, second):
        for manifest in (*draft.history, draft.goal):
            if key in manifest["applications"]:
                manifest["applications"][key]["identifierUris"] = [
                    "api://${appId}",
                    f"https://contoso.com/{key}",
                ]
    uris = [f"https://contoso.com/{key}" for key in (second, first)]
    draft.goal["applications"][first]["identifierUris"] = ["api://${appId}", uris[0]]
    draft.goal["applications"][second]["identifierUris"] = [
        "api://${appId}",
        *(uris[1:] if draft.random.random() < 0.6 else []),
    ]
    return True
