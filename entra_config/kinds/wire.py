"""Live subjects in; what Graph holds at each target, by path and in Graph's own form, out: the ground of
guards.
"""

from __future__ import annotations

from entra_config.kinds import allowed_tenants
from entra_config.kinds.application import AUTHORIZED, CERTIFICATES, REQUIRED
from entra_config.kinds.base import application_address, enterprise_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.entitlement_entries import ROLE_KEYS, SCOPE_KEYS, writable
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.graph_values import at, pick
from entra_config.kinds.identifier_uris import URIS
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.resource import Address, State, Value

# During a rollout Graph answers properties that it does not take back.
_AUTHORIZED_KEYS = ("appId", "delegatedPermissionIds")


def wire(directory: Directory, desired: State) -> dict[Address, dict[str, Value]]:
    """Return the values of each application and service principal as they were read."""
    found: dict[Address, dict[str, Value]] = {}
    for key, live in directory.live.items():
        for address, body in (
            (application_address(key), live.subject.application),
            (enterprise_address(key), live.subject.service_principal),
        ):
            if body is not None:
                wanted = desired.get(address)
                found[address] = pick(
                    body,
                    sorted({"tags", "uniqueName", *(wanted.values if wanted else ())} - {RESTRICTIONS}),
                )
        app = live.subject.application
        if app is not None:
            found[application_address(key)] |= {
                URIS: app.get(URIS) or [],
                SCOPES: writable(at(app, SCOPES) or [], SCOPE_KEYS),
                ROLES: writable(at(app, ROLES) or [], ROLE_KEYS),
                AUTHORIZED: writable(at(app, AUTHORIZED) or [], _AUTHORIZED_KEYS),
                REQUIRED: app.get(REQUIRED) or [],
                CERTIFICATES: app.get(CERTIFICATES) or [],
                **dict(allowed_tenants.read(live)),
            }
    return found
