"""A claim of a test in; the lines of the manifest that decide it, the likeliest first, out."""

from __future__ import annotations

from collections.abc import Iterable

from entra_config.errors import Position
from entra_config.manifest.model import Application, RoleAssignees
from entra_config.manifest.sections.microsoft import APIS
from entra_config.properties import REDIRECT_URIS
from entra_config.testing.model import AccessTest
from entra_config.testing.world import World

_ASSIGNMENT, _NO_ROLE, _CONSENT, _NO_SCOPE = 50105, 501051, 65001, 650053
_WORKLOAD = frozenset({70025, 700211, 700212, 700213, 7002138})
_PAGES = frozenset({50011, 500113, 9002326, 9002327})
_KEYS = frozenset({700027, 700021, 7000215, 7000222, 7000218, 700025})
_REGISTERED = {
    "groups": ("groupMembershipClaims", "optionalClaims"),
    "ver": ("api.requestedAccessTokenVersion",),
    "aud": ("api.requestedAccessTokenVersion", "identifierUris"),
}


def lacking(world: World, test: AccessTest, name: str, value: str) -> tuple[Position, ...]:
    """Return where a value of a claim would come from."""
    client, api = _client(world, test), _api(world, test)
    if name == "roles" and api is not None:
        if test.person is None and client is not None:
            return _first(*_permissions(client, api), _where(client))
        label = _label(api, value)
        assignees = world.manifest.assignments.get((api.key, label))
        role = api.app_roles.get(label)
        return _first(assignees.position if assignees else role.position if role else _where(api))
    if name == "scp" and api is not None:
        scope = next((each for each in api.scopes.values() if each.value == value), None)
        if scope is None:
            return _first(api.positions.get("api.oauth2PermissionScopes"), _where(api))
        return _first(*_permissions(client, api), *_authorized(api, client), _where(client))
    return of_claim(world, test, name)


def present(world: World, test: AccessTest, name: str, value: str) -> tuple[Position, ...]:
    """Return what gives a value of a claim."""
    client, api = _client(world, test), _api(world, test)
    if name == "roles" and api is not None:
        if test.person is None and client is not None:
            return _first(*_permissions(client, api), _where(client))
        assignees = world.manifest.assignments.get((api.key, _label(api, value)))
        return _through(test, assignees) if assignees else _first(_where(api))
    if name == "scp" and api is not None:
        return _first(*_permissions(client, api), *_authorized(api, client))
    return of_claim(world, test, name)


def of_claim(world: World, test: AccessTest, name: str) -> tuple[Position, ...]:
    """Return what of the API's registration decides a claim."""
    api = _api(world, test)
    if api is None:
        of_client = test.request.client.text
        given = (each.position for each in world.manifest.grants if each.named.name == of_client)
        return _first(_where(_client(world, test)), *given)
    paths = _REGISTERED.get(name, ("optionalClaims",))
    return _first(*(api.positions.get(path) for path in paths), _where(api))


def refused(world: World, test: AccessTest, code: int, key: str) -> tuple[Position, ...]:
    """Return why a request was refused; `key` is the application that the refusal names."""
    client, api = _client(world, test), _api(world, test)
    named = world.manifest.applications.get(key)
    if code in (_ASSIGNMENT, _NO_ROLE) and named is not None and (code == _ASSIGNMENT or api is not None):
        strict = named if code == _ASSIGNMENT else api
        assert strict is not None
        held = [each.position for each in world.manifest.assigned(strict.key).values()] if test.person else []
        own = _permissions(client, api) if api and not test.person else ()
        return _first(*own, *held, _required(strict) or _where(strict))
    if code == _CONSENT:
        return _first(*(_permissions(client, api) if api else ()), _where(client))
    if code == _NO_SCOPE and api is not None:
        return _first(api.positions.get("api.oauth2PermissionScopes"), _where(api))
    if client is None:
        return _first(_where(api))
    if code in _WORKLOAD:
        return _first(*(each.position for each in client.federated_credentials.values()), _where(client))
    if code in _PAGES:
        return _first(*(client.positions.get(path) for path in REDIRECT_URIS), _where(client))
    if code in _KEYS:
        return _first(client.positions.get("keyCredentials"), _where(client))
    return _first(_where(client))


