"""The keys of an environment, and what each is for: readers and the JSON Schema take them from here."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "fleet": "True: its tenants stand in a fleet's file; it is used with `--fleet FILE --tenant NAME` only.",
    "tenantId": "The tenant; a token for another one stops everything.",
    "authority": "Of an External ID tenant: where people sign in, `https://NAME.ciamlogin.com`.",
    "protected": "Asks for more before anything dangerous happens, and for pinned names.",
    "deployers": (
        "Who applies here, never removed as owner; a pinned service principal proves what it made. In a "
        "fleet `credential`: the client of the fleet."
    ),
    "ownDomains": (
        "In a fleet: domains that are ours in every tenant; kinds of plans do not tell their hosts apart."
    ),
    "variables": "What `${name}` stands for.",
    "policy": "What may happen here.",
    "acknowledged": "By our API: what others may hold there without a report each time.",
    "sinks": (
        "Where secrets of this environment are kept, each in one place of its own; applications name them."
    ),
    "overrides": "",  # what is overridden says it
}
