"""A draft in; the same with one story's shape drawn into it out. Each says False where the draft has no room for it."""

from __future__ import annotations

import copy
from collections.abc import Callable

from tests.oracle import estates
from tests.oracle.draft import (
    THEIRS,
    Draft,
    Hand,
    apis,
    clients,
    drop_key,
    drop_label,
    rename_key,
    rename_label,
    set_value,
    tidy,
    value,
)

Shape = Callable[[Draft], bool]
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
    sort = random.choice(["appRoles", "appRoles", "scopes"])
    found = apis(goal, roles=1) if sort == "appRoles" else apis(goal, scopes=1)
    if not found:
        return False
    key = random.choice(found)
    entries = goal["applications"][key][sort]
    old = random.choice(list(entries))
    new, carried = f"{old}Former", value(entries, old)
    rename_label(goal, key, sort, old, new)
    entries = goal["applications"][key][sort]
    entries[new] |= {"previously": old, "value": carried}
    if random.random() < PATIENT:
        entries = draft.step()["applications"][key][sort]
        del entries[new]["previously"]
    fresh = estates.role(random, old) if sort == "appRoles" else estates.scope(random, old)
    entries[old] = fresh | {"value": f"{old}.Anew"}
    if sort == "appRoles" and "User" in fresh["allowedMemberTypes"]:
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
    roles = copy.deepcopy(ours["appRoleAssignments"].get(key))
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
    sort = random.choice(["appRoles", "appRoles", "scopes"])
    found = apis(goal, roles=1) if sort == "appRoles" else apis(goal, scopes=1)
    if not found:
        return False
    key = random.choice(found)
    entries = goal["applications"][key][sort]
    old = random.choice(list(entries))
    new, carried = f"{old}Now", value(entries, old)
    rename_label(goal, key, sort, old, new)
    entry = goal["applications"][key][sort][new]
    entry["value"] = carried if random.random() < 0.5 else f"{old}.Now"
    if random.random() < 0.6:
        entry |= {"previously": old, "breaking": True} if entry["value"] != carried else {"previously": old}
    return True


def value_changed(draft: Draft) -> bool:
    """Change the value of a role or scope, meaning it."""
    random = draft.random
    sort = random.choice(["appRoles", "appRoles", "scopes"])
    found = apis(draft.goal, roles=1) if sort == "appRoles" else apis(draft.goal, scopes=1)
    if not found:
        return False
    entries = draft.goal["applications"][random.choice(found)][sort]
    label = random.choice(list(entries))
    set_value(entries, label, f"{label}.Other")
    return True


def overridden(draft: Draft) -> bool:
    """Let the environment say otherwise than the files who holds a role."""
    found = [(key, label) for key, roles in draft.goal["appRoleAssignments"].items() for label in roles]
    if not found:
        return False
    over: dict[str, dict[str, object]] = {}
    for key, label in draft.random.sample(found, draft.random.randint(1, len(found))):
        over.setdefault(key, {})[label] = draft.random.choice([{"groups": []}, {"users": []}, estates.holders(draft.random)])
    draft.goal["environments"]["prod"]["overrides"] = {"appRoleAssignments": over}
    return True


def permission_taken(draft: Draft) -> bool:
    """Take permissions of a client or workload away: all at once, all at one API, or some."""
    random, goal = draft.random, draft.goal
    asking = [key for key, app in goal["applications"].items() if app.get("apiPermissions")]
    if not asking:
        return False
    app = goal["applications"][random.choice(asking)]
    way = random.random()
    if way < 0.4:
        del app["apiPermissions"]
        return True
    name = random.choice(list(app["apiPermissions"]))
    if way < 0.7:
        del app["apiPermissions"][name]
        return True
    entry = app["apiPermissions"][name]
    kind = random.choice([kind for kind in ("delegated", "application") if kind in entry])
    entry[kind] = entry[kind][1:]
    tidy(goal)
    return True


def assignments_dropped(draft: Draft) -> bool:
    """List an application no longer, list it with nobody, or one of its roles with nobody."""
    listed, random = draft.goal["appRoleAssignments"], draft.random
    held = [key for key, roles in listed.items() if roles and key in draft.goal["applications"]]
    if not held:
        return False
    key = random.choice(held)
    way = random.random()
    if way < 0.4:
        del listed[key]
    elif way < 0.6:
        listed[key] = {}
    elif way < 0.75:
        listed[key] = "unmanaged"
    else:
        listed[key][random.choice(list(listed[key]))] = {"users": []}
    return True


