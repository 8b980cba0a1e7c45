"""What access tests name: clients, APIs, scopes and roles, checked against the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from entra_config.errors import Problem
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.reading.problems import near
from entra_config.manifest.sections.microsoft import APIS, OPENID_SCOPES
from entra_config.testing.model import AccessTest, PlacedString, Suite

Unknown = tuple[PlacedString, str]


def find_problems(suites: Sequence[Suite], manifests: Sequence[Manifest]) -> list[Problem]:
    """Return each name in access tests that the manifest of their environments does not have."""
    tests = chain.from_iterable(suite.tests for suite in suites)
    found = {
        Problem(word.position, message): None
        for test in tests
        for manifest in manifests
        if test.runs_in(manifest.environment)
        for word, message in find_unknown(test, manifest)
    }
    return list(found)


def find_unknown(test: AccessTest, manifest: Manifest) -> Iterator[Unknown]:
    """Yield each name in a test that the manifest of one environment does not have: the test would pass or
    fail for another reason than the one it is about.
    """
    refused = test.expected.refused is not None
    for request in (test.handed, test.request):
        if request is not None:
            yield from _unknown_client(request.client, manifest, refused=refused)
            for word in request.scopes:
                yield from _unknown_scope(word, manifest, refused=refused)
    apis = (word.text.rpartition("/")[0] for word in test.request.scopes)
    api = next((found for key in apis if (found := manifest.applications.get(key))), None)
    yield from _unknown_roles(test.roles, api)
    for kind, application in (
        ("token", api),
        ("idToken", manifest.applications.get(test.request.client.text)),
    ):
        claims = (claim for name, claims in test.expected.tokens.items() if name == kind for claim in claims)
        for claim in claims:
            if claim.name == "roles" and isinstance(claim.value, tuple) and claim.position:
                words = [PlacedString(str(value), claim.position) for value in claim.value]
                yield from _unknown_roles(words, application)


def _unknown_client(word: PlacedString, manifest: Manifest, *, refused: bool) -> Iterator[Unknown]:
    holders = chain.from_iterable(each.service_principals or () for each in manifest.assignments.values())
    external = [named.name for named in (*holders, *(each.named for each in manifest.grants))]
    known = (*manifest.applications, *external)
    if word.text in known or (refused and word.text in manifest.excluded):
        return
    if word.text in manifest.excluded:
        message = f"`{word.text}` is not in {manifest.environment} (its `only:` keeps it out)"
        yield word, f"{message}: say `only:` of the test too"
    else:
        yield word, f"`client`: `{word.text}` is not an application of the manifest.{near(word.text, known)}"


def _unknown_scope(word: PlacedString, manifest: Manifest, *, refused: bool) -> Iterator[Unknown]:
    name, slash, scope = word.text.rpartition("/")
    application = manifest.applications.get(name)
    if not slash:
        if scope not in OPENID_SCOPES:
            yield (
                word,
                (
                    f"`asks`: `{scope}` is not an OpenID scope. A scope of an API is `API/SCOPE`, such as "
                    "api/user.read"
                ),
            )
    elif application is not None:
        labels = {label: each.value for label, each in application.scopes.items()}
        if scope != ".default" and scope not in {*labels, *labels.values()} and not refused:
            yield word, f"`asks`: `{scope}` is not a scope of `{name}`.{near(scope, labels)}"
    elif name not in (known := _known_apis(manifest)) and not (refused and name in manifest.excluded):
        yield word, f"`asks`: `{name}` is not an API of the manifest.{near(name, known)}"


def _known_apis(manifest: Manifest) -> dict[str, None]:
    external = manifest.enterprise_applications
    shown = (each.named.name for each in external.values() if each.named)
    requested = chain.from_iterable(each.api_permissions for each in manifest.applications.values())
    granted = (each.resource for each in manifest.grants)
    return dict.fromkeys((*manifest.applications, *external, *shown, *requested, *granted, *APIS))


def _unknown_roles(words: Sequence[PlacedString], application: Application | None) -> Iterator[Unknown]:
    if application is not None:
        values = [role.value for role in application.app_roles.values() if role.value]
        for word in words:
            if word.text not in values:
                yield word, f"`{word.text}` is not a role of `{application.key}`.{near(word.text, values)}"
