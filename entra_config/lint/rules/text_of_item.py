"""What gives access, and is a text of an item of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config import uris
from entra_config.checks.dangers import Kind, danger
from entra_config.lint.model import Hit, ItemText, Rule, View
from entra_config.lint.rules.redirect_dangling import CLAIMABLE
from entra_config.manifest.environments.expansion import FROM_ITEM, FROM_KEY

_SHARED = re.compile(r"(ac|co|com|edu|go|gov|ne|net|or|org)\.[a-z]{2}")  # below it are domains of many owners
_RECEIVER = re.compile(r"[^/?#]*(//[^/?#]*)?")  # scheme, user, host and port


def check(view: View) -> Iterator[Hit]:
    """Yield written consent, dangerous permission, redirect host and federated subject that an item fills."""
    for written in view.item_texts:
        what = _describe(view, written)
        if what:
            message = f"{what} is a text of the item `{written.position.item.name}`"
            yield Hit(written.position, message, written.path[1], ".".join(written.path[2:]))


def _describe(view: View, written: ItemText) -> str:
    """Return what a text gives, "" for one that gives nothing."""
    match written.path:
        case ("applications", key, "apiPermissions", api, *below):
            return _describe_permission(view, written, key, api, below)
        case ("applications", key, "authorizedClients", client) if written.is_key:
            known = client in view.manifest.applications
            return "" if known else f"`{client}`, which needs no consent at `{key}`,"
        case ("applications", key, "redirectUris" | "platforms", *_):
            return f"the host of `{written.text}`" if _chooses_receiver(written) else ""
        case ("applications", key, "federatedCredentials", name, *_, field) if field not in {
            "description",
            "until",
        }:
            return f"`{field}: {written.text}`, by which `{name}` signs in as `{key}`,"
        case ("grants", name, api) if written.is_key:
            return f"`{api}`, at which `{name}` has permissions,"
        case ("grants", name, api, "application", *below) if below != ["until"]:
            return f"the permission `{written.text}` of `{name}` at `{api}`"
    return ""


def _chooses_receiver(written: ItemText) -> bool:
    """Return True if an item decides who gets the answer of a sign-in.

    A key has letters, digits and hyphens. So the host that it names is in the domain that the entry sets.
    """
    receiver = _RECEIVER.match(written.marked)
    assert receiver is not None
    keys = receiver[0].count(FROM_KEY)
    if FROM_ITEM in receiver[0] or not keys:
        return FROM_ITEM in receiver[0]
    host = uris.host(written.marked)
    before, _, after = host.rpartition(FROM_KEY)
    label = f"{before}{after.partition('.')[0]}"
    if host.count(FROM_KEY) != keys or "${" in label:
        return True
    domain = ".".join(uris.host(written.text).split(".")[label.count(".") + 1 :])
    return "." not in domain or bool(_SHARED.fullmatch(domain)) or uris.below(domain, CLAIMABLE)


def _describe_permission(view: View, written: ItemText, key: str, api: str, below: list[str]) -> str:
    if written.is_key and not below:
        return "" if api in view.manifest.applications else f"`{api}`, at which `{key}` has permissions,"
    if not below or written.is_key or below[-1] == "until":
        return ""
    consent = f"the consent of `{key}` to `{written.text}`"
    if below[0] == "adminConsent":
        return consent
    kind: Kind = "delegated" if below[0] == "delegated" else "application"
    subject = next(subject for subject in view.subjects if subject.key == key)
    same = (one for one in subject.permissions if (one.kind, one.value) == (kind, written.text))
    if any(one.consented for one in same):
        return consent
    return f"the dangerous permission `{written.text}`" if danger(written.text, kind) else ""


RULE = Rule(
    id="text-of-item",
    severity="W",
    confidence="high",
    on=("manifest",),
    finds="A consent, dangerous permission, redirect host or federated subject that is a text of an item.",
    why=(
        "A review of the item shows one line of data. Who adds an item then decides who gets access, and "
        "nothing in that line says so."
    ),
    fix=(
        "Write the text in the entry with `each`, or in an explicit entry for the one application. Silence "
        "it where only people who may decide on access can change the list."
    ),
    source="docs/each.md",
    bad="""\
lists: { services: { orders: { workflow: "repo:example/orders:environment:prod" } } }
applications:
  ${service}-job:
    each: { service: services }
    type: daemon
    displayName: ${service}
    federatedCredentials:
      github: { issuer: "https://token.actions.githubusercontent.com", subject: «"${service.workflow}" }
""",
    good="""\
lists: { services: { orders: { path: orders/callback } } }
applications:
  ${service}-web:
    each: { service: services }
    type: web
    displayName: ${service}
    redirectUris: [ "https://app.example.com/${service.path}" ]
""",
    check=check,
)
