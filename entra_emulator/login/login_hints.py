"""A user in, the `login_hint` claim that names it out; such a hint in, the user's name out."""

import base64
import binascii

from entra_emulator.directory import Tenants
from entra_emulator.login.keys import b64url
from entra_emulator.login.parties import Row
from entra_emulator.tenant import Tenant

_PREFIX = "O."
# A published hint decodes to a protocol buffer: two strings of 36 characters, the user's id and the tenant's.
_USER, _TENANT = b"\x0a\x24", b"\x12\x24"
_LENGTH = 2 * (2 + 36)


def write(tenant: Tenant, user: Row) -> str:
    """Return the hint of a user: opaque, and no address that anybody could take for one."""
    return _PREFIX + b64url(_USER + str(user["id"]).encode() + _TENANT + tenant.tenant_id.encode())


def read(directory: Tenants, text: str) -> str:
    """Return the principal name that a hint means; any other text is what it is."""
    if not text.startswith(_PREFIX):
        return text
    try:
        data = base64.urlsafe_b64decode(text.removeprefix(_PREFIX) + "==")
        user_id, tenant_id = data[2:38].decode(), data[40:_LENGTH].decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    tenant = directory.tenants.get(tenant_id)
    user = tenant.users.get(user_id) if tenant else None
    return str(user["userPrincipalName"]) if user else text
