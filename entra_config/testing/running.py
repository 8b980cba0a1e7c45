"""A world and a test in; what the tokens say where they are not as the test says, with reasons and places,
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from entra_config.manifest.model import Application
from entra_config.manifest.reading.problems import near
from entra_config.manifest.sections.microsoft import APIS
from entra_config.testing import judging, naming
from entra_config.testing.model import (
    AccessTest,
    CertificateProof,
    PlacedString,
    Secret,
    SignInRequest,
    Workload,
)
from entra_config.testing.results import Failure
from entra_config.testing.world import World
from entra_emulator.api import KNOWN_CLAIMS, NO_PROOF, Form, SignInRefused, SignInResult

NOWHERE = (
    "ffffffff-ffff-4fff-bfff-ffffffffffff"  # the appId of an application that is not in this environment
)
_PLATFORMS = {"spa": "spa", "publicClient": "publicClient", "web": "web"}


class UnknownNameError(Exception):
    """A test names something that the manifest has not, here or at all."""

    def __init__(self, word: PlacedString, message: str) -> None:
        super().__init__(message)
        self.failure = Failure("test", "", "", (message,), (word.position,))


@dataclass(frozen=True, slots=True)
class TokenForm:
    """A request as the token endpoint takes it."""

    app_id: str
    scope: str
    proof: Form
    redirect_uri: str


async def run(world: World, test: AccessTest) -> tuple[Failure, ...]:
    """Run a test; nothing is missed where it passes."""
    try:
        return await _run(world, test)
    except UnknownNameError as error:
        return (error.failure,)


async def _run(world: World, test: AccessTest) -> tuple[Failure, ...]:
    world.clock.time = test.at or world.now
    person = test.person
    for word in world.unknown(person.member_of) if person else ():
        message = (
            f"`{word.text}` is not a group of `groups:`, and the manifest assigns nothing to "
            f"it.{near(word.text, world.groups)}"
        )
        raise UnknownNameError(word, message)
    _check_names(world, test)
    result, requested = await _sign_in(world, test)
    return judging.judge(world, test, result, (requested.app_id, requested.scope))


def _check_names(world: World, test: AccessTest) -> None:
    """Refuse names that would make a test pass for nothing: of what there is not, or an absent claim that no
    token has.
    """
    for word, message in naming.find_unknown(test, world.manifest):
        raise UnknownNameError(word, message)
    api = next(
        (world.manifest.applications.get(word.text.rpartition("/")[0]) for word in test.request.scopes), None
    )
    if api is None:
        return
    added = [api, world.manifest.applications.get(test.request.client.text)]
    known = {*KNOWN_CLAIMS, *chain.from_iterable(_optional(each) for each in added if each)}
    for claim in chain.from_iterable(test.expected.tokens.values()):
        if claim.rule == "absent" and claim.name not in known and claim.position:
            word = PlacedString(claim.name, claim.position)
            raise UnknownNameError(
                word,
                f"`{claim.name}` is not a claim of a token, so it is always absent.{near(claim.name, known)}",
            )


def _optional(application: Application) -> Iterator[str]:
    """Yield the names of the optional claims that an application asks for."""
    setting = application.settings.get("optionalClaims")
    value = setting.value if setting else None
    for entries in value.values() if isinstance(value, dict) else ():
        yield from (str(entry["name"]) for entry in entries or () if isinstance(entry, dict))


async def _sign_in(world: World, test: AccessTest) -> tuple[SignInResult, TokenForm]:
    requested = _request(world, test.request)
    user = world.enter(test.person) if test.person else ""
    match test.flow:
        case "clientCredentials":
            return await world.entry.itself(
                requested.app_id, requested.scope, proof=requested.proof
            ), requested
        case "deviceCode":
            return await world.entry.device(
                user, requested.app_id, requested.scope, proof=requested.proof
            ), requested
        case "onBehalfOf":
            assert test.handed is not None  # the reader holds so
            handed = _request(world, test.handed)
            first = await _code(world, user, handed)
            if isinstance(first, SignInRefused):
                return first, handed
            return await world.entry.on_behalf_of(
                first, requested.app_id, requested.scope, proof=requested.proof
            ), requested
        case "code":
            return await _code(world, user, requested), requested


async def _code(world: World, user: str, requested: TokenForm) -> SignInResult:
    entry = world.entry
    return await entry.code(
        user, requested.app_id, requested.scope, proof=requested.proof, redirect_uri=requested.redirect_uri
    )


def _request(world: World, request: SignInRequest) -> TokenForm:
    app_id = world.app_ids.get(request.client.text, NOWHERE)
    scopes = " ".join(_scope(world, word.text) for word in request.scopes)
    return TokenForm(
        app_id,
        scopes,
        _proof(world, request, app_id),
        request.redirect_uri or _page(world, app_id, request.client.text),
    )


def _scope(world: World, text: str) -> str:
    name, slash, scope = text.rpartition("/")
    if not slash:
        return scope
    application = world.manifest.applications.get(name)
    if application is not None:
        labels = {label: each.value for label, each in application.scopes.items()}
        return f"{_resource(world, name)}/{labels.get(scope, scope)}"
    return f"{_external(world, name) or NOWHERE}/{scope}"


def _resource(world: World, key: str) -> str:
    # By its URI where it has one, as clients are configured; an API that is asked by another name takes that
    # too.
    row = world.tenant.application_by_app_id(world.app_ids[key])
    uris = row["identifierUris"] if row else ()
    return str(uris[0]) if uris else world.app_ids[key]


def _external(world: World, name: str) -> str | None:
    if name == "Microsoft Graph":
        return "https://graph.microsoft.com"
    enterprise = world.manifest.enterprise_applications.get(name)
    named = enterprise.named if enterprise else None
    shown = (named.name if named else None) or name
    app_id = (enterprise.app_id if enterprise else None) or APIS.get(name)
    row = (
        world.tenant.service_principal_by_app_id(app_id)
        if app_id
        else world.tenant.one("servicePrincipals", "displayName", shown)
    )
    return str(row["appId"]) if row else None


def _page(world: World, app_id: str, key: str) -> str:
    """Return the redirect URI of the client's own platform; "" where any will do."""
    application = world.manifest.applications.get(key)
    platform = _PLATFORMS.get(application.type) if application else None
    row = world.tenant.application_by_app_id(app_id)
    uris = row[platform]["redirectUris"] if row and platform else ()
    return str(uris[0]) if uris else ""


def _proof(world: World, request: SignInRequest, app_id: str) -> Form:
    match request.proof:
        case Secret(ends):
            return world.proofs.secret(app_id, ends)
        case Workload(issuer, subject, audience, claims):
            return world.proofs.workload(issuer, subject, audience, claims)
        case CertificateProof(label):
            application = world.manifest.applications.get(request.client.text)
            known: Mapping[str, str] = (
                {each.label: each.thumbprint for each in (application.certificates or ())}
                if application
                else {}
            )
            if label.text not in known:
                message = (
                    f"`certificate`: `{request.client.text}` has no certificate "
                    f"`{label.text}`.{near(label.text, known)}"
                )
                raise UnknownNameError(label, message)
            return world.proofs.certificate(app_id, known[label.text])
        case None:
            return NO_PROOF
