"""The manifest of one environment, typed: merged, overridden, variables filled in, references checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from entra_config import quoting
from entra_config.errors import Position
from entra_config.manifest.lint_policy import Ignore, find_ignores
from entra_config.manifest.parts import (
    ApiPermission,
    AppRole,
    Certificate,
    EmptyEntry,
    FederatedCredential,
    Mcp,
    Scope,
)
from entra_config.manifest.policy import Acknowledged, Policy, Removed
from entra_config.manifest.sinks import DeclaredSecret, Sink
from entra_config.manifest.targets import Targets
from entra_config.manifest.until import Until, over
from entra_config.resource import Value

ApplicationType = Literal["api", "spa", "publicClient", "web", "daemon", "application"]

# Commands find the manifest there without `-f`.
DEFAULT_FOLDER = Path("manifests")


@dataclass(frozen=True, slots=True)
class Named:
    """A user, group, application or service principal of the tenant: a name, an id, or both.

    `id` comes from the manifest or the lock file and decides where it is given. `was` is what else the lock
    file calls it, and `organization` whose application it says that it is, where that is another tenant's.
    `by_marks`: the name may be `project/environment/key` too, as the marks of another project's application
    say it. `by_app_id`: the name is the appId of a service principal, which is the same in every tenant and
    so pins itself. `until` is the last day of an entry that ends.
    """

    name: str
    id: str | None = None
    position: Position | None = None
    was: str = ""
    organization: str = ""
    by_marks: bool = False
    by_app_id: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One value that is compared with Graph, as Graph will answer it; `position` is None for a type's
    default.
    """

    value: Value
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class EnterpriseApplication:
    """What belongs to a service principal. For others' applications `named` tells which one it is."""

    key: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    owners: tuple[Named, ...] | None = None
    named: Named | None = None
    app_id: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One registration, with its enterprise application (None: it has none and none is made).

    `settings` maps Graph paths (`displayName`, `signInAudience`, `web.redirectUris`, …) to what Graph must
    hold: the fields written, and the type's default for each kept field that was not. Strings may be Text
    with Refs. Collections that have a class of their own (`parts.py`) are not in `settings`. `locked`: only
    the lock file says `app_id`. `added` has what kinds made of the fields that they bring along, by key.
    """

    key: str
    type: ApplicationType
    settings: Mapping[str, Setting]
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    app_roles: Mapping[str, AppRole] = field(default_factory=dict)
    authorized_clients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    external_authorized_clients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    api_permissions: Mapping[str, ApiPermission] = field(default_factory=dict)
    federated_credentials: Mapping[str, FederatedCredential] = field(default_factory=dict)
    certificates: tuple[Certificate, ...] | None = None
    secrets: Mapping[str, DeclaredSecret] = field(default_factory=dict)
    generated: Mapping[str, DeclaredSecret] = field(default_factory=dict)
    owners: tuple[Named, ...] | None = None
    known_clients: tuple[str, ...] | None = None
    enterprise: EnterpriseApplication | None = None
    app_id: str | None = None
    locked: bool = False
    previously: str | None = None
    prevent_destroy: bool = False
    ignore_changes: tuple[str, ...] = ()
    positions: Mapping[str, Position] = field(default_factory=dict)
    position: Position | None = None
    added: Mapping[str, Any] = field(default_factory=dict)
    mcp: Mcp | None = None

    @property
    def flexible(self) -> bool:
        """Tell whether a federated credential of it matches by an expression, which only Graph's beta
        endpoint knows.
        """
        return any(each.expression for each in self.federated_credentials.values())

    @property
    def rotating(self) -> Mapping[str, DeclaredSecret]:
        """Return what `credentials rotate` makes of it, by label: secrets, and key pairs."""
        return {**self.secrets, **self.generated}


@dataclass(frozen=True, slots=True)
class RoleAssignees:
    """Who holds one role of one application; `role` is a label, or `default` for default access.

    `service_principals` are applications of others that hold a role of ours, None where the manifest does not
    say. `additive`: these besides whoever others gave it to, which only an application of others can have.
    `fate` is what becomes of them where the environment is destroyed. `ended` are those of whom `additive`
    would keep what they hold, though their `until` is over: it is taken from them.
    """

    application: str
    role: str
    users: tuple[Named, ...] = ()
    groups: tuple[Named, ...] = ()
    position: Position | None = None
    additive: bool = False
    service_principals: tuple[Named, ...] | None = None
    fate: Literal["", "taken", "left"] = ""
    ended: tuple[tuple[str, Named], ...] = ()

    @property
    def applications(self) -> tuple[Named, ...]:
        """Return the applications of others among them: none, too, where the manifest does not say."""
        return self.service_principals or ()

    @property
    def by_type(self) -> tuple[tuple[str, tuple[Named, ...]], ...]:
        """Return those of each type, by what Graph calls it."""
        return (("user", self.users), ("group", self.groups), ("servicePrincipal", self.applications))


@dataclass(frozen=True, slots=True)
class Given:
    """Roles of an API of others that an application which is not ours holds too; those under `absent` are
    taken away.
    """

    named: Named
    resource: str
    application: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    position: Position | None = None
    until: Mapping[str, Until] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtherPin:
    """The pin of an application in the lock file of another environment of the project."""

    environment: str
    key: str
    file: str

    def __str__(self) -> str:
        return f"`{self.key}` in {self.file}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that one environment of a project declares.

    `pinned` are all appIds of the lock file, by key, whether the manifest still has the key or not;
    `pinned_elsewhere` are those that other environments of the same tenant pin, by appId; they and
    `rejected` are no candidates. `accepted` are ids of owners and credentials that somebody looked at, by the
    appId that they belong to; `rotated` those of secrets with a life, by appId and label.
    `renamed` are the keys that pinned applications were created for, as the lock file says, by the key that
    they are pinned for now.
    `ignores` are the comments by which lint is silent, of all environments; `sinks` are
    where secrets of this one are kept. `environments` is how many the root file has, `path_restrictions` the
    patterns of each `mayDeclare` of a file, by its path, `test_restrictions` those of files of access tests.
    `authority` is where people of an External ID tenant sign in, "" of any other.
    `listed` are the applications that have exactly the users and groups of `assignments`; whose are
    `unmanaged` was said so. `written` is the manifest with what of it is over, where something is.
    `fleet_tenant` is what a fleet calls the tenant, which its lock file is called by; "" without a fleet.
    `own_domains` are ours in all of its tenants. `empty_lists` has what to report of entries with `each`
    that make nothing. `keys_by_pin` has the key of each pinned appId, declared or
    not: the manifest decides before the lock file, and a pin under a former key is that of the new key.
    """

    project: str
    environment: str
    tenant_id: str
    protected: bool
    deployers: tuple[Named, ...] | None
    policy: Policy
    applications: Mapping[str, Application]
    enterprise_applications: Mapping[str, EnterpriseApplication]
    assignments: Mapping[tuple[str, str], RoleAssignees]
    removed: Mapping[str, Removed]
    settings: Targets
    authority: str = ""
    excluded: tuple[str, ...] = ()
    pinned: Mapping[str, str] = field(default_factory=dict)
    pinned_elsewhere: Mapping[str, OtherPin] = field(default_factory=dict)
    rejected: frozenset[str] = frozenset()
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rotated: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    unmanaged: frozenset[str] = frozenset()
    acknowledged: Mapping[str, tuple[Acknowledged, ...]] = field(default_factory=dict)
    grants: tuple[Given, ...] = ()
    environments: int = 1
    path_restrictions: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    test_restrictions: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    sinks: Mapping[str, Sink] = field(default_factory=dict)
    root: str = "manifests/entra-config.yaml"
    fleet_tenant: str = ""
    own_domains: tuple[str, ...] = ()
    empty_lists: tuple[EmptyEntry, ...] = ()
    written: Manifest | None = field(default=None, repr=False, compare=False)
    _assigned: Mapping[str, Mapping[str, RoleAssignees]] = field(init=False, repr=False, compare=False)
    keys_by_pin: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_application: dict[str, dict[str, RoleAssignees]] = {}
        for (application, role), assignees in self.assignments.items():
            by_application.setdefault(application, {})[role] = assignees
        object.__setattr__(self, "_assigned", by_application)
        locked = {app_id: key for key, app_id in self.pinned.items()}
        declared = {each.app_id: key for key, each in self.applications.items() if each.app_id}
        object.__setattr__(self, "keys_by_pin", locked | declared)

    def assigned(self, application: str) -> Mapping[str, RoleAssignees]:
        """Return who is assigned to what of one application, by role."""
        return self._assigned.get(application, {})

    def locks_rule(self, rule: str) -> bool:
        """Return True if only the root file may silence a rule of lint in this environment."""
        return self.protected and rule in self.policy.lint.locked

    def is_silenced(self, rule: str, position: Position | None, now: datetime, application: str = "") -> bool:
        """Return True if a comment silences a rule of lint at a position; errors are never silenced."""
        if self.locks_rule(rule) or self.policy.lint.of(rule).severity_of(application, now) == "E":
            return False
        return any(not over(each.until, now) for each in find_ignores(self.ignores, rule, position))

    @property
    def owner(self) -> str:
        """Return the owner as the tags carry it: `project/environment`."""
        return f"{self.project}/{self.environment}"

    @property
    def chosen(self) -> str:
        """Return the options that choose this environment on a command line.

        Of a fleet's tenants all say the same, so that what is told of a thousand is told once.
        """
        tenant = " --tenant NAME" if self.fleet_tenant else ""
        return f"-e {self.environment}{tenant}"

    def command(self, *words: str) -> str:
        """Return the line that runs a command on this environment, as a shell takes it."""
        root = Path(self.root)
        where = () if root.parent == DEFAULT_FOLDER else ("-f", root)
        return quoting.command("entra-config", *words, *self.chosen.split(), *where)

    def destroyed(self) -> Manifest:
        """Return the manifest with every application of this environment under `removed:`.

        Of applications of others, what it lists is taken away, and nothing that it only adds.
        """
        removed = {
            key: Removed(key, destroy=True, position=app.position, previously=app.previously)
            for key, app in self.applications.items()
        }
        given = {
            place: replace(each, fate="left" if each.additive else "taken")
            for place, each in self.assignments.items()
            if place[0] not in self.applications
        }
        pinned = {key: app.app_id for key, app in self.applications.items() if app.app_id}
        others = {key: id_ for key, id_ in self.pinned.items() if id_ not in pinned.values()}
        return replace(
            self,
            applications={},
            grants=(),
            assignments=given,
            pinned=others | pinned,
            listed=frozenset(key for key, _ in given),
            removed={**self.removed, **removed},
        )

    def undeployed(self) -> Manifest:
        """Return the manifest of this environment from before anything was declared in it."""
        return replace(
            self,
            applications={},
            enterprise_applications={},
            grants=(),
            assignments={},
            removed={},
            settings=Targets(),
            excluded=(),
            listed=frozenset(),
            unmanaged=frozenset(),
            acknowledged={},
        )

    def accepted_of(self, app_id: object) -> frozenset[str]:
        """Return the ids of the owners and credentials of an application that somebody looked at."""
        return self.accepted.get(str(app_id), frozenset())

    def acknowledged_at(self, key: str, now: datetime) -> frozenset[tuple[str, str, str]]:
        """Return what is acknowledged at an API now: appId, `application` or `delegated`, value."""
        entries = [each for each in self.acknowledged.get(key, ()) if not over(each.until, now)]
        return frozenset(chain.from_iterable(each.permissions for each in entries))
