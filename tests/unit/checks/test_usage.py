"""Who else uses what goes: refused, or said where nobody could keep it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entra_config.checks.rules import use_by_others
from entra_config.errors import Position
from entra_config.kinds.details import CONSENTS_TO_IT, REQUIRERS, DelegatedConsent, Requirer
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.policy import Removed
from entra_config.plan.model import Notice, Refusal
from tests.unit.checks import ruled
from tests.unit.plan.estates import API, manifest

USED = (
    use_by_others.consent_ends,
    use_by_others.requirement_ends,
    use_by_others.personal_consent_ends,
)
HERE = Position("api.yaml", 3, 1)
BODY = {
    "id": "id-api",
    "appId": "app-api",
    "api": {"oauth2PermissionScopes": [{"id": "s1", "value": "read"}, {"id": "s2", "value": "write"}]},
    "appRoles": [{"id": "r1", "value": "Admin"}],
}


def consent(client: str, scope: str, principal: str = "") -> DelegatedConsent:
    """Return a consent to the API: of a person, or for everybody."""
    return DelegatedConsent("g", client, "sp-api", not principal, principal, scope)


def requirer(id_: str, *access: str) -> Requirer:
    """Return an application that requires something of the API."""
    entries = [{"id": each, "type": "Scope"} for each in access]
    return Requirer(
        id_, f"app-{id_}", f"App {id_}", ({"resourceAppId": "app-api", "resourceAccess": entries},)
    )


CONSENTS = (
    consent("sp-job", "read"),
    consent("ext", "write other read"),
    consent("named", "other"),
    consent("named", "read"),
    consent("ext", "read", "ann"),
    consent("ext", "read", "bob"),
    consent("ext", "read", "bob"),
    consent("sp-job", "read write", "ann"),
    consent("named", "other", "ann"),
)
REQUIRING = (requirer("x", "r1", "s1", "s0"), requirer("y", "s0"), requirer("id-job", "s1"))


def tenant(**more: Any) -> Directory:
    """Return what was read: an API with clients, one of them ours, and an API of others."""
    job = Subject("job", {"id": "id-job"}, {"id": "sp-job"})
    live = Live(Subject("api", BODY, {"id": "sp-api"}), {CONSENTS_TO_IT: CONSENTS, REQUIRERS: REQUIRING})
    others = Live(Subject("theirs", None, {"id": "sp-theirs"}, others=True))
    bare = Live(Subject("bare", {"id": "id-bare"}))
    lives = {"theirs": others, "bare": bare, "api": live, "job": Live(job)}
    return Directory("https://graph", live=lives, names={"named": "Their app"}, **more)


def test_what_an_api_that_stays_would_take_from_others() -> None:
    """A consent is taken back first; a request is lifted by a word; what single people allowed is said."""
    api = Application("api", "api", {}, position=HERE)
    declared: Manifest = replace(manifest(), applications={"api": api})
    lose = "api would lose"
    assert ruled.of_tenant(USED, declared, tenant()) == [
        Refusal(
            "",
            f"{lose} read, write, and 'ext', which is undeclared, has consent to it: take that back first",
            API,
            HERE,
        ),
        Refusal(
            "",
            f"{lose} read, and 'Their app', which is undeclared, has consent to it: take that back first",
            API,
            HERE,
        ),
        Refusal(
            "used",
            f"{lose} Admin, read, and 'App x' (appId app-x), which is undeclared, requires it: take it out "
            "there first",
            API,
            HERE,
        ),
        Notice(
            "api loses read: the consent of 2 users to it in client 'ext' stays, and gives nothing any more",
            API,
            HERE,
        ),
        Notice(
            "api loses read, write: the consent of 1 user to it in client 'job' stays, and gives nothing any "
            "more",
            API,
            HERE,
        ),
    ]


def test_with_the_application_all_use_of_it_ends() -> None:
    """It is only said."""
    removed = {"api": Removed("api", destroy=True, position=HERE)}
    declared = replace(manifest(), applications={}, removed=removed)
    assert ruled.of_tenant(USED, declared, tenant()) == [
        Notice(
            "api would lose read, write, and 'ext', which is undeclared, has consent to it",
            API,
            HERE,
        ),
        Notice(
            "api would lose read, and 'Their app', which is undeclared, has consent to it",
            API,
            HERE,
        ),
        Notice(
            "api would lose Admin, read, and 'App x' (appId app-x), which is undeclared, requires it",
            API,
            HERE,
        ),
    ]


def test_nothing_goes() -> None:
    """Nobody loses anything then."""
    assert ruled.of_tenant(USED, replace(manifest(), applications={}), tenant()) == []
