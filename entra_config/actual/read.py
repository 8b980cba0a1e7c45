"""Graph and a manifest in; the tenant's side of it out, read level by level."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from entra_config import identity
from entra_config.actual import (
    edited,
    external,
    graph_permissions,
    identifying,
    later_questions,
    lists,
    makers,
    policies,
    questions,
    restricted,
    subjects,
    uris,
)
from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.found import Found, found
from entra_config.actual.question import ORGANIZATION, About, Question
from entra_config.errors import ManifestError, TenantError
from entra_config.kinds.base import Kind
from entra_config.kinds.directory import Subject
from entra_config.manifest.edits import NOTHING
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice
from entra_config.plan.options import NO_OPTIONS, Options
from entra_config.resource import Address, Text


async def read(
    graph: TenantReader, manifest: Manifest, kinds: Iterable[Kind], *, mending: bool = False
) -> Found:
    """Return what the tenant has of what the manifest is about, read by key.

    `mending`: what is wrong is returned and stops nothing.
    """
    return await Reading(graph, manifest, tuple(kinds), mending=mending).run()


@dataclass(slots=True)
class Reading:
    """One reading of a tenant, level by level; each level is one batch of requests.

    `mending`: what is wrong is returned and stops nothing; `preflight`: what the tenant will refuse is asked,
    too. `by_lists`: many applications are read by lists; the caller reads by key again what is to change.

    The answers so far, and what they mean: `sure` after the first level, who is who after the second;
    `listed` are the requests by key of what lists answered.
    """

    graph: TenantReader
    manifest: Manifest
    kinds: tuple[Kind, ...]
    options: Options = NO_OPTIONS
    preflight: bool = False
    mending: bool = False
    by_lists: bool = False
    responses: Responses = field(default_factory=Responses)
    listed: Questions = field(default_factory=dict)
    sure: dict[str, Subject] = field(default_factory=dict)
    claimed: Questions = field(default_factory=dict)
    identified: identity.Identified = field(default_factory=lambda: identity.Identified({}, frozenset()))
    subjects: dict[str, Subject] = field(default_factory=dict)
    purges: dict[Address, tuple[str, ...]] = field(default_factory=dict)
    unique_names: dict[str, str | Text] = field(default_factory=dict)
    passed: list[Notice] = field(default_factory=list)
    of_policies: Questions = field(default_factory=dict)

    async def run(self) -> Found:
        """Read everything."""
        tenant_id, manifest = self.graph.tenant_id, self.manifest
        if tenant_id and tenant_id != manifest.tenant_id:
            raise TenantError(
                f"the token is for tenant {tenant_id}, environment {manifest.environment} is "
                f"{manifest.tenant_id}"
            )
        await self.first()
        await self.second()
        await self.series()
        await self.lost()
        self.settle()
        await self.late()
        await self.unnamed()
        return self.found()

    def known_by_lists(self, keys: AbstractSet[str]) -> frozenset[str]:
        """Return those of some applications of which a list answered anything."""
        return frozenset(question.key for question in self.listed if isinstance(question, About)) & keys

    async def read_by_key(self, keys: Collection[str]) -> Found:
        """Read by key what lists answered about some applications: lists may be staler."""
        again: Questions = {
            question: request
            for question, request in self.listed.items()
            if isinstance(question, About) and question.key in keys
        }
        self.listed = {each: request for each, request in self.listed.items() if each not in again}
        self.responses.take(await fetch(self.graph, again))
        await self.unnamed()
        return self.found()

    async def first(self) -> None:
        """Ask what can be asked at once."""
        first = questions.first_level(self.manifest, self.graph.identity.object_id)
        if self.preflight:
            self.of_policies = policies.first(self.manifest, self.graph.identity)
        level = first | edited.questions(self.options.edits or NOTHING) | self.of_policies
        self.responses = await fetch(self.graph, level, optional=self.of_policies)
        _same_tenant(self.manifest, self.responses)
        self.sure = subjects.certain(self.manifest, self.responses)

    async def second(self) -> None:
        """Ask for the details of what is certain, whether what is absent really is, and who could be in
        the way.
        """
        self.claimed = uris.questions(self.manifest, self.sure)
        level = later_questions.details(self.sure, self.kinds, self.manifest) | later_questions.second_level(
            self.manifest, self.responses, self.sure
        )
        level |= makers.questions(self.manifest, self.responses, self.graph.identity.object_id)
        level |= restricted.registrations(self.manifest, self.responses) | edited.further(
            self.options.edits or NOTHING, self.responses
        )
        optional = dict(self.claimed)
        if self.preflight:
            count = len(self.of_policies)
            optional |= policies.second(
                self.manifest, self.graph.identity, self.responses, self.sure, questions=count
            )
        await self._answer(level | optional, optional)
        self._identify()

    async def series(self) -> None:
        """Ask for further names, where somebody holds the name of a would-be creation."""
        if taken := identifying.series(
            self.manifest, self.identified, self.responses, purge_deleted=self.options.purge_deleted
        ):
            self.responses.take(await fetch(self.graph, taken))
            self._identify()

    async def lost(self) -> None:
        """Ask for the service principals of would-be creations that turned out to exist."""
        self.subjects = subjects.identified(self.manifest, self.identified, self.responses)
        if lost := later_questions.lost(self.manifest, self.subjects, self.responses):
            self.responses.take(await fetch(self.graph, lost))
            self.subjects = subjects.identified(self.manifest, self.identified, self.responses)

    def settle(self) -> None:
        """Choose the names of creations, and leave out what is purged and what was asked about another
        object.
        """
        self.purges = subjects.purges(self.subjects) if self.options.purge_deleted else {}
        self.unique_names, self.passed = identifying.chosen(
            self.manifest, self.identified, self.responses, self.purges
        )
        self.responses.keep(lambda question: identifying.same(question.key, self.sure, self.subjects))
        self.listed = {each: request for each, request in self.listed.items() if each in self.responses}
        self.subjects = subjects.purged(self.subjects, self.purges)

    async def late(self) -> None:
        """Ask for the details of what was not certain, for certificates, and for the names of strangers."""
        uncertain = {key: each for key, each in self.subjects.items() if not self._was_certain(key)}
        details = later_questions.details(uncertain, self.kinds, self.manifest)
        level = {key: request for key, request in details.items() if key not in self.responses}
        level |= (
            external.questions(self.manifest, self.subjects, self.responses)
            | later_questions.certificates(self.subjects)
            | graph_permissions.questions(self.manifest, self.subjects, self.responses)
        )
        if level:
            await self._answer(level)
            self.subjects = subjects.with_keys(self.subjects, self.responses)
        # A list may not show yet what was created a moment ago.
        unlisted = later_questions.certificates_by_key(self.subjects)
        if missing := {key: request for key, request in unlisted.items() if key not in self.responses}:
            self.responses.take(await fetch(self.graph, missing))
            self.subjects = subjects.with_keys(self.subjects, self.responses)

    async def unnamed(self) -> None:
        """Ask for the names of applications of which only what was read late holds something."""
        further = external.questions(self.manifest, self.subjects, self.responses)
        if unnamed := {key: request for key, request in further.items() if key not in self.responses}:
            self.responses.take(await fetch(self.graph, unnamed))

    def found(self) -> Found:
        """Return what was read; without `mending`, ManifestError names what is wrong."""
        identified = replace(self.identified, notices=(*self.identified.notices, *self.passed))
        whole = found(self.graph, self.manifest, self.subjects, self.responses, identified)
        directory = replace(whole.directory, unique_names=self.unique_names)
        claims = uris.claims(self.claimed, self.responses)
        edits = edited.reported(self.options.edits or NOTHING, self.responses)
        chosen = policies.read(self.manifest, self.responses, self.sure) if self.preflight else None
        if whole.problems and not self.mending:
            raise ManifestError(list(whole.problems))
        return replace(
            whole, directory=directory, purges=self.purges, claims=claims, edits=edits, policies=chosen
        )

    async def _answer(self, level: Questions, optional: Collection[Question[Any]] = ()) -> None:
        answers = await lists.fetch_level(
            self.graph, level, owner=self.manifest.owner, by_lists=self.by_lists, optional=optional
        )
        self.responses.take(answers.responses)
        self.listed |= answers.listed

    def _identify(self) -> None:
        self.identified = identifying.identified(
            self.manifest, self.responses, self.graph.identity.object_id, self.options.made
        )

    def _was_certain(self, key: str) -> bool:
        before = self.sure.get(key)
        whole = before is not None and before.application is not None and before.service_principal is not None
        return whole and identifying.same(key, self.sure, self.subjects)


def _same_tenant(manifest: Manifest, responses: Responses) -> None:
    organization = responses.first(ORGANIZATION)
    if organization and organization["id"] != manifest.tenant_id:
        raise TenantError(
            f"signed in to tenant {organization['id']}, environment {manifest.environment} is "
            f"{manifest.tenant_id}"
        )
