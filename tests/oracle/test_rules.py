"""The evaluator of Entra's rules, case by case: what is in the tenant, what is asked, what the notes say
is answered.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import rules
from tests.oracle.rules import DEFAULT_ACCESS, AsItself, AsUser, Refused, Token, Unknown, response
from tests.oracle.shapes import (
    Piece,
    application,
    assignment,
    consent,
    group,
    person,
    principal,
    role,
    scope,
    sp,
    tenant,
)

ROLES = (
    role("1", "Reader"),
    role("2", "Writer"),
    role("3", None),
    role("4", "Old", enabled=False),
    role("5", "Person", kinds=["User"]),
    role("6", "Robot", kinds=["Application"]),
)
SCOPES = (
    scope("a", "read"),
    scope("b", "write"),
    scope("c", "admin", type_="Admin"),
    scope("d", "off", enabled=False),
)
API: dict[str, Any] = {"roles": ROLES, "scopes": SCOPES, "names": ["api://api"]}
REQUIRED = principal("api", **API, required=True)
BASE = (
    *(application("api"), principal("api", **API)),
    *(application("other"), principal("other", scopes=[scope("o", "see")])),
    principal("graph", scopes=[scope("g", "User.Read"), scope("h", "Mail.Read")], names=["https://graph"]),
    *(application("spa"), principal("spa")),
    *(application("daemon"), principal("daemon")),
    *(person("anna"), person("ben"), group("team", "anna"), group("outer", "team", sp("daemon"))),
)
OFF = principal("api", **API, enabled=False)
READ = consent("spa", "api", "read")
NOT_LISTED = frozenset({65001, 65005, 650052, 650056, 650057})
ME = sp("daemon")
LISTED = application("spa", lists={"api": ["a"]})
LISTED_MORE = application("spa", lists={"api": ["a"], "other": ["o"]})
AUTHORIZED = application("api", authorizes={"spa": ["a"]})
EMITTED = {"accessToken": [{"name": "groups", "additionalProperties": ["emit_as_roles"]}]}
FIRST = application("api", version=1)
GUID = application(
    "api", version=1, optionalClaims={"accessToken": [{"name": "aud", "additionalProperties": ["use_guid"]}]}
)
NO_GUID = application(
    "api", version=1, optionalClaims={"accessToken": [{"name": "upn", "additionalProperties": ["use_guid"]}]}
)
AUTHORIZED_MORE = application("api", authorizes={"spa": ["a", "b"]})
CLOSED, BOSS = principal("spa", required=True), principal("spa", roles=[role("1", "Boss")])
OTHER = principal("other", roles=ROLES)
SPA_OFF, ANNA_OFF, BARE = principal("spa", enabled=False), person("anna", enabled=False), application("bare")
WELCOME, GUEST = application("api", authorizes={"guest": ["a"]}), consent("guest", "api", "read")
GRAPH = consent("spa", "graph", "User.Read")


def asks(scopes: str = "read", *, user: str = "anna", client: str = "spa", api: str = "api") -> AsUser:
    """Return what a person asks."""
    return AsUser(user, client, api, frozenset(scopes.split()))


def itself(client: str = "daemon", api: str = "api") -> AsItself:
    """Return what an application asks."""
    return AsItself(client, api)


def gets(
    roles: str = "",
    scopes: str = "",
    *,
    perhaps: str = "",
    maybe: str = "",
    api: str = "api",
    version: int | None = 2,
    audience: str | None = None,
) -> Token:
    """Return a token for an API, with the scopes and the roles that it has perhaps."""
    certain, open_ = (
        (frozenset(roles.split()), frozenset(scopes.split())),
        (frozenset(maybe.split()), frozenset(perhaps.split())),
    )
    return Token(*certain, *open_, version, audience or api)


EXTERNAL = gets("", "User.Read", perhaps="Mail.Read", api="graph", version=None)


@dataclass(frozen=True)
class Case:
    """One sentence of the notes, where it stands, and an example of it."""

    holds: str
    fact: str
    pieces: tuple[Piece, ...]
    question: AsUser | AsItself
    response: Token | Refused | type[Unknown] | frozenset[int]


# An answer that is a set: refused for certain, with one of these codes, or a code unknown. `Unknown`: not
# even that.
R, W = assignment("anna", "api", "1"), assignment("anna", "api", "2")
ROBOT = assignment(ME, "api", "6", "ServicePrincipal")
PEOPLE = [
    # Roles.
    Case("a direct assignment gives the role's value", "L4.6", (READ, R), asks(), gets("Reader", "read")),
    Case("two assignments give two values", "L4.6", (READ, R, W), asks(), gets("Reader Writer", "read")),
    Case("nobody's role is somebody else's", "L4.6", (READ, R), asks(user="ben"), gets("", "read")),
    Case(
        "a direct member has it",
        "L4.6",
        (READ, assignment("team", "api", "2", "Group")),
        asks(),
        gets("Writer", "read"),
    ),
    Case(
        "a nested group gives none",
        "L4.6",
        (READ, assignment("outer", "api", "2", "Group")),
        asks(),
        gets("", "read"),
    ),
    Case(
        "a role without value adds nothing",
        "L4.6",
        (READ, assignment("anna", "api", "3")),
        asks(),
        gets("", "read"),
    ),
    Case(
        "a disabled role stays",
        "L4.6, G14 B5",
        (READ, assignment("anna", "api", "4")),
        asks(),
        gets("Old", "read"),
    ),
    Case(
        "default access adds nothing",
        "L2.7",
        (READ, assignment("anna", "api", DEFAULT_ACCESS)),
        asks(),
        gets("", "read"),
    ),
    Case(
        "a role that is gone adds nothing",
        "L4.6",
        (READ, assignment("anna", "api", "9")),
        asks(),
        gets("", "read"),
    ),
    Case(
        "a role of the wrong kind is open",
        "L4.6",
        (READ, assignment("anna", "api", "6")),
        asks(),
        gets("", "read", maybe="Robot"),
    ),
    Case(
        "another API's is not this one's",
        "L4.4",
        (READ, OTHER, assignment("anna", "other", "1")),
        asks(),
        gets("", "read"),
    ),
    Case(
        "the client's is not the API's",
        "L4.4",
        (READ, BOSS, assignment("anna", "spa", "1")),
        asks(),
        gets("", "read"),
    ),
    Case(
        "emitted groups are open",
        "L4.5",
        (READ, R, application("api", optionalClaims=EMITTED)),
        asks(),
        Unknown,
    ),
    # Assignment required.
    Case("a resource that requires it refuses others", "L2.7", (READ, REQUIRED), asks(), Refused(50105)),
    Case("so does a client", "L2.7", (READ, principal("spa", required=True)), asks(), Refused(50105)),
    Case("an assignment lets in", "L2.7", (READ, REQUIRED, R), asks(), gets("Reader", "read")),
    Case(
        "default access lets in",
        "L2.7",
        (READ, REQUIRED, assignment("anna", "api", DEFAULT_ACCESS)),
        asks(),
        gets("", "read"),
    ),
    Case(
        "a disabled role lets in",
        "L2.7",
        (READ, REQUIRED, assignment("anna", "api", "4")),
        asks(),
        gets("Old", "read"),
    ),
    Case(
        "a role that is gone: open", "G14", (READ, REQUIRED, assignment("anna", "api", "9")), asks(), Unknown
    ),
    Case(
        "a direct member is let in",
        "L2.7",
        (READ, REQUIRED, assignment("team", "api", "2")),
        asks(),
        gets("Writer", "read"),
    ),
    Case(
        "a nested member is not",
        "L2.7",
        (READ, REQUIRED, assignment("outer", "api", "2")),
        asks(),
        Refused(50105),
    ),
    Case(
        "what is held at the API is nothing at the client", "L2.7", (READ, R, CLOSED), asks(), Refused(50105)
    ),
    Case(
        "one at the client does",
        "L2.7",
        (READ, CLOSED, assignment("anna", "spa", DEFAULT_ACCESS)),
        asks(),
        gets("", "read"),
    ),
    Case("pre-authorization is no assignment", "L2.5", (REQUIRED, AUTHORIZED), asks(), Refused(50105)),
    # Consent to scopes by name.
    Case("the tenant's consent gives the scope", "L2.5", (READ,), asks(), gets("", "read")),
    Case("without consent there is no token", "L2.5, L3.9", (), asks(), Refused(65001)),
    Case("nor for a scope of admins", "L2.5", (), asks("admin"), Refused(65001)),
    Case("a consent does not cover another scope", "L2.5", (READ,), asks("write"), Refused(65001)),
    Case("all that is asked must be covered", "L2.5", (READ,), asks("read write"), Refused(65001)),
    Case(
        "all that is consented is given",
        "L2.5",
        (consent("spa", "api", "read write"),),
        asks(),
        gets("", "read write"),
    ),
    Case("a leading space is no scope", "G4", (consent("spa", "api", " read"),), asks(), gets("", "read")),
    Case(
        "one's own consent counts",
        "L2.5",
        (consent("spa", "api", "read", by="anna"),),
        asks(),
        gets("", "read"),
    ),
    Case(
        "somebody else's does not", "L2.5", (consent("spa", "api", "read", by="ben"),), asks(), Refused(65001)
    ),
    Case(
        "both add up",
        "L2.5",
        (READ, consent("spa", "api", "write", by="anna")),
        asks("read write"),
        gets("", "read write"),
    ),
    Case(
        "another client's does not count", "L2.5", (consent("daemon", "api", "read"),), asks(), Refused(65001)
    ),
    Case("another API's does not count", "L2.5", (consent("spa", "other", "read"),), asks(), Refused(65001)),
    Case("pre-authorization needs no consent", "L2.5", (AUTHORIZED,), asks(), gets("", "read")),
    Case("it covers the listed scopes only", "L2.5", (AUTHORIZED,), asks("write"), Refused(65001)),
    Case(
        "it covers the listed client only",
        "L2.5",
        (application("api", authorizes={"daemon": ["a"]}),),
        asks(),
        Refused(65001),
    ),
    Case(
        "a dangling one gives nothing",
        "G14 B11",
        (application("api", authorizes={"spa": ["z"]}),),
        asks(),
        Refused(65001),
    ),
    Case(
        "more than was asked is open",
        "L2.5",
        (AUTHORIZED, AUTHORIZED_MORE),
        asks(),
        gets("", "read", perhaps="write"),
    ),
    Case(
        "it adds to consent",
        "L2.5",
        (AUTHORIZED, consent("spa", "api", "write")),
        asks("read write"),
        gets("", "read write"),
    ),
    Case("a scope that is not there is refused", "L5.2", (READ,), asks("reed"), Refused(650053)),
    Case("one in another case is open", "L5.2", (READ,), asks("READ"), Unknown),
    Case(
        "a consented one that is gone: open",
        "G4",
        (consent("spa", "api", "read gone"),),
        asks(),
        gets("", "read", perhaps="gone"),
    ),
    Case("asking for it, too", "G4", (consent("spa", "api", "read gone"),), asks("gone"), Unknown),
    Case(
        "a consented one that is disabled: open",
        "L2.5",
        (consent("spa", "api", "read off"),),
        asks(),
        gets("", "read", perhaps="off"),
    ),
    Case("asking for it, too", "L2.5", (consent("spa", "api", "off"),), asks("off"), Unknown),
    Case("`.default` cannot be mixed", "L2.5", (READ,), asks(".default read"), Refused(70011)),
    Case("no scope is refused", "L2.6", (READ,), asks(""), Refused(28003)),
    # Consent by .default.
    Case(
        "`.default` gives all",
        "L2.5",
        (consent("spa", "api", "read write"),),
        asks(".default"),
        gets("", "read write"),
    ),
    Case(
        "with a grant the list is forgotten",
        "L2.5",
        (consent("spa", "api", "write"), LISTED),
        asks(".default"),
        gets("", "write"),
    ),
    Case(
        "one's own will do",
        "L2.5",
        (consent("spa", "api", "write", by="anna"), LISTED),
        asks(".default"),
        gets("", "write"),
    ),
    Case(
        "somebody else's not",
        "L2.5",
        (consent("spa", "api", "read", by="ben"), LISTED),
        asks(".default"),
        Refused(65001),
    ),
    Case("without a grant the list is asked", "L2.5", (LISTED,), asks(".default"), Refused(65001)),
    Case(
        "pre-authorization covers it",
        "L2.5",
        (LISTED, AUTHORIZED_MORE),
        asks(".default"),
        gets("", "read", perhaps="write"),
    ),
    Case(
        "in whole",
        "L2.5",
        (application("spa", lists={"api": ["a", "b"]}), AUTHORIZED),
        asks(".default"),
        Refused(65001),
    ),
    Case(
        "roles in the list are no scopes",
        "L2.5",
        (application("spa", lists={"api": ["a", "Role:6"]}), AUTHORIZED),
        asks(".default"),
        gets("", "read"),
    ),
    Case(
        "other APIs' are asked, too",
        "L2.5",
        (LISTED_MORE, AUTHORIZED, consent("spa", "other", "see")),
        asks(".default"),
        gets("", "read"),
    ),
    Case("whether they prompt is open", "L10", (LISTED_MORE, AUTHORIZED), asks(".default"), Unknown),
    Case(
        "those of an API that is gone, too",
        "L10",
        (application("spa", lists={"api": ["a"], "x": ["y"]}), AUTHORIZED),
        asks(".default"),
        Unknown,
    ),
    Case("an API that is not listed is refused", "L5.2", (), asks(".default"), NOT_LISTED),
    Case("one that authorizes is open", "L2.5", (AUTHORIZED,), asks(".default"), Unknown),
    Case(
        "one listed for its roles is open",
        "L5.2",
        (application("spa", lists={"api": ["Role:6"]}),),
        asks(".default"),
        Unknown,
    ),
    Case(
        "a listed scope that is gone is open",
        "L2.5",
        (application("spa", lists={"api": ["z"]}),),
        asks(".default"),
        Unknown,
    ),
    Case("a grant without scopes is open", "L2.5", (consent("spa", "api", ""),), asks(".default"), Unknown),
    # Registered elsewhere.
    Case(
        "a foreign client is refused",
        "L5.2",
        (principal("guest"),),
        asks(".default", client="guest"),
        NOT_LISTED,
    ),
    Case(
        "one that is authorized is open",
        "L2.5",
        (principal("guest"), WELCOME),
        asks(".default", client="guest"),
        Unknown,
    ),
    Case(
        "with consent it is served",
        "L2.5",
        (principal("guest"), GUEST),
        asks(".default", client="guest"),
        gets("", "read"),
    ),
    Case(
        "what a foreign API authorizes is open",
        "L2.5, L10",
        (GRAPH,),
        asks("User.Read", api="graph"),
        EXTERNAL,
    ),
    Case(
        "by another name so is its audience",
        "L4.2",
        (GRAPH,),
        asks("User.Read", api="https://graph"),
        replace(EXTERNAL, audience=None),
    ),
    Case("without consent there it is open", "L2.5, L10", (), asks("User.Read", api="graph"), Unknown),
    # The client itself.
    Case("`.default` of oneself yields no access token", "L2.5", (), asks(".default", client="api"), Unknown),
    Case("consent to oneself is open", "L2.5", (), asks("read", client="api"), Unknown),
    # Objects that are missing or disabled.
    Case("an unknown client is refused", "L3.1, L5.2", (READ,), asks(client="nobody"), Refused(700016)),
    Case(
        "before anything else",
        "L3.1",
        (),
        asks("", client="nobody", api="nothing", user="none"),
        Refused(700016),
    ),
    Case("an unknown resource is refused", "L5.2", (READ,), asks(api="nothing"), Refused(500011)),
    Case(
        "a disabled client is refused",
        "L5.2",
        (READ, principal("spa", enabled=False)),
        asks(),
        Refused(7000112),
    ),
    Case(
        "a disabled resource is refused",
        "Cloud-Architekt/AzureAD-Attack-Defense#43",
        (READ, OFF),
        asks(),
        Refused(500014),
    ),
    Case("a disabled person is refused", "L3.5, L3.10", (READ, ANNA_OFF), asks(), Refused(50057)),
    Case("an unknown person is refused", "L5.2", (READ,), asks(user="carl"), Refused(50034)),
    Case(
        "a client without service principal is open",
        "L3.7",
        (application("bare"),),
        asks(client="bare"),
        Unknown,
    ),
    Case("isDisabled is open", "G11", (READ, principal("spa", isDisabled=True)), asks(), Unknown),
    Case("at a registration, too", "G11", (READ, application("api", isDisabled=True)), asks(), Unknown),
]
ORDER = [
    Case("parameters before resource", "L3.1", (), asks(".default read", api="nothing"), Refused(70011)),
    Case("parameters before consent", "L3.1", (), asks(".default read"), Refused(70011)),
    Case("assignment and consent", "L10", (REQUIRED,), asks(), frozenset({50105, 65001})),
    Case("assignment and unknown scope", "L10", (REQUIRED,), asks("reed"), frozenset({50105, 650053})),
    Case(
        "disabled client and assignment",
        "L10",
        (REQUIRED, READ, SPA_OFF),
        asks(),
        frozenset({7000112, 50105}),
    ),
    Case(
        "disabled client and unknown resource",
        "L10",
        (SPA_OFF,),
        asks(api="nothing"),
        frozenset({7000112, 500011}),
    ),
    Case("disabled client and parameters", "L10", (SPA_OFF, READ), asks(""), frozenset({7000112, 28003})),
    Case("disabled client and person", "L10", (SPA_OFF, READ, ANNA_OFF), asks(), frozenset({7000112, 50057})),
    Case("disabled person and parameters", "L10", (ANNA_OFF, READ), asks(""), frozenset({50057, 28003})),
    Case(
        "disabled person and assignment", "L10", (ANNA_OFF, READ, REQUIRED), asks(), frozenset({50057, 50105})
    ),
    Case("unknown person and parameters", "L10", (READ,), asks("", user="carl"), frozenset({50034, 28003})),
    Case(
        "unknown person and resource", "L10", (), asks(user="carl", api="nothing"), frozenset({50034, 500011})
    ),
    Case(
        "unknown person and disabled resource", "L10", (OFF,), asks(user="carl"), frozenset({50034, 500014})
    ),
    Case("disabled resource and consent", "L10", (OFF,), asks(), frozenset({500014, 65001})),
    Case("disabled resource and unknown scope", "L10", (OFF,), asks("reed"), frozenset({500014, 650053})),
    Case("parameters before a disabled resource", "L3.1", (OFF, READ), asks(""), Refused(28003)),
    Case(
        "no service principal and unknown resource",
        "L10",
        (BARE,),
        itself("bare", "nothing"),
        frozenset({7000229, 500011}),
    ),
    Case(
        "no service principal and disabled resource",
        "L10",
        (BARE, OFF),
        itself("bare"),
        frozenset({7000229, 500014}),
    ),
    Case(
        "something open and a refusal",
        "L10",
        (CLOSED, consent("spa", "api", "off")),
        asks("off"),
        frozenset(),
    ),
    Case(
        "codes that are open, and more",
        "L10",
        (application("api", optionalClaims=EMITTED),),
        asks(".default"),
        frozenset(),
    ),
    Case("a certain refusal beside codes that are open", "L10", (CLOSED,), asks(".default"), frozenset()),
]
ITSELF = [
    Case("an application gets a token without roles", "L2.7", (), itself(), gets()),
    Case("an application role is a role", "L3.7", (ROBOT,), itself(), gets("Robot")),
    Case("consents are no matter to it", "L3.7", (consent("daemon", "api", "read"),), itself(), gets()),
    Case(
        "it holds no role through a group",
        "L4.5",
        (assignment("outer", "api", "6", "Group"),),
        itself(),
        gets(),
    ),
    Case("a disabled role stays in its tokens", "L4.6", (assignment(ME, "api", "4"),), itself(), gets("Old")),
    Case("a role without value adds nothing to it", "L4.6", (assignment(ME, "api", "3"),), itself(), gets()),
    Case("a role that is gone adds nothing to it", "L4.6", (assignment(ME, "api", "9"),), itself(), gets()),
    Case(
        "a role of the wrong kind is open",
        "L4.6",
        (assignment(ME, "api", "5"),),
        itself(),
        gets(maybe="Person"),
    ),
    Case("a role of another application is not its own", "L3.7", (ROBOT,), itself("spa"), gets()),
    Case("required assignment refuses it", "L2.7", (REQUIRED,), itself(), Refused(501051)),
    Case("a role lets it in", "L2.7", (REQUIRED, ROBOT), itself(), gets("Robot")),
    Case(
        "default access lets it in",
        "L2.7",
        (REQUIRED, assignment(ME, "api", DEFAULT_ACCESS)),
        itself(),
        gets(),
    ),
    Case("a role that is gone: open", "G14", (REQUIRED, assignment(ME, "api", "9")), itself(), Unknown),
    Case(
        "a group does not",
        "MicrosoftDocs/azure-docs#99000",
        (REQUIRED, assignment("outer", "api", "6", "Group")),
        itself(),
        Refused(501051),
    ),
    Case(
        "its own need of assignment does not bind it",
        "L2.7",
        (principal("daemon", required=True),),
        itself(),
        gets(),
    ),
    Case("it needs no role on itself", "L3.7", (), itself("api"), gets()),
    Case("where it requires assignment that is open", "L3.7", (REQUIRED,), itself("api"), Unknown),
    Case(
        "a role on itself is a role",
        "L3.7",
        (REQUIRED, assignment(sp("api"), "api", "1")),
        itself("api"),
        gets("Reader"),
    ),
    Case("it needs a service principal", "L3.7", (BARE,), itself("bare"), Refused(7000229)),
    Case("a registration elsewhere will do", "L3.7", (principal("guest"),), itself("guest"), gets()),
    Case("an unknown application is refused", "L3.1", (), itself("nobody"), Refused(700016)),
    Case(
        "a disabled application is refused",
        "L5.2",
        (principal("daemon", enabled=False),),
        itself(),
        Refused(7000112),
    ),
    Case("an unknown resource is refused", "L3.7", (), itself(api="nothing"), Refused(500011)),
    Case(
        "a disabled resource is refused",
        "Cloud-Architekt/AzureAD-Attack-Defense#43",
        (OFF,),
        itself(),
        Refused(500014),
    ),
    Case("version 2 carries the appId", "L4.2", (), itself(api="api://api"), gets()),
    Case(
        "version 1 carries the name",
        "L4.2",
        (FIRST,),
        itself(api="api://api"),
        gets(version=1, audience="api://api"),
    ),
    Case(
        "version 1 keeps a slash",
        "L3.7",
        (FIRST,),
        itself(api="api://api/"),
        gets(version=1, audience="api://api/"),
    ),
    Case("no version is version 1", "L4.2", (application("api", version=None),), itself(), gets(version=1)),
    Case("`use_guid` forces the appId", "L4.2, L4.7", (GUID,), itself(api="api://api"), gets(version=1)),
    Case(
        "of the claim `aud` only",
        "L4.7",
        (NO_GUID,),
        itself(api="api://api"),
        gets(version=1, audience="api://api"),
    ),
    Case(
        "the client's own version is no matter", "L4.2", (application("daemon", version=1),), itself(), gets()
    ),
]
CASES = [*PEOPLE, *ORDER, *ITSELF]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.fact}: {case.holds}") for case in CASES])
def test_rule(case: Case) -> None:
    """The evaluator answers each example of the notes as they say, and says where they do not."""
    found = response(tenant(*BASE, *case.pieces), case.question)
    if isinstance(case.response, frozenset):
        assert isinstance(found, Unknown)
        assert (found.refused, found.codes) == (True, case.response)
    elif isinstance(case.response, type):
        assert isinstance(found, Unknown)
        assert not found.refused
    else:
        assert found == case.response


def test_independence() -> None:
    """The evaluator is a reading of its own: it imports neither the engine nor the emulator, nothing but
    the standard library.
    """
    tree = ast.parse(Path(rules.__file__).read_text(encoding="utf-8"))
    named = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    named |= {name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names}
    assert named
    assert {str(name).partition(".")[0] for name in named} <= sys.stdlib_module_names
