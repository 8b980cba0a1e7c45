"""Policies on sign-in and tokens: kept, shown and given; with one realm and tokens of the default policies'
shape, they decide nothing.
"""

import json
from functools import partial

from entra_emulator.graph import permissions
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.sts_policy import (
    CLAIMS_MAPPING_POLICY,
    HOME_REALM_POLICY,
    TOKEN_ISSUANCE_POLICY,
    TOKEN_LIFETIME_POLICY,
)
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.graph.given_policies import CONFLICT, GivenPolicies
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Routes
from entra_emulator.table import Row


def _check(entity: Entity, call: Call, new: Row) -> None:
    """Refuse a definition that defines no such policy, and a second default: how Graph refuses either was
    not seen.
    """
    new["isOrganizationDefault"] = bool(new["isOrganizationDefault"])
    for text in new["definition"]:
        try:
            defined = json.loads(text)
        except ValueError:
            defined = None
        # Each definition names the type, as `{"TokenLifetimePolicy": {…}}` does.
        kind = entity.name[0].upper() + entity.name[1:]
        if not isinstance(defined, dict) or not isinstance(defined.get(kind), dict):
            raise invalid_value("definition", entity.resource)
    others = (row for row in call.tenant.tables[entity.table] if row["id"] != new["id"])
    if new["isOrganizationDefault"] and any(row["isOrganizationDefault"] for row in others):
        raise bad_request(CONFLICT)


def _routes(entity: Entity, holders: tuple[str, ...]) -> Routes:
    policies = GivenPolicies(
        EntitySet(entity=entity, check=partial(_check, entity)), lambda tenant: tenant.policies
    )
    return policies.routes(permissions.POLICY_READ_OF_OBJECT, permissions.POLICY_ASSIGN, holders)


_BOTH = ("applications", "servicePrincipals")
ROUTES: Routes = {
    **_routes(CLAIMS_MAPPING_POLICY, ("servicePrincipals",)),
    **_routes(HOME_REALM_POLICY, ("servicePrincipals",)),
    **_routes(TOKEN_ISSUANCE_POLICY, _BOTH),
    **_routes(TOKEN_LIFETIME_POLICY, _BOTH),
}
