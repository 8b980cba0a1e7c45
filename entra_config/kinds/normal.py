"""Values of one side in; the same as Graph will answer them out: the normalising step of each kind.

what the manifest or an answer says        what is compared
an optional claim by its name alone        with Graph's defaults for the rest of it
claims of one token: null, or none         []
the value of a role: ""                    null: Graph keeps the two apart, nobody else does
a mark of one creation, or of one look     not there: it proves nothing once it is written
a credential's text "", no audiences       null
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.kinds.base import NOT_COMPARED, unmarked
from entra_config.kinds.entitlements import ROLES
from entra_config.resource import Value

CLAIMS = "optionalClaims"
TOKENS = ("accessToken", "idToken", "saml2Token")
# Graph answers every claim with these filled in (azure-cli test_app_scenario).
CLAIM: Mapping[str, Value] = {"source": None, "essential": False, "additionalProperties": []}

Values = Mapping[str, Value]


def application(values: Values) -> Values:
    """Return the values of an application."""
    found = {**marked(values)}
    if found.get(CLAIMS) is not None:
        found[CLAIMS] = claims(found[CLAIMS])
    if found.get(ROLES):
        found[ROLES] = [role if role.get("value") else {**role, "value": None} for role in found[ROLES]]
    return found


def marked(values: Values) -> Values:
    """Return the values of whatever bears marks, with those alone that are compared."""
    return (
        {**values, "tags": unmarked(values.get("tags") or (), *NOT_COMPARED)} if "tags" in values else values
    )


def claims(declared: Mapping[str, Any]) -> Values:
    """Return the claims of each token whole."""
    return {token: [_whole(claim) for claim in declared.get(token) or ()] for token in TOKENS}


def _whole(claim: Values) -> Values:
    return claim if claim.keys() >= CLAIM.keys() else {**CLAIM, **claim}


def credential(values: Values) -> Values:
    """Return the values of a federated credential."""
    return {name: value or None for name, value in values.items()}
