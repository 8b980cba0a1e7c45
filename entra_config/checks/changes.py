"""The third stage: the changes, before steps are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from entra_config.actual.found import Found
from entra_config.actual.policies import Policies
from entra_config.checks.restrictions import Restrictions
from entra_config.kinds.directory import Json
from entra_config.kinds.facts import ApplicationFacts
from entra_config.kinds.graph_values import thumbprint
from entra_config.kinds.identifier_uris import passed_on
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Certificate
from entra_config.moments import read_moment
from entra_config.plan.model import Change, Create, Restore, Update
from entra_config.resource import Address, Resource, State


@dataclass(frozen=True)
class ChangesView:
    """What a rule of this stage sees: what changes now, and what follows once a deleted application is back.

    `strict`: what the tenant will refuse is refused.
    """

    manifest: Manifest
    found: Found
    desired: State
    changes: tuple[Change, ...]
    following: tuple[Change, ...]
    now: datetime
    strict: bool = False

    @property
    def sure(self) -> tuple[Change, ...]:
        """Return the changes, without those that may turn out otherwise after a restore."""
        return (*self.changes, *(each for each in self.following if isinstance(each, Create)))

    @cached_property
    def passed(self) -> Mapping[str, Address]:
        """Return the identifier URIs that one application gives up and another takes, and who gives them."""
        return passed_on(self.sure, self.found.directory)

    @property
    def policies(self) -> Policies:
        """Return what the tenant's administrators chose."""
        return self.found.policies or Policies()

    @cached_property
    def foreseeable(self) -> tuple[Create | Update | Restore, ...]:
        """Return what the tenant's policies may refuse; nothing where they were not asked."""
        every = (*self.changes, *self.following) if self.found.policies is not None else ()
        return tuple(each for each in every if isinstance(each, Create | Update | Restore))

    @property
    def created(self) -> tuple[Resource, ...]:
        """Return the applications that are created."""
        made = (each for each in self.foreseeable if isinstance(each, Create))
        return tuple(each.after for each in made if isinstance(each.after.facts, ApplicationFacts))

    def body(self, key: str) -> Json:
        """Return a registration as it is; empty where there is none."""
        live = self.found.directory.live.get(key)
        return (live.subject.application if live else None) or {}

    def has(self, key: str, certificate: Certificate) -> bool:
        """Return True if a registration has a certificate already."""
        there = {thumbprint(entry) for entry in self.body(key).get("keyCredentials") or ()}
        return certificate.thumbprint.upper() in there


@dataclass(frozen=True, slots=True)
class Made:
    """What is created, changed or restored. Of a declared application: its declaration, what the tenant has
    of it, and what it is held to.
    """

    change: Create | Update | Restore
    application: Application | None
    body: Json
    held: Restrictions

    @property
    def after(self) -> Resource:
        """Return it as it will be."""
        return self.change.after


def made(view: ChangesView) -> Iterator[Made]:
    """Yield what the tenant's policies may refuse."""
    for change in view.foreseeable:
        key = change.after.address.key
        is_application = isinstance(change.after.facts, ApplicationFacts)
        application = view.manifest.applications.get(key) if is_application else None
        body = view.body(key)
        created = read_moment(body.get("createdDateTime"), view.now)
        yield Made(change, application, body, Restrictions(view.policies, str(body.get("id", "")), created))
