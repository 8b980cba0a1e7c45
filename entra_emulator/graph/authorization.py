"""Refusals of callers who lack a permission, a directory role or the ownership of an object."""

from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import bad_request, denied
from entra_emulator.graph.permissions import REGISTRARS, RequiredPermissions


def check(call: Call, access: RequiredPermissions) -> None:
    """Refuse the caller with 403, or note that it reaches only what it owns."""
    if call.caller.kind == "app" and str(call.segments[0]).casefold() == "me":
        # msgraph-sdk-php#1163: an application is nobody, whatever it may.
        raise bad_request("/me request is only valid with delegated authentication flow.", "BadRequest")
    if not access.any:
        return
    caller = call.caller
    held = caller.permissions
    if access.also and not held & access.also:
        raise denied()
    if not held & access.any:
        if not held & access.owned:
            raise denied()
        call.owned_only = True
    if caller.kind == "user" and access.admins and not caller.directory_roles & access.admins:
        if access.admins_only:
            raise denied()
        call.owned_only = True
        call.admins = access.admins


def require_user(call: Call) -> None:
    """Refuse an application by itself: some requests are a signed-in person's alone."""
    if call.caller.kind == "app":
        raise denied()


def require_registering(call: Call) -> None:
    """Refuse a user without a directory role where the tenant lets administrators alone register
    applications.
    """
    caller = call.caller
    if (
        caller.kind == "user"
        and not call.tenant.choices.users_may_register
        and not caller.directory_roles & REGISTRARS
    ):
        raise denied()


def require_ownership(call: Call, object_id: str) -> None:
    """Refuse a caller whose permission covers only what it owns, or has a directory role for."""
    scoped = {f"{role} /{object_id}" for role in call.admins}
    if (
        call.owned_only
        and call.caller.oid not in call.tenant.owners.targets(object_id)
        and not call.caller.directory_roles & scoped
    ):
        raise denied()
