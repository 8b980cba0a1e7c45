"""A manifest and its tenant in; what the values half of the settings is made of out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from entra_config.actual.fetch import TenantReader
from entra_config.actual.read import read as read_actual
from entra_config.checks import proof
from entra_config.credentials import life
from entra_config.errors import TenantError
from entra_config.graph.clouds import OpenId
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Json
from entra_config.kinds.graph_values import at
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest
from entra_config.manifest.parts import AppRole, Scope
from entra_config.resource import Ref, resolve
from entra_config.settings import source
from entra_config.settings.registered import Registered, RegisteredTenant, TokenVersion

# What holds the client ids of an API's callers.
OF_CLIENTS = ("shell", "postmanEnvironment", "tfvars")


async def applications(manifest: Manifest, graph: TenantReader) -> dict[str, Registered]:
    """Read the applications that the settings are about; one that is not there, not as declared, or
    unproven, is an error.
    """
    directory = (await read_actual(graph, manifest, KINDS)).directory
    live = directory.live
    bodies = {
        key: each.subject.application
        for key, each in live.items()
        if each.subject.application is not None and not each.subject.deleted and key in manifest.applications
    }
    missing = sorted(_needed(manifest) - set(bodies))
    if missing:
        raise TenantError(
            f"{manifest.owner}: the tenant has no application {', '.join(missing)} yet; {_next(manifest)}"
        )
    # Nobody's files get, in a protected environment, the appId of what somebody else may have planted under
    # our marks.
    proof.check(manifest, directory, _needed(manifest), "nothing is written of what is doubted")
    known = {Ref(application_address(key), "appId"): str(body["appId"]) for key, body in bodies.items()}
    return {key: _registered(manifest, key, body, known) for key, body in bodies.items()}


def versions(manifest: Manifest, found: Mapping[str, Registered]) -> frozenset[TokenVersion]:
    """Return the versions of the access tokens that the APIs accept."""
    return frozenset(found[app.key].token_version for app in manifest.settings.apps if app.section == "apis")


def tenant(
    manifest: Manifest,
    found: Mapping[str, Registered],
    open_id: Mapping[TokenVersion, OpenId],
    *,
    authority: str,
    unlisted: bool,
) -> RegisteredTenant:
    """Put together what was read; `unlisted`: no list of clouds has the authority's host."""
    known = (urlsplit(authority).netloc,) if unlisted else ()
    return RegisteredTenant(f"{authority}/{manifest.tenant_id}", found, open_id, known)


def _needed(manifest: Manifest) -> set[str]:
    found: set[str] = set()
    for app in manifest.settings.apps:
        found |= {app.key} | ({app.docs_client} if app.docs_client else set())
        if any(file.target in OF_CLIENTS for file in app.files):
            found |= {client.key for client in source.clients(manifest, app.key)}
    return found


def _next(manifest: Manifest) -> str:
    return f"run `{manifest.command('apply')}`"


def _registered(manifest: Manifest, key: str, body: Json, known: Mapping[Ref, str]) -> Registered:
    version: TokenVersion = 2 if (body.get("api") or {}).get("requestedAccessTokenVersion") == 2 else 1
    live = [str(uri) for uri in body.get("identifierUris") or ()]
    setting = manifest.applications[key].settings.get("identifierUris")
    declared = setting.value if setting else None
    wanted = [uri for uri in resolve(declared or [], known) if uri in live]
    is_api = any(app.key == key and app.section == "apis" for app in manifest.settings.apps)
    if is_api and not wanted:
        # Clients ask for `URI/scope`, and the API expects the URI in v1 tokens.
        raise TenantError(
            f"{manifest.owner}: `{key}` has none of its identifier URIs in the tenant yet; {_next(manifest)}"
        )
    mcp = manifest.applications[key].mcp
    if is_api and mcp is not None and mcp.url not in live:
        # Clients send it as `resource`, and would be refused.
        raise TenantError(
            f"{manifest.owner}: `{key}` has not the identifier URI {mcp.url} in the tenant yet; "
            f"{_next(manifest)}"
        )
    application = manifest.applications[key]
    return Registered(
        str(body["appId"]),
        wanted[0] if wanted else "",
        version,
        _secrets(manifest, key, body),
        _ids(at(body, "api.oauth2PermissionScopes"), application.scopes.values()),
        _ids(body.get("appRoles"), application.app_roles.values()),
    )


def _ids(live: Sequence[Json] | None, declared: Iterable[Scope | AppRole]) -> dict[str, str]:
    values = {str(each.value) for each in declared if each.value}
    return {str(each["value"]): str(each["id"]) for each in live or () if each.get("value") in values}


def _secrets(manifest: Manifest, key: str, body: Json) -> dict[str, str]:
    """Return the newest secret of each label that was made for the place that keeps it now. Whoever owns the
    application can name one so; it is then in no sink, and who reads it there finds nothing.
    """
    held = [life.SecretKey.read(entry) for entry in body.get("passwordCredentials") or ()]
    found: dict[str, str] = {}
    for label, declared in manifest.applications[key].secrets.items():
        place = manifest.sinks[declared.sink].digest
        ours = [each for each in life.belonging(label, held) if each.made and each.made.sink == place]
        if ours:
            found[label] = max(ours, key=lambda each: each.start).key_id
    return found