def group_unreadable(draft: Draft) -> bool:
    """Let nobody read the members of a group that gains or loses a role."""
    random = draft.random
    roles = [
        (key, label)
        for key in apis(draft.goal, roles=1)
        for label, each in draft.goal["applications"][key]["appRoles"].items()
        if "User" in each["allowedMemberTypes"]
    ]
    if not roles:
        return False
    key, label = random.choice(roles)
    group = random.choice(estates.GROUPS)
    entry = draft.goal["appRoleAssignments"].setdefault(key, {}).setdefault(label, {})
    groups = entry.setdefault("groups", [])
    if group in groups:
        groups.remove(group)
    else:
        groups.append(group)
    draft.unreadable.add(group)
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
                manifest["applications"][key]["identifierUris"] = ["api://${appId}", f"https://contoso.com/{key}"]
    uris = [f"https://contoso.com/{key}" for key in (second, first)]
    draft.goal["applications"][first]["identifierUris"] = ["api://${appId}", uris[0]]
    draft.goal["applications"][second]["identifierUris"] = ["api://${appId}", *(uris[1:] if draft.random.random() < 0.6 else [])]
    return True


def member_types_changed(draft: Draft) -> bool:
    """Change who may hold a role together with who holds it."""
    random, goal = draft.random, draft.goal
    roles = [(key, label) for key in apis(goal, roles=1) for label in goal["applications"][key]["appRoles"]]
    workloads = clients(goal, "daemon")
    if not roles or not workloads:
        return False
    key, label = random.choice(roles)
    role, daemon = goal["applications"][key]["appRoles"][label], goal["applications"][random.choice(workloads)]
    if "Application" in role["allowedMemberTypes"]:
        role["allowedMemberTypes"] = ["User"]
        for app in goal["applications"].values():
            entry = app.get("apiPermissions", {}).get(key, {})
            if label in entry.get("application", []):
                entry["application"].remove(label)
        tidy(goal)
        goal["appRoleAssignments"].setdefault(key, {})[label] = estates.holders(random)
        return True
    role["allowedMemberTypes"] = ["Application"] if random.random() < 0.6 else ["User", "Application"]
    if role["allowedMemberTypes"] == ["Application"]:
        goal["appRoleAssignments"].get(key, {}).pop(label, None)
    entry = daemon.setdefault("apiPermissions", {}).setdefault(key, {})
    entry["application"] = [*entry.get("application", []), label]
    entry["adminConsent"] = True
    return True


def assignment_required(draft: Draft) -> bool:
    """Let an application ask for an assignment, or no longer."""
    app = draft.goal["applications"][draft.random.choice(list(draft.goal["applications"]))]
    now = app.setdefault("enterpriseApplication", {}).get("assignmentRequired", False)
    app["enterpriseApplication"]["assignmentRequired"] = not now
    return True


def destroyed(draft: Draft) -> bool:
    """Take an application out of the manifest and out of the tenant, or let it go."""
    key = draft.random.choice(list(draft.goal["applications"]))
    drop_key(draft.goal, key)
    draft.goal["removed"] = {"applications": {key: {"destroy": draft.random.random() < 0.7}}}
    draft.words.add("used")
    return bool(draft.goal["applications"])


def restored(draft: Draft) -> bool:
    """Let somebody delete an application that the manifest has."""
    draft.hands.append(Hand("delete", (draft.random.choice(list(draft.goal["applications"])),)))
    return True


def role_removed(draft: Draft) -> bool:
    """Take a role or scope out with all who hold it."""
    random = draft.random
    sort = random.choice(["appRoles", "appRoles", "scopes"])
    found = apis(draft.goal, roles=1) if sort == "appRoles" else apis(draft.goal, scopes=1)
    if not found:
        return False
    key = random.choice(found)
    drop_label(draft.goal, key, sort, random.choice(list(draft.goal["applications"][key][sort])))
    draft.words.add("used")
    return True


def consent_changed(draft: Draft) -> bool:
    """Let an administrator's consent become more, less or nobody's business."""
    random, goal = draft.random, draft.goal
    asking = [app for app in goal["applications"].values() if app.get("apiPermissions")]
    if not asking:
        return False
    permissions = random.choice(asking)["apiPermissions"]
    entry = permissions[random.choice(list(permissions))]
    entry.pop("adminConsent", None)
    entry |= estates.consent(random)
    return True


