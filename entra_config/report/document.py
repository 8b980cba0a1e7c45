"""The published documents of a plan and of access tests: their shapes, from which the JSON Schemas are
made.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from entra_config.documents import DocumentPart
from entra_config.errors import Position
from entra_config.plan.model import IdName, Proof

Action = Literal["create", "update", "adopt", "restore", "delete", "release"]


class Place(DocumentPart):
    """Where in the manifest something stands; line and column count from 1."""

    file: str
    line: int
    column: int
    item: str | None = Field(
        default=None, description="The item of a list, if an entry with `each` makes what is in this place."
    )

    @classmethod
    def of(cls, position: Position) -> Place:
        """Return the place of a position."""
        item = position.item.name or None
        return cls(file=position.file, line=position.line, column=position.column, item=item)


class SubjectPart(DocumentPart):
    """What names one resource: its kind and a key that is unique within the kind."""

    kind: str
    key: str


class TenantPart(DocumentPart):
    """The tenant that the plan is about."""

    id: str
    name: str


class Item(DocumentPart):
    """One entry of a collection that comes, changes or goes."""

    action: Literal["add", "change", "remove"]
    label: str
    summary: str
    fields: list[FieldDifference]
    notes: list[str]


class FieldDifference(DocumentPart):
    """One property that differs. What is not known before apply reads `(known after apply)`, secrets
    `(secret)`.
    """

    path: str
    before: Any = None
    after: Any = None
    items: list[Item]
    differences: list[FieldDifference] = Field(
        description="Of an object: the properties inside that differ, each with its path inside the object."
    )
    position: Place | None = None


class Change(DocumentPart):
    """One resource that comes, changes or goes."""

    action: Action
    address: SubjectPart
    title: str
    display_name: str
    position: Place | None
    fields: list[FieldDifference]
    notes: list[str]
    ids: dict[IdName, str | None] = Field(
        description=(
            "The ids that Graph has for what the change is about; null where it does not exist yet. `object` "
            "is what is written. `appId` and `servicePrincipal` are those of its application, `client` and "
            "`resource` service principals, `principal` who holds or owns it, and `role` the app role."
        )
    )


class PersonPart(DocumentPart):
    """Who gains or loses, and through what: `direct`, `group NAME`, or `application` for an application
    itself.
    """

    id: str
    name: str
    through: str


class AccessPart(DocumentPart):
    """Who gains or loses one value that tokens carry: `count` people (null: a group was not read whole), and
    applications apart.

    `people` are complete, unless `count` is greater or null: 999 members of a group are read. A `scope` is
    one that `client` has without asking anybody; `signIn` (as `default`) is to be let in. `restored`: the
    application comes back with what it held and who held its roles: that cannot be read before (count null).
    `authorized`: it gets a new service principal. Both are used at whatever others' APIs authorize them
    (count null).
    """

    kind: Literal["role", "scope", "signIn", "restored", "authorized"]
    application: str
    role: str = Field(description="The value, as tokens carry it.")
    label: str = Field(description="What the manifest calls it, empty where it does not.")
    client: str | None = None
    action: Literal["gain", "lose"]
    count: int | None
    people: list[PersonPart]
    application_count: int
    applications: list[PersonPart]
    ids: AccessIdsPart


class AccessIdsPart(DocumentPart):
    """What Graph calls the ends of a value: the service principals of the API and the client, and the app
    role; null where there is none yet.
    """

    resource: str | None
    role: str | None
    client: str | None


class NoticePart(DocumentPart):
    """Something to know."""

    message: str
    address: SubjectPart | None
    position: Place | None


class RefusalPart(DocumentPart):
    """What a policy or limit stops; `word` is what `--allow` takes, empty when nothing lifts it."""

    word: str
    message: str
    blocks: bool = Field(
        description="True: nothing is applied. False: only this is skipped; the exit code is 3 too."
    )
    address: SubjectPart | None
    position: Place | None


class WithheldPart(DocumentPart):
    """A grant that is not given now, and what a person can do about it; all else is carried out."""

    message: str
    remedy: str
    address: SubjectPart | None
    position: Place | None


class EffectPart(DocumentPart):
    """One power that the plan gives somebody, or one guard that it lowers; `address` null where the
    manifest's words change.
    """

    type: str
    risk: Literal["high", "medium", "low"]
    text: str
    address: SubjectPart | None
    position: Place | None


class KeyPart(DocumentPart):
    """Which objects are a key's, null where the tenant has none, and what proves it.

    `pin`: the lock file names the appId; `manifest`: only the manifest does; `creator`: a deployer created
    the registration with a `uniqueName` of this environment; `none`: tags alone, or there is no object.
    `withheld`: the plan withholds something of it.
    """

    key: str
    object: str | None
    app_id: str | None
    service_principal: str | None
    proof: Proof
    withheld: bool


class DeployerPart(DocumentPart):
    """A service principal under `deployers` whose creations prove themselves."""

    name: str
    id: str
    app_id: str


class Summary(DocumentPart):
    """How many resources each action is about."""

    add: int
    change: int
    remove: int
    adopt: int
    restore: int
    release: int
    unchanged: int
    withheld: int
    skipped: int = Field(description="Changes that `--target` skipped.")


class Cost(DocumentPart):
    """Requests (parts of batches count), HTTP calls, and depth: calls in sequence."""

    requests: int
    calls: int | None
    depth: int


class RequestPart(DocumentPart):
    """One request of an apply, with what must be done before it."""

    step: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    body: Any
    needs: list[str]


class TestFailurePart(DocumentPart):
    """One claim whose value is not what a test expects."""

    claim: str = Field(
        description="A claim's name, `refused` for a refusal, `test` for a test that cannot be run."
    )
    expected: str
    found: str
    why: list[str] = Field(description="Why the token has it or has it not, as the emulator says.")
    places: list[Place] = Field(description="The lines of the manifest that decide it, the likeliest first.")


class TestResult(DocumentPart):
    """One test in one environment."""

    name: str
    environment: str
    position: Place
    passes: bool
    failures: list[TestFailurePart]


class TestNote(DocumentPart):
    """What the plan of an environment left out, so that it is not in the world of its tests."""

    environment: str
    message: str


class TestEditsPart(DocumentPart):
    """What changed of the tests since `--base`, by name."""

    removed: list[str]
    changed: list[str]
    added: list[str]
    read_error: str = Field(
        description="Why the tests that were there cannot be read, so that all count as added; else empty."
    )


class TestsDocument(DocumentPart):
    """What came of access tests: `entra-config test --format json`, and of a plan with `--tests`."""

    version: Literal[2]
    kind: Literal["tests"]
    project: str
    tests: int = Field(description="How many tests ran; one that runs in several environments counts once.")
    failed: int = Field(description="How many of them fail in one environment at least.")
    results: list[TestResult]
    notes: list[TestNote]
    edits: TestEditsPart | None = Field(description="Null without --base.")


class PlanDocument(DocumentPart):
    """What would change in a tenant, for whom, and what it costs."""

    version: Literal[4]
    kind: Literal["plan"]
    project: str
    environment: str
    protected: bool
    tenant: TenantPart
    blocked: bool
    summary: Summary
    effects: list[EffectPart] = Field(description="What gives power or lowers a guard, by risk.")
    changes: list[Change]
    following: list[Change] = Field(
        description=(
            "After a restore: what of this is not so already; all else that comes to light waits for "
            "another plan."
        )
    )
    access: list[AccessPart]
    keys: list[KeyPart]
    deployers: list[DeployerPart]
    warnings: list[NoticePart]
    refusals: list[RefusalPart]
    withheld: list[WithheldPart]
    steps: int = Field(
        description="How many writes apply would make; 0 where there is nothing to start a writer for."
    )
    read: Cost
    apply: Cost
    requests: list[RequestPart] | None = Field(default=None, description="Only with --show-requests.")
    tests: TestsDocument | None = Field(default=None, description="Only with --tests.")
