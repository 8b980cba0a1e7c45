"""What a request costs in resource units: the table of Microsoft's page "throttling-limits" (2025-01-14).

x-ms-resource-unit in recorded answers (azure-cli 2020-08 to 2025-06, 650 answers) agrees with it, and adds
that one application costs 1 and `transitiveMemberOf` of a service principal 2.
"""

from entra_emulator.graph.call import Call

# By method, collection, and what is below an object of it: "" is the collection itself, "*" an object.
# All else costs 1.
_COSTS = {
    ("GET", "applications", ""): 2,
    ("GET", "applications", "extensionproperties"): 2,
    ("GET", "groups", "members"): 3,
    ("GET", "groups", "transitivemembers"): 5,
    ("GET", "oauth2permissiongrants", ""): 2,
    ("GET", "oauth2permissiongrants", "*"): 2,
    ("GET", "serviceprincipals", "approleassignments"): 2,
    ("GET", "serviceprincipals", "transitivememberof"): 2,
    ("GET", "subscribedskus", ""): 3,
    ("GET", "users", ""): 2,
    ("GET", "users", "licensedetails"): 2,
    ("GET", "users", "memberof"): 2,
    ("GET", "users", "ownedobjects"): 2,
    ("GET", "users", "transitivememberof"): 2,
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
    if call.method != "GET":
        return _READS.get(_action(call), 1)
    below = "" if not rest else rest[1] if len(rest) > 1 else "*"
    units = _COSTS.get((call.method, collection, below), 1)
    top = call.query.get("$top", "")
    units -= "$select" in call.query
    units += "$expand" in call.query
    units -= top.isdecimal() and len(top) < 3 and int(top) < 20
    return max(1, units)