def role_of_others(draft: Draft) -> bool:
    """Let another project's workload hold a role here, whose value then changes, or which goes."""
    random, goal = draft.random, draft.goal
    found = [(key, label) for key in apis(goal, roles=1) for label in estates.for_applications(goal["applications"][key])]
    if not found:
        return False
    key, label = random.choice(found)
    roles = goal["applications"][key]["appRoles"]
    carried = value(roles, label)
    draft.neighbour["enterpriseApplications"] = {"partner": {"appId": f"@appId:{draft.owner}:{key}"}}
    wanted = {"application": [carried], "adminConsent": True}
    draft.neighbour["environments"]["prod"]["policy"]["consent"]["partner"] = {"application": [carried]}
    workload = estates.client(random, "daemon", "ledger-job") | {"apiPermissions": {"partner": wanted}}
    draft.neighbour["applications"]["ledger-job"] = workload
    if random.random() < 0.6:
        set_value(roles, label, f"{label}.Others")
    else:
        drop_label(goal, key, "appRoles", label)
        draft.words.add("used")
    return True


def assigned_at_others(draft: Draft) -> bool:
    """List an API of the other project, with holders and a client of ours."""
    random, goal = draft.random, draft.goal
    found = apis(draft.neighbour, roles=1, scopes=1)
    if not found:
        return False
    key = random.choice(found)
    app = draft.neighbour["applications"][key]
    goal["enterpriseApplications"] = {"partner": {"appId": f"@appId:{THEIRS}:{key}"}}
    people = {value(app["appRoles"], label): each for label, each in estates.assignments(random, app).items()}
    goal["appRoleAssignments"]["partner"] = people
    callers = clients(goal, "spa", "publicClient", "web")
    if callers and random.random() < 0.7:
        wanted = {"delegated": [value(app["scopes"], label) for label in app["scopes"]], "adminConsent": True}
        goal["applications"][random.choice(callers)].setdefault("apiPermissions", {})["partner"] = wanted
        policy = goal["environments"]["prod"]["policy"]
        policy["consent"] = {**policy["consent"], "partner": {"delegated": wanted["delegated"]}}
    return bool(people)


def role_disabled(draft: Draft) -> bool:
    """Disable a role; whoever holds it goes on holding it, and nobody else is given it."""
    goal, last = draft.goal, draft.last
    same = [
        (key, label)
        for key in apis(goal, roles=1)
        for label in goal["applications"][key]["appRoles"]
        if label not in estates.for_applications(goal["applications"][key])
        and goal["appRoleAssignments"].get(key, {}).get(label) == last["appRoleAssignments"].get(key, {}).get(label)
    ]
    if not same or draft.hands:
        return False
    key, label = draft.random.choice(same)
    goal["applications"][key]["appRoles"][label]["isEnabled"] = False
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


def people_changed(draft: Draft) -> bool:
    """Let others hold the roles."""
    random, goal = draft.random, draft.goal
    for key in apis(goal, roles=1):
        if random.random() < 0.7:
            goal["appRoleAssignments"][key] = estates.assignments(random, goal["applications"][key])
    return True


def edited_by_hand(draft: Draft) -> bool:
    """Let another administrator give and take roles and consents."""
    random, before = draft.random, draft.last
    for _ in range(random.randint(1, 4)):
        verb = random.choice(["assign", "assign", "unassign", "consent", "consentAlone", "revoke"])
        draft.hands.append(Hand(verb, (str(random.random()),)))
    return bool(apis(before))


# In the order in which seeds take their turns: each is the main thing of one world in so many.
MAIN: tuple[Shape, ...] = (
    key_used_again,
    label_used_again,
    values_swapped,
    values_handed_on,
    moved_between_projects,
    key_renamed,
    key_replaced,
    label_renamed,
    value_changed,
    overridden,
    permission_taken,
    assignments_dropped,
    group_unreadable,
    uris_exchanged,
    member_types_changed,
    assignment_required,
    destroyed,
    restored,
    role_removed,
    consent_changed,
    role_of_others,
    assigned_at_others,
    role_disabled,
    id_declared,
    people_changed,
    edited_by_hand,
)
# These get on with any other.
BESIDE: tuple[Shape, ...] = (people_changed, edited_by_hand, group_unreadable, consent_changed, permission_taken)
