"""Paths that Graph has and the emulator has not; a decoded path in, what it is about out."""

from collections.abc import Mapping
from itertools import product

from entra_emulator.graph.call import AlternateKey
from entra_emulator.graph.errors import ODataError

_OTHERS = "administrative units, and what else can be deleted and restored there"
# What each path, and all below it, is about.
UNSERVED: Mapping[str, str] = {
    "$metadata": "the schema document",
    "applicationTemplates": "application templates",
    "applications/*/setVerifiedPublisher": "verified publishers",
    "applications/*/synchronization": "provisioning",
    "applications/*/tokenIssuancePolicies": "token issuance policies",
    "applications/*/tokenLifetimePolicies": "token lifetime policies",
    "applications/*/unsetVerifiedPublisher": "verified publishers",
    "directory/deletedItems/microsoft.graph.administrativeUnit": _OTHERS,
    "directory/deletedItems/microsoft.graph.certificateBasedAuthPki": _OTHERS,
    "directory/deletedItems/microsoft.graph.device": _OTHERS,
    "directory/deletedItems/microsoft.graph.externalUserProfile": _OTHERS,
    "directory/deletedItems/microsoft.graph.pendingExternalUserProfile": _OTHERS,
    "directoryRoles": "directory roles as objects",
    "directoryRoleTemplates": "directory roles as objects",
    "identity": "conditional access",
    "invitations": "invitations",
    "policies": "policies",
    "roleManagement": "changes of directory roles, eligible ones and roles of one's own",
    "servicePrincipals/*/addTokenSigningCertificate": "token-signing certificates",
    "servicePrincipals/*/claimsMappingPolicies": "claims-mapping policies",
    "servicePrincipals/*/synchronization": "provisioning",
    "servicePrincipals/*/tokenIssuancePolicies": "token issuance policies",
    "servicePrincipals/*/tokenLifetimePolicies": "token lifetime policies",
}
# Who holds a role is no list of objects here.
_ROLES = ("microsoft.graph.directoryRole", "microsoft.graph.administrativeUnit")
_HOLDERS = ("groups/*", "me", "servicePrincipals/*", "users/*")
_MORE = dict.fromkeys(
    map("/".join, product(_HOLDERS, ("memberOf", "transitiveMemberOf"), _ROLES)),
    "directory roles and administrative units as objects",
)
_TEMPLATES = [
    (tuple(template.casefold().split("/")), what) for template, what in {**UNSERVED, **_MORE}.items()
]


def unserved(segments: list[str | AlternateKey]) -> ODataError | None:
    """Give the refusal of a path that only the real Graph serves; none where Graph has no such path
    either.
    """
    if not segments:
        return _refusal("the service document")
    names = [segment.casefold() if isinstance(segment, str) else "" for segment in segments]
    for template, what in _TEMPLATES:
        if len(names) >= len(template) and all(
            want in {"*", name} for want, name in zip(template, names, strict=False)
        ):
            return _refusal(what)
    return _refusal("the number of these objects") if names[-1] == "$count" and len(names) > 1 else None


def _refusal(what: str) -> ODataError:
    # Graph's own code for a request that it knows and does not serve; no client takes 501 for lag and asks
    # again.
    return ODataError(501, "NotImplemented", f"The emulator does not serve {what}.")
