"""The published document of a plan: its shape, from which the JSON Schema is made."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Action = Literal["create", "update", "adopt", "restore", "delete", "release"]


class Document(BaseModel):
    """A part of a document: camelCase, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Place(Document):
    """Where in the manifest something stands; line and column count from 1."""

    file: str
    line: int
    column: int


class Subject(Document):
    """What names one resource: its kind and a key that is unique within the kind."""

    kind: str
    key: str


class Tenant(Document):
    """The tenant that the plan is about."""

    id: str
    name: str


class Item(Document):
    """One entry of a collection that comes, changes or goes."""

    action: Literal["add", "change", "remove"]
    label: str
    summary: str
    fields: list[FieldDifference]
    notes: list[str]


class FieldDifference(Document):
    """One property that differs. What is not known before apply reads `(known after apply)`, secrets `(secret)`."""

    path: str
    before: Any = None
    after: Any = None
    items: list[Item]
    leaves: list[FieldDifference] = Field(description="Of an object: what differs inside, by its path there.")
    position: Place | None = None


class Change(Document):
    """One resource that comes, changes or goes."""

    action: Action
    address: Subject
    title: str
    display_name: str
    position: Place | None
    fields: list[FieldDifference]
    notes: list[str]


class Person(Document):
    """Who gains or loses, and through what: `direct`, `group NAME`, or `application` for an application itself."""

    id: str
    name: str
    through: str


class Access(Document):
    """Who gains or loses one value that tokens carry: `count` people (null: a group was not read whole), and applications apart.

    `people` may be capped. A `scope` is one that `client` has without asking anybody; `signIn` (as `default`) is to be let in.
    `restored`: the application comes back with what it held and who held its roles: that cannot be read before (count null).
    `authorized`: it gets a service principal again, and is used at whatever others' APIs authorize it (count null).
    """

    kind: Literal["role", "scope", "signIn", "restored", "authorized"]
    application: str
    role: str = Field(description="The value, as tokens carry it.")
    label: str = Field(description="What the manifest calls it, empty where it does not.")
    client: str | None = None
    action: Literal["gain", "lose"]
    count: int | None
    people: list[Person]
    application_count: int
    applications: list[Person]


class Notice(Document):
    """Something to know."""

    message: str
    address: Subject | None
    position: Place | None


class Refusal(Document):
    """What a policy or limit stops; `word` is what `--allow` takes, empty when nothing lifts it."""

    word: str
    message: str
    blocks: bool = Field(description="True: nothing is applied. False: only this is left out; the exit code is 3 too.")
    address: Subject | None
    position: Place | None


class HeldBack(Document):
    """A grant that is not given now, and what a person can do about it; all else is carried out."""

    message: str
    remedy: str
    address: Subject | None
    position: Place | None


class Effect(Document):
    """One power that the plan gives somebody, or one guard that it lowers; `address` null where the manifest's words change."""

    sort: str
    risk: Literal["high", "medium", "low"]
    text: str
    address: Subject | None
    position: Place | None


class Summary(Document):
    """How many resources each action is about."""

    add: int
    change: int
    remove: int
    adopt: int
    restore: int
    release: int
    unchanged: int
    held_back: int
    left_out: int = Field(description="Changes that `--target` left out.")


class Cost(Document):
    """Requests (parts of batches count), HTTP calls, and depth: calls in sequence."""

    requests: int
    calls: int | None
    depth: int


class Request(Document):
    """One request of an apply, with what must be done before it."""

    step: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    body: Any
    needs: list[str]


class PlanDocument(Document):
    """What would change in a tenant, for whom, and what it costs."""

    version: Literal[1]
    kind: Literal["plan"]
    project: str
    environment: str
    tenant: Tenant
    blocked: bool
    summary: Summary
    effects: list[Effect] = Field(description="What gives power or lowers a guard, by risk.")
    changes: list[Change]
    following: list[Change] = Field(
        description="After a restore: what of this is not so already; all else that comes to light waits for another plan."
    )
    access: list[Access]
    warnings: list[Notice]
    refusals: list[Refusal]
    held_back: list[HeldBack]
    steps: int = Field(description="How many writes apply would make; 0 where there is nothing to start a writer for.")
    read: Cost
    apply: Cost
    requests: list[Request] | None = Field(default=None, description="Only with --show-requests.")