def of_client(world: World, app_id: str, apis: Iterable[str]) -> tuple[Position, ...]:
    """Return where a client, by its appId, asks for permissions of these APIs."""
    client = world.manifest.applications.get(world.names.get(app_id, ""))
    if client is None:
        return ()
    named = {
        world.names.get(api) or next((name for name, known in APIS.items() if known == api), api)
        for api in apis
    }
    lines = (permission.position for key, permission in client.api_permissions.items() if key in named)
    return _first(*lines) or _first(client.positions.get("requiredResourceAccess"), _where(client))


def let_in(world: World, test: AccessTest, code: int, roles: frozenset[str]) -> tuple[Position, ...]:
    """Return what lets in somebody who was to be refused so."""
    client, api = _client(world, test), _api(world, test)
    if code in (_ASSIGNMENT, _NO_ROLE):
        holding = [place for role in sorted(roles) for place in present(world, test, "roles", role)]
        strict = (each for each in (api, client) if each is not None)
        loose = [_required(each) or _where(each) for each in strict]
        return _first(*(holding or loose))
    if code == _CONSENT and api is not None:
        return _first(*_permissions(client, api), *_authorized(api, client))
    if code == _NO_SCOPE and api is not None:
        return offering(world, test)
    return refused(world, test, code, test.request.client.text)


def offering(world: World, test: AccessTest) -> tuple[Position, ...]:
    """Return the scopes that are asked for, where the API offers them."""
    api, requested = _api(world, test), {word.text.rpartition("/")[2] for word in test.request.scopes}
    found = api.scopes.values() if api else ()
    return _first(*(scope.position for scope in found if requested & {scope.label, scope.value}))


def named_in(world: World, message: str) -> str:
    """Return the key of the application that a refusal names by its appId; "" where it names none of ours."""
    return next((key for key, app_id in world.app_ids.items() if app_id in message), "")


def _through(test: AccessTest, assignees: RoleAssignees) -> tuple[Position, ...]:
    person = test.person
    if person is None:
        of_client = test.request.client.text
        others = [each.position for each in assignees.service_principals or () if each.name == of_client]
        return _first(*others) or _first(assignees.position)
    groups = {word.text.casefold() for word in person.member_of}
    users = [each.position for each in assignees.users if each.name.casefold() == person.name.casefold()]
    named = [each.position for each in assignees.groups if each.name.casefold() in groups]
    return _first(*users, *named) or _first(assignees.position)


def _api(world: World, test: AccessTest) -> Application | None:
    names = (word.text.rpartition("/")[0] for word in test.request.scopes)
    return next((found for name in names if (found := world.manifest.applications.get(name))), None)


def _client(world: World, test: AccessTest) -> Application | None:
    return world.manifest.applications.get(test.request.client.text)


def _label(api: Application, value: str) -> str:
    return next((label for label, role in api.app_roles.items() if role.value == value), value)


def _permissions(client: Application | None, api: Application) -> tuple[Position | None, ...]:
    permission = client.api_permissions.get(api.key) if client else None
    whole = client.positions.get("requiredResourceAccess") if client else None
    return (permission.position if permission else whole,)


def _authorized(api: Application, client: Application | None) -> tuple[Position | None, ...]:
    listed = client is not None and client.key in api.authorized_clients
    return (api.positions.get("api.preAuthorizedApplications") if listed else None,)


def _required(application: Application) -> Position | None:
    setting = (
        application.enterprise.settings.get("appRoleAssignmentRequired") if application.enterprise else None
    )
    return setting.position if setting else None


def _where(application: Application | None) -> Position | None:
    return application.position if application else None


def _first(*positions: Position | None) -> tuple[Position, ...]:
    """Return the places that there are, each once."""
    return tuple(dict.fromkeys(position for position in positions if position is not None))


def lines(positions: Iterable[Position]) -> tuple[str, ...]:
    """Return places without columns, each once."""
    return tuple(dict.fromkeys(each.short for each in positions))
