"""A draft in; the same with other holders, consents or permissions out. False: the draft has no room for
it.
"""

from __future__ import annotations

from tests.oracle import estates
from tests.oracle.draft import THEIRS, Draft, Hand, apis, clients, drop_label, set_value, tidy, value


def overridden(draft: Draft) -> bool:
    """Let the environment say otherwise than the files who holds a role."""
    found = [(key, label) for key, roles in draft.goal["appRoleAssignments"].items() for label in roles]
    if not found:
        return False
    over: dict[str, dict[str, object]] = {}
    for key, label in draft.random.sample(found, draft.random.randint(1, len(found))):
        over.setdefault(key, {})[label] = draft.random.choice(
            [{"groups": []}, {"users": []}, estates.holders(draft.random)]
        )
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


def member_types_changed(draft: Draft) -> bool:
    """Change who may hold a role together with who holds it."""
    random, goal = draft.random, draft.goal
    roles = [(key, label) for key in apis(goal, roles=1) for label in goal["applications"][key]["appRoles"]]
    workloads = clients(goal, "daemon")
    if not roles or not workloads:
        return False
    key, label = random.choice(roles)
    role, daemon = (
        goal["applications"][key]["appRoles"][label],
        goal["applications"][random.choice(workloads)],
    )
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
    found = [
        (key, label)
        for key in apis(goal, roles=1)
        for label in estates.for_applications(goal["applications"][key])
    ]
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


def held_by_others(draft: Draft) -> bool:
    """Say of roles which applications of the other project hold them, once or twice; or say it no longer."""
    random, goal = draft.random, draft.goal
    places = [
        (key, label)
        for key in apis(goal, roles=1)
        for label in estates.for_applications(goal["applications"][key])
        if isinstance(goal["appRoleAssignments"].get(key, {}), dict)
    ]
    if not places or draft.owner == THEIRS:
        return False
    others = [f"{THEIRS}/{key}" for key in draft.neighbour["applications"]]
    for _ in range(random.choice([1, 2])):
        for key, label in random.sample(places, random.randint(1, min(2, len(places)))):
            entry = goal["appRoleAssignments"].setdefault(key, {}).setdefault(label, {})
            entry["servicePrincipals"] = random.sample(others, random.randint(0, min(2, len(others))))
        if random.random() < 0.5:
            goal = draft.step()
    if random.random() < 0.3:
        for roles in (each for each in goal["appRoleAssignments"].values() if isinstance(each, dict)):
            for label in [
                label for label, entry in roles.items() if entry.pop("servicePrincipals", None) is not None
            ]:
                if not roles[label]:
                    del roles[label]
    return True


def granted_to_others(draft: Draft) -> bool:
    """Give applications of the other project roles of Microsoft Graph, and take some of them away again."""
    random, goal = draft.random, draft.goal
    others = [f"{THEIRS}/{key}" for key in draft.neighbour["applications"]]
    if draft.owner == THEIRS:
        return False
    chosen = random.sample(others, random.randint(1, min(2, len(others))))
    goal["grants"] = {name: {"Microsoft Graph": {"application": ["User.Read.All"]}} for name in chosen}
    if random.random() < 0.6:
        goal = draft.step()
        fates: list[dict[str, list[str]]] = [
            {"absent": ["User.Read.All"]},
            {"application": ["User.Read.All"]},
        ]
        goal["grants"] = {
            name: {"Microsoft Graph": random.choice(fates)} for name in chosen if random.random() < 0.8
        }
    return True


def role_disabled(draft: Draft) -> bool:
    """Disable a role; whoever holds it goes on holding it, and nobody else is given it."""
    goal, last = draft.goal, draft.last
    same = [
        (key, label)
        for key in apis(goal, roles=1)
        for label in goal["applications"][key]["appRoles"]
        if label not in estates.for_applications(goal["applications"][key])
        and goal["appRoleAssignments"].get(key, {}).get(label)
        == last["appRoleAssignments"].get(key, {}).get(label)
    ]
    if not same or draft.hands:
        return False
    key, label = draft.random.choice(same)
    goal["applications"][key]["appRoles"][label]["isEnabled"] = False
    return True


def people_changed(draft: Draft) -> bool:
    """Let others hold the roles."""
    random, goal = draft.random, draft.goal
    for key in apis(goal, roles=1):
        if random.random() < 0.7:
            goal["appRoleAssignments"][key] = estates.assignments(random, goal["applications"][key])
    return True


def group_renamed(draft: Draft) -> bool:
    """Let somebody call a pinned group otherwise, which then gains something, or nothing at all."""
    if not draft.protected:
        return False
    held = [
        name
        for roles in draft.goal["appRoleAssignments"].values()
        if isinstance(roles, dict)
        for name in _groups(roles)
    ]
    draft.hands.append(Hand("rename", (draft.random.choice(held or list(estates.GROUPS)),)))
    return True


def _groups(roles: dict[str, dict[str, list[str]]]) -> list[str]:
    return [name for each in roles.values() for name in each.get("groups", ())]


def secret_left(draft: Draft) -> bool:
    """Let somebody give one of ours a secret that is not declared: it is granted nothing new."""
    draft.hands.append(Hand("secret", (draft.random.choice(list(draft.last["applications"])),)))
    return True


def edited_by_hand(draft: Draft) -> bool:
    """Let another administrator give and take roles and consents, and delete an enterprise application."""
    random, before = draft.random, draft.last
    for _ in range(random.randint(1, 4)):
        verb = random.choice(["assign", "assign", "unassign", "consent", "consentAlone", "revoke", "leave"])
        draft.hands.append(Hand(verb, (str(random.random()),)))
    return bool(apis(before))
