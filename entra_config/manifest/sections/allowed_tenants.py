"""Tenants that may use an application of several: `signInAudienceRestrictions` of a registration and
`allowedTenants` of an API's settings in; the ids of the tenants besides its own out.
"""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.application import WHO_MAY_USE
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.model import Application, Setting
from entra_config.manifest.reading.node import Items, Map, Node, Scalar, is_null
from entra_config.manifest.reading.reader import GUID, Reader

SEVERAL = "AzureADMultipleOrgs"
UNRESTRICTED = "unrestricted"
ALLOWED = "allowedTenants"


def restrictions(
    fields: Map, settings: Mapping[str, Setting], own: str, reader: Reader
) -> Mapping[str, Setting]:
    """Return whom a registration is restricted to, as a list of tenants, none of which restricts nothing;
    no setting where the manifest does not say.
    """
    entry = fields.entries.get(RESTRICTIONS)
    if entry is None or is_null(entry.node):
        return {}
    node = entry.node
    if isinstance(node, Scalar):
        if node.value != UNRESTRICTED:
            reader.expected(node, RESTRICTIONS, f"`{UNRESTRICTED}`, or a map with `{ALLOWED}`")
        return {RESTRICTIONS: Setting([], entry.position)}
    record = reader.map(node, RESTRICTIONS)
    reader.only(record, WHO_MAY_USE.keys, WHO_MAY_USE.noun)
    listed = record.node(ALLOWED)
    if listed is None or (isinstance(listed, Items) and not listed.items):
        reader.problems.add(
            entry.position, f"`{RESTRICTIONS}` lists no tenant; without a restriction it is `{UNRESTRICTED}`"
        )
    audience = settings["signInAudience"].value
    if audience != SEVERAL:
        reader.problems.add(
            entry.position, f"`{RESTRICTIONS}` goes with `signInAudience: {SEVERAL}`, and it is `{audience}`"
        )
    # The home tenant alone says that no other may use it.
    alone = isinstance(listed, Items) and len(listed.items) == 1
    ids = _ids(listed, "" if alone else own, reader)
    if len(ids) > limits.MOST_ALLOWED_TENANTS:
        message = f"{len(ids)} tenants of `{RESTRICTIONS}`; Graph takes {limits.MOST_ALLOWED_TENANTS}"
        reader.problems.add(entry.position, message)
    return {RESTRICTIONS: Setting(list(ids), entry.position)}


def read(node: Node | None, application: Application, own: str, reader: Reader) -> tuple[str, ...]:
    """Return those whose tokens an API takes, each once: absent, those that may use the registration.

    Of an API of one tenant, and what is no tenant's id, is an error; so is a tenant that may not use it.
    """
    setting = application.settings.get(RESTRICTIONS)
    may = tuple(id_ for id_ in setting.value if id_ != own.lower()) if setting is not None else ()
    if node is None:
        return may
    audience = application.settings["signInAudience"].value
    if audience != SEVERAL:
        reader.problems.add(
            node.position,
            f"`{ALLOWED}`: `{application.key}` has `signInAudience: {audience}`; only with `{SEVERAL}` "
            "do other tenants get tokens for it",
        )
        return ()
    found = _ids(node, own, reader)
    for id_ in found if may else ():
        if id_ not in may:
            message = (
                f"`{ALLOWED}`: `{id_}` gets no token: `{RESTRICTIONS}` of `{application.key}` has it not"
            )
            reader.problems.add(node.position, message)
    return found


def _ids(node: Node | None, own: str, reader: Reader) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for item in reader.items(node, ALLOWED) if node is not None else ():
        text = reader.text(item, ALLOWED)
        if text is None:
            continue
        if not GUID.fullmatch(text):
            reader.problems.add(item.position, f"`{ALLOWED}`: `{text}` is not a tenant's id")
        elif text.lower() == own.lower():
            message = f"`{ALLOWED}`: `{text}` is this environment's own tenant, which is always allowed"
            reader.problems.add(item.position, message)
        elif text.lower() in found:
            reader.problems.add(item.position, f"`{ALLOWED}`: `{text}` stands there twice")
        else:
            found[text.lower()] = None
    return tuple(found)
