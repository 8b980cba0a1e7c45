"""The plan as plain data: changes for people, steps for apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from entra_config.errors import Position
from entra_config.graph.request import Usage
from entra_config.manifest.until import Ending
from entra_config.plan.steps import Step
from entra_config.resource import Address, Facts, Ref, Resource, Value

Sign = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One entry of a collection that comes, changes or goes: a scope, a role, a URI, a permission.

    `key` tells it from its siblings as Graph does (an id, a URI, the pair of API and permission); people read
    the label.
    """

    sign: Sign
    label: str
    summary: str = ""
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()
    key: Value = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property that differs: its Graph path, both values; of a collection the items, of an object the
    leaves that differ.
    """

    path: str
    before: Value = None
    after: Value = None
    items: tuple[ItemChange, ...] = ()
    position: Position | None = None
    differences: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """The manifest has it, the tenant has not."""

    after: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Both have it and they differ. `adopts` when the marks are set for the first time."""

    before: Resource
    after: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()
    adopts: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """The tenant has it and the manifest says that it goes."""

    before: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restore:
    """Ours, deleted less than 30 days ago: brought back instead of created, then made to match."""

    before: Resource
    after: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """Let go: the marks come off, nothing else is touched."""

    before: Resource
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()


Change = Create | Update | Delete | Restore | Release


def subject_of(change: Change) -> Resource:
    """Return the resource that a change is about: what will be, or what goes."""
    return change.before if isinstance(change, Delete | Release) else change.after


def address_of(change: Change) -> Address:
    """Return the address that a change is about."""
    return subject_of(change).address


