"""The `resource` of a request at a v2 endpoint (RFC 8707) in; a refusal out where it does not fit the scopes.

Since March 2026 Entra holds it, letter by letter, to an identifier URI of the application whose scopes are
asked for (anthropics/claude-code#73460, anomalyco/opencode#12308); before, it took none at all (901002).
"""

from entra_emulator.directory import Tenants
from entra_emulator.identifiers import is_guid
from entra_emulator.login import parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.scopes import Scopes
from entra_emulator.login.service import TokenRequest
from entra_emulator.tenant import Tenant

NAME = "resource"


def check(directory: Tenants, tenant: Tenant, resource: str, scopes: Scopes) -> None:
    """Refuse with 9010010 a resource that is no identifier URI of an application whose scopes are asked for.

    An unknown application is said first (500011), scopes that it lacks afterwards: CyberDrain/CIPP#159 and
    anthropics/claude-ai-mcp#514 saw these two together with a `resource`.
    """
    if not resource:
        return
    names: set[str] = set()
    for scope_request in scopes.by_resource:
        names.update(parties.find_resource(directory, tenant, scope_request.resource).identifiers)
    # An appId is no URI, though it stands among the names that scopes may have in front.
    if resource not in names or is_guid(resource):
        raise LoginError(9010010)


def check_token(request: TokenRequest, scopes: Scopes) -> None:
    """Hold the `resource` of a request for tokens to its scopes."""
    check(request.service.directory, request.tenant, request.form.get(NAME, ""), scopes)
