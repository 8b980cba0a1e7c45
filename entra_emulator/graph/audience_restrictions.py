"""Which tenants may use an application of several tenants: a property that beta alone takes and tells
(allowedTenantsAudience documentation).
"""

from typing import Any

from entra_emulator.graph.entities.application import UNRESTRICTED
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row

NAME = "signInAudienceRestrictions"
SEVERAL = "AzureADMultipleOrgs"
_MOST = 20
_ALLOWED = "#microsoft.graph.allowedTenantsAudience"


def finish(old: Row | None, new: Row, body: dict[str, Any]) -> None:
    """Give a new or changed application its restrictions whole: what was sent, else what there was.

    How Graph refuses was not seen: neither what is no list of tenants, nor one beside another audience than
    `AzureADMultipleOrgs`.
    """
    if NAME in body:
        new[NAME] = _whole(body[NAME])
    elif old is not None:
        new[NAME] = old.get(NAME, UNRESTRICTED)
    if new[NAME] != UNRESTRICTED and new["signInAudience"] != SEVERAL:
        raise bad_request(f"Property '{NAME}' can only be set when 'signInAudience' is '{SEVERAL}'.")


def _whole(sent: dict[str, Any] | None) -> Row:
    if sent is None:
        return UNRESTRICTED
    type_ = str(sent.get("@odata.type", "")).removeprefix("#")
    if type_.casefold() == UNRESTRICTED["@odata.type"].removeprefix("#").casefold():
        if sent.get("kind") not in (None, UNRESTRICTED["kind"]) or sent.get("allowedTenantIds"):
            raise _invalid()
        return UNRESTRICTED
    ids = sent.get("allowedTenantIds")
    if (
        type_.casefold() != _ALLOWED.removeprefix("#").casefold()
        or sent.get("kind") not in (None, "allowedTenants")
        or sent.get("isHomeTenantAllowed") not in (None, True)
        or not isinstance(ids, list)
        or not 0 < len(ids) <= _MOST
        or not all(isinstance(id_, str) and is_guid(id_) for id_ in ids)
    ):
        raise _invalid()
    return {
        "@odata.type": _ALLOWED,
        "kind": "allowedTenants",
        "allowedTenantIds": ids,
        "isHomeTenantAllowed": True,
    }


def _invalid() -> Exception:
    return invalid_value(NAME, "Application")
