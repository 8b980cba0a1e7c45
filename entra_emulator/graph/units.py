"""What a request costs in resource units: the table of Microsoft's page "throttling-limits" (2025-01-14).

x-ms-resource-unit in recorded answers (azure-cli 2020-08 to 2025-06, 650 answers) agrees with it, and adds
that one application costs 1 and `transitiveMemberOf` of a service principal 2.
"""

from entra_emulator.graph.call import Call

# Of a GET, by its collection and what is below an object of it: "" is the collection itself, "*" an object.
# All else costs 1.
_COSTS = {
    ("applications", ""): 2,
    ("applications", "extensionproperties"): 2,
    ("groups", "members"): 3,
    ("groups", "transitivemembers"): 5,
    ("oauth2permissiongrants", ""): 2,
    ("oauth2permissiongrants", "*"): 2,
    ("serviceprincipals", "approleassignments"): 2,
    ("serviceprincipals", "transitivememberof"): 2,  # azure-cli's recordings, in no row of the table
    ("subscribedskus", ""): 3,
    ("users", ""): 2,
    ("users", "licensedetails"): 2,
    ("users", "memberof"): 2,
    ("users", "ownedobjects"): 2,
    ("users", "transitivememberof"): 2,
}
# Reads by POST, which are named alike on every collection and cost no write.
_READS = {
    "getbyids": 3,
    "checkmembergroups": 4,
    "checkmemberobjects": 4,
    "getmembergroups": 2,
    "getmemberobjects": 2,
}


def is_write(call: Call) -> bool:
    """Return True if a request counts as a write."""
    return call.method != "GET" and _action(call) not in _READS


def _action(call: Call) -> str:
    return str(call.segments[-1]).casefold()


def cost(call: Call) -> int:
    """Return the resource units of a request with its options."""
    collection, *rest = [part.casefold() if isinstance(part, str) else "*" for part in call.segments]
    if collection == "me":
        collection, rest = "users", ["*", *rest]
    below = "" if not rest else rest[1] if len(rest) > 1 else "*"
    is_get = call.method == "GET"
    units = _COSTS.get((collection, below), 1) if is_get else _READS.get(_action(call), 1)
    top = call.query.get("$top", "")
    units -= "$select" in call.query
    units += "$expand" in call.query
    units -= top.isdecimal() and len(top) < 3 and int(top) < 20
    return max(1, units)
