"""Policies on tokens and their claims: a tenant here has none, and nobody makes any."""

from entra_emulator.graph import lookup, permissions, queries, render
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import not_found
from entra_emulator.graph.routing import Route, Routes

_KIND = "stsPolicy"
_OF_TENANT = ("claimsMappingPolicies", "tokenIssuancePolicies", "tokenLifetimePolicies")
_OF_APPLICATIONS = ("tokenIssuancePolicies", "tokenLifetimePolicies")


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /policies/…: none."""
    name = "/".join(str(segment) for segment in call.segments)
    return CollectionResponse(200, render.listed(call, _KIND, name, queries.Page([], None)))


def list_of_object(call: Call) -> CollectionResponse:
    """Answer GET …/{id}/…Policies: none."""
    holder, row = lookup.holder(call)
    context = f"{holder.table}('{row['id']}')/{call.segments[-1]}"
    return CollectionResponse(200, render.listed(call, _KIND, context, queries.Page([], None)))


def get(call: Call) -> CollectionResponse:
    """Refuse GET /policies/…/{id}: there is none."""
    raise not_found(str(call.params[0]))


ROUTES: Routes = {
    **{("GET", f"policies/{name}"): Route(list_all, permissions.POLICY_READ) for name in _OF_TENANT},
    **{("GET", f"policies/{name}/*"): Route(get, permissions.POLICY_READ) for name in _OF_TENANT},
    **{
        ("GET", f"applications/*/{name}"): Route(list_of_object, permissions.POLICY_READ_OF_OBJECT)
        for name in _OF_APPLICATIONS
    },
    **{
        ("GET", f"servicePrincipals/*/{name}"): Route(list_of_object, permissions.POLICY_READ_OF_OBJECT)
        for name in _OF_TENANT
    },
}
