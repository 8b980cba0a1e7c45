"""Every environment of a manifest in; what its source files say of one API, in all environments together,
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from entra_config.errors import UsageError
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.targets import Operation
from entra_config.settings.naming import screaming


@dataclass(frozen=True, slots=True)
class Client:
    """An application that calls the API: what a token of it may hold, and where it exists. Scopes and
    roles are values.
    """

    key: str
    type: str
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    environments: tuple[str, ...]

    @property
    def variable(self) -> str:
        """Return the shell variable of its client id."""
        return f"{screaming(self.key).removesuffix('_CLIENT')}_CLIENT_ID"


@dataclass(frozen=True, slots=True)
class ApiSource:
    """One API as committed files see it. One build serves every environment, so all of them count."""

    api: str
    environments: tuple[str, ...]
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    clients: tuple[Client, ...]
    requests: tuple[str, ...]  # paths of GET requests
    docs_clients: tuple[str, ...]
    operations: tuple[Operation, ...]
    values: tuple[
        str, ...
    ]  # the folder of the values, as the manifest names it, cut where the environment's name stands
    variables_file: str  # the file of the walk-through's variables in it


def of(manifests: Sequence[Manifest], key: str) -> ApiSource:
    """Return what source files say of the API `key`."""
    having = [manifest for manifest in manifests if key in manifest.applications]
    apis = [manifest.applications[key] for manifest in having]
    apps = chain.from_iterable(manifest.settings.apps for manifest in having)
    settings = [app for app in apps if app.section == "apis" and app.key == key]
    files = chain.from_iterable(app.files for app in settings)
    return ApiSource(
        api=key,
        environments=tuple(manifest.environment for manifest in having),
        scopes=_union([scope.value for scope in api.scopes.values()] for api in apis),
        roles=_union([role.value for role in api.app_roles.values() if role.value] for api in apis),
        clients=tuple(_clients(having, key)),
        requests=_union(
            [request.path for request in app.requests if request.method == "GET"] for app in settings
        ),
        docs_clients=_union([app.docs_client] if app.docs_client else [] for app in settings),
        operations=_operations(having, key),
        values=_folder(having),
        variables_file=next((file.path for file in files if file.target == "shell"), ""),
    )


def _operations(manifests: Sequence[Manifest], key: str) -> tuple[Operation, ...]:
    """Return what any environment has, by name; one build serves them all, so they may not differ."""
    found: dict[str, tuple[Operation, str]] = {}
    for manifest in manifests:
        for app in manifest.settings.apps:
            for each in app.operations if app.section == "apis" and app.key == key else ():
                before, where = found.setdefault(each.name, (each, manifest.environment))
                if before != each:
                    raise UsageError(
                        f"the operation `{each.name}` of `{key}` needs one thing in {where} and another in "
                        f"{manifest.environment}, and one build serves both"
                    )
    return tuple(found[name][0] for name in sorted(found))


def clients(manifest: Manifest, key: str) -> list[Client]:
    """Return who calls an API in one environment."""
    return _clients([manifest], key)


def scopes_to_request(client: Application, api: Application) -> tuple[str, ...]:
    """Return the scopes that a client asks for: where some are pre-authorized those alone, since no one
    need consent.
    """
    permission = client.api_permissions.get(api.key, ApiPermission(api.key, own=True))
    authorized = api.authorized_clients.get(client.key, ())
    labels = [label for label in permission.delegated if label in authorized] or permission.delegated
    return tuple(api.scopes[label].value for label in labels)


def _clients(manifests: Sequence[Manifest], key: str) -> list[Client]:
    keys = dict.fromkeys(name for manifest in manifests for name in manifest.applications)
    found = []
    for name in keys:
        calling = [each for each in manifests if key in _permissions(each, name)]
        if not calling:
            continue
        clients = [each.applications[name] for each in calling]
        roles = (
            [
                str(each.applications[key].app_roles[label].value)
                for label in _permissions(each, name)[key].application
            ]
            for each in calling
        )
        found.append(
            Client(
                name,
                clients[0].type,
                _union(
                    scopes_to_request(each.applications[name], each.applications[key]) for each in calling
                ),
                _union(roles),
                _union(_own_redirects(client) for client in clients),
                tuple(each.environment for each in calling),
            )
        )
    by_variable: dict[str, str] = {}
    for client in found:
        if client.variable in by_variable:
            both = f"`{by_variable[client.variable]}` and `{client.key}`"
            raise UsageError(
                f"the client ids of {both} would both be {client.variable} in the shell: rename one of them"
            )
        by_variable[client.variable] = client.key
    return found


def _permissions(manifest: Manifest, name: str) -> dict[str, ApiPermission]:
    client = manifest.applications.get(name)
    return {api: each for api, each in client.api_permissions.items() if each.own} if client else {}


def _own_redirects(client: Application) -> list[str]:
    return [
        str(uri)
        for path in ("publicClient.redirectUris", "spa.redirectUris")
        for uri in client.settings[path].value
    ]


def _folder(manifests: Sequence[Manifest]) -> tuple[str, ...]:
    """Return the texts around the environment's name in the folder of values; none where environments
    differ in more.
    """
    folders = {tuple(manifest.settings.folder.split(manifest.environment)) for manifest in manifests}
    return folders.pop() if len(folders) == 1 else ()


def _union(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for each in lists for item in each))
