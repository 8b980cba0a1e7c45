"""Home realm discovery policies: kept, shown and given to service principals; with one realm, they decide
nothing at sign-in.
"""

import json

from entra_emulator.graph import permissions
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.home_realm_discovery_policy import HOME_REALM_POLICY
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.graph.given_policies import CONFLICT, GivenPolicies
from entra_emulator.table import Row


def _check(call: Call, new: Row) -> None:
    """Refuse a definition that defines no such policy, and a second default: how Graph refuses either was
    not seen.
    """
    new["isOrganizationDefault"] = bool(new["isOrganizationDefault"])
    for text in new["definition"]:
        try:
            defined = json.loads(text)
        except ValueError:
            defined = None
        if not isinstance(defined, dict) or not isinstance(defined.get("HomeRealmDiscoveryPolicy"), dict):
            raise invalid_value("definition", HOME_REALM_POLICY.resource)
    others = (row for row in call.tenant.tables[HOME_REALM_POLICY.table] if row["id"] != new["id"])
    if new["isOrganizationDefault"] and any(row["isOrganizationDefault"] for row in others):
        raise bad_request(CONFLICT)


_POLICIES = GivenPolicies(EntitySet(entity=HOME_REALM_POLICY, check=_check), lambda tenant: tenant.policies)
ROUTES = _POLICIES.routes(
    permissions.POLICY_READ_OF_OBJECT, permissions.POLICY_ASSIGN, ("servicePrincipals",)
)
