"""Newly claimed identifier URIs in; who holds them, live or deleted, and which domains the tenant
verified, out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import DELETED_URIS, ORGANIZATION, UriHolders
from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds.directory import Json, Subject
from entra_config.kinds.identifier_uris import URIS, folded
from entra_config.manifest.model import Manifest

LONGEST = 120  # characters that a filter compares (known issues)
_SELECT = f"$select=id,appId,displayName,deletedDateTime,{URIS}"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who holds each newly claimed URI, in lower case; the verified domains. None where Graph did not let
    us read it.
    """

    holders: Mapping[str, tuple[Json, ...] | None]
    domains: frozenset[str] | None


def questions(manifest: Manifest, sure: Mapping[str, Subject]) -> Questions:
    """Return what to ask about URIs that no application of ours holds yet: a plan without new ones asks
    nothing.
    """
    held = {uri for subject in sure.values() for uri in folded((subject.application or {}).get(URIS) or ())}
    declared = (app.settings[URIS].value for app in manifest.applications.values() if URIS in app.settings)
    new = {uri for uris in declared for uri in folded(uris)}
    questions: Questions = {
        UriHolders(uri): Request(
            "GET", f"/applications?$filter={URIS}/any(u:u%20eq%20{literal(uri)})&{_SELECT}"
        )
        for uri in sorted(new - held)
        if len(uri) <= LONGEST
    }
    if questions:
        questions[DELETED_URIS] = Request(
            "GET", f"/directory/deletedItems/microsoft.graph.application?{_SELECT}&$top=999"
        )
    return questions


def claims(questions: Questions, responses: Responses) -> Claims:
    """Return what the answers say."""
    holders: dict[str, tuple[Json, ...] | None] = {}
    for question in questions:
        if isinstance(question, UriHolders):
            gone = [body for body in responses[DELETED_URIS] if question.of in folded(body.get(URIS) or ())]
            known = question in responses and DELETED_URIS in responses
            holders[question.of] = (*responses[question], *gone) if known else None
    organization = responses.first(ORGANIZATION) or {}
    domains = organization.get("verifiedDomains")
    return Claims(
        holders, None if domains is None else frozenset(domain["name"].casefold() for domain in domains)
    )
