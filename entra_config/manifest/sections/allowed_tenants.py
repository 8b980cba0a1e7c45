"""`allowedTenants` of an API's settings in; the ids of the tenants besides its own out."""

from __future__ import annotations

import re

from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Node
from entra_config.manifest.reading.reader import Reader

SEVERAL = "AzureADMultipleOrgs"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def read(node: Node | None, application: Application, own: str, reader: Reader) -> tuple[str, ...]:
    """Return them, each once; of an API of one tenant, and what is no tenant's id, is an error."""
    if node is None:
        return ()
    audience = application.settings["signInAudience"].value
    if audience != SEVERAL:
        reader.problems.add(
            node.position,
            f"`allowedTenants`: `{application.key}` has `signInAudience: {audience}`; only with `{SEVERAL}` "
            "do other tenants get tokens for it",
        )
        return ()
    found: dict[str, None] = {}
    for item in reader.items(node, "allowedTenants"):
        text = reader.text(item, "allowedTenants")
        if text is None:
            continue
        if not _GUID.fullmatch(text):
            reader.problems.add(item.position, f"`allowedTenants`: `{text}` is no tenant's id")
        elif text.lower() == own.lower():
            message = f"`allowedTenants`: `{text}` is this environment's own tenant, which is always allowed"
            reader.problems.add(item.position, message)
        elif text.lower() in found:
            reader.problems.add(item.position, f"`allowedTenants`: `{text}` stands there twice")
        else:
            found[text.lower()] = None
    return tuple(found)