@dataclass(frozen=True, slots=True)
class Watched:
    """An undeclared owner or credential of an application of ours: only warned of in a plan, a finding in
    drift.

    `noun` is what people call it (`owner`, `secret`, `certificate`), `key` its object id or key id, `path`
    its Graph path, `subjects` the ids of the objects that an audit record of it names, `ends` the same by
    what they are to it, `live` what a property that is watched has now; `going`: this plan removes it.
    `detail` tells a credential from others of its name: a secret's hint, a certificate's thumbprint.
    """

    noun: str
    label: str
    key: str
    path: str = ""
    subjects: tuple[str, ...] = ()
    going: bool = False
    ends: Mapping[str, str] = field(default_factory=dict, hash=False)
    live: Value = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know: a warning with what it is about and where it comes from."""

    message: str
    address: Address | None = None
    position: Position | None = None
    watched: tuple[Watched, ...] = ()


# What no manifest lifts for good: it is decided each time.
BY_HAND = frozenset({"takeover", "sink", "unseen"})


@dataclass(frozen=True, slots=True)
class SkippedConsent:
    """A consent that `policy.consent` does not allow: a client of ours, an API of others by the manifest's
    name and appId, and the permission with its id.
    """

    client: str
    api: str
    api_app_id: str
    kind: Literal["delegated", "application"]
    permission: str
    id: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that a policy or limit does not let happen.

    `word` is what `--allow` takes to lift it ("" where nothing lifts it). `blocks` is True when the whole
    plan is refused before the first write, False when only this part is left out, the rest applied, and the
    exit code is 3 all the same. `absent` is the name that nobody in the tenant bears, `skipped` the consent
    that an administrator may give although the policy does not allow it.
    """

    word: str
    message: str
    address: Address | None = None
    position: Position | None = None
    blocks: bool = True
    absent: str = field(default="", compare=False)
    skipped: SkippedConsent | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A grant that is not given now, and what a person can do about it. Everything beside it is carried
    out. `deleted`: the service principal at `address` stays deleted.
    """

    message: str
    remedy: str
    address: Address | None = None
    position: Position | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """One power that a plan gives somebody, or one guard that it lowers: both its ends and its values, whole.

    `type` is one of `risk.CLASSES`; `text` is a phrase where a person is in it. No `address` where the
    manifest's own words change.
    """

    type: str
    text: str
    address: Address | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """A user or application that gains or loses something, and through what."""

    id: str
    name: str
    through: str


AccessKind = Literal["role", "scope", "signIn", "restored", "authorized"]


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Who gains or loses one value that tokens carry: of a role, of a scope that `client` has, or sign-in
    itself.

    `restored`: the application comes back with what it held, and with who held its roles, which nobody can
    read before. `authorized`: it gets a new service principal. Both are used at whatever others' APIs
    authorize them: nobody can list these.

    `people` are all that were read; `count` is the whole number, None when a group was not read whole.
    Applications are counted apart. `label` is the manifest's name for the value, `role_id` the id of a role.
    """

    application: str
    role: str
    sign: Literal["gain", "lose"]
    count: int | None
    people: tuple[Affected, ...] = ()
    address: Address | None = None
    kind: AccessKind = "role"
    applications: tuple[Affected, ...] = ()
    label: str = ""
    client: str = ""
    role_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Who holds a value once a plan is carried out: people by id (None: a group was not read whole),
    applications by id, those that do not exist yet by key.
    """

    people: frozenset[str] | None
    applications: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bound:
    """How many people or applications lose something, and how many may; `lost` is None where nobody could
    count.

    By itself it is of all of a plan; with an application's key and a role's value, of that role's people.
    """

    noun: Literal["people", "applications"]
    lost: int | None
    most: int
    application: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class TenantInfo:
    """The tenant that a plan is about; `domains` are those that it proved to own."""

    id: str
    name: str
    domains: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


Proof = Literal["pin", "manifest", "creator", "none"]
IdName = Literal["object", "appId", "servicePrincipal", "client", "principal", "resource", "role"]


@dataclass(frozen=True, slots=True)
class KeyObject:
    """The objects of one key, as far as the tenant has them, and what proves that they are the key's.

    `pin`: the lock file names the appId; `manifest`: only the manifest does; `creator`: a deployer created it
    with a `uniqueName` of this environment; `none`: tags alone, or there is no object.
    """

    key: str
    object: str | None = None
    app_id: str | None = None
    service_principal: str | None = None
    proof: Proof = "none"


@dataclass(frozen=True, slots=True)
class Deployer:
    """A service principal that the manifest names under `deployers` and whose creations prove themselves."""

    name: str
    id: str
    app_id: str


@dataclass(frozen=True, slots=True)
class Objects:
    """What Graph calls what a plan is about, so that other code can check an apply of it.

    `ids` are those of each change, by address and by what they are to it; `principals` the ids of service
    principals, by key, by the name of an API, and by appId.
    """

    ids: Mapping[Address, Mapping[IdName, str | None]] = field(default_factory=dict)
    principals: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[KeyObject, ...] = ()
    deployers: tuple[Deployer, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What apply carries out of a plan, and what decides whether it may.

    `following` is what else the manifest wants of applications that are restored, and what it takes of that
    which may come back with them: what they hold is read once they are back, and of these changes apply then
    carries out those that are still needed, and no others. `at` is the instant that it was made for,
    `over_since` the last day that was over then of all `untils`.
    """

    project: str
    environment: str
    tenant: TenantInfo
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    following: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    access: tuple[AccessChange, ...] = ()
    protected: bool = False
    at: datetime | None = None
    over_since: date | None = None
    untils: tuple[Ending, ...] = ()
    # For what is left of it should its apply die (`rest`): what the tenant calls our objects, and who holds
    # each value that it touches afterwards.
    ids: Mapping[Ref, str] = field(default_factory=dict, compare=False, repr=False)
    afterwards: Mapping[str, Afterwards] = field(default_factory=dict, compare=False, repr=False)

    @property
    def blocked(self) -> bool:
        """Tell whether a policy or limit refuses the plan as a whole."""
        return any(refusal.blocks for refusal in self.refusals)

    @property
    def touched(self) -> frozenset[str]:
        """Return the keys of the applications that its steps change, give something to, or give part of."""
        ends = (
            address
            for step in self.steps
            for address in (step.of, *step.order.awaits, *step.order.arms, *step.order.releases)
        )
        return frozenset(address.key for address in ends if address is not None)

    @property
    def foreseen(self) -> tuple[Change, ...]:
        """Return the changes, and the creations and restores that follow them."""
        return (*self.changes, *(each for each in self.following if isinstance(each, Create | Restore)))

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to do, and nothing that waits for somebody."""
        return not self.changes and not self.withheld


@dataclass(frozen=True, slots=True)
class Plan(Work):
    """What would change, for whom, and how it would be carried out; here is what only people read of it.

    `effects` are by risk. `left_out` counts the changes that targets left out; `unowned` are ids of objects
    that the identity that applies does not own. `endings_alone`: what is over is taken away, and nothing else
    is done. `bounds` are its limits.
    """

    unchanged: int = 0
    warnings: tuple[Notice, ...] = ()
    effects: tuple[Effect, ...] = ()
    bounds: tuple[Bound, ...] = ()
    left_out: int = 0
    unowned: frozenset[str] = frozenset()
    endings_alone: bool = False
    read: Usage = field(default_factory=Usage)
    depth: int = 0
    # Who was signed in, and what the applications are called, by key.
    by: str = field(default="", compare=False)
    names: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    objects: Objects = field(default_factory=Objects, compare=False, repr=False)
    # Where everything that is wanted is declared, changed or not: for an emulator's pages, in no output.
    declared: tuple[tuple[Address, Position, Facts], ...] = field(default=(), compare=False, repr=False)
