"""Chance and the manifests of two projects in; roles that applications of the one hold by the other's
`servicePrincipals`, and roles of Microsoft Graph by its `grants`, in.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

Manifest = dict[str, Any]
GRAPH = ("User.Read.All", "Group.Read.All")


def holding(random: Random, goal: Manifest, others: Manifest) -> Counter[str]:
    """Let applications of another project hold roles of this one's APIs, some roles exactly nobody's, and
    give some of them what they need of Microsoft Graph; return how many of each.
    """
    said: Counter[str] = Counter()
    names = [f"{others['project']}/prod/{key}" for key in others["applications"]]
    for key, app in goal["applications"].items():
        for label, role in app.get("appRoles", {}).items():
            if "Application" in role["allowedMemberTypes"] and random.random() < 0.6:
                chosen = random.sample(names, random.randint(0, min(2, len(names))))
                held = goal["appRoleAssignments"].setdefault(key, {}).setdefault(label, {})
                held["servicePrincipals"] = sorted(chosen)
                said["principals"] += len(chosen)
                said["nobody"] += not chosen
    for name in random.sample(names, random.randint(0, min(2, len(names)))):
        given = sorted(random.sample(GRAPH, random.randint(1, 2)))
        goal.setdefault("grants", {})[name] = {"Microsoft Graph": {"application": given}}
        said["grants"] += len(given)
    if "grants" in goal:
        policy = goal["environments"]["prod"]["policy"]
        consent = {"Microsoft Graph": {**policy["consent"]["Microsoft Graph"], "application": [*GRAPH]}}
        goal["environments"]["prod"]["policy"] = {**policy, "consent": consent}
    return said
