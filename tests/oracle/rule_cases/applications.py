"""The cases of applications that sign in as themselves: their roles, and the audience of their tokens."""

from __future__ import annotations

from tests.oracle.rule_cases.base import BARE, OFF, REQUIRED, Case, gets, itself
from tests.oracle.rules import DEFAULT_ACCESS
from tests.oracle.shapes import application, assignment, consent, principal, sp
from tests.oracle.token_endpoint import Refused, Unknown

ME = sp("daemon")
ROBOT = assignment(ME, "api", "6", "ServicePrincipal")
FIRST = application("api", version=1)
GUID = application(
    "api", version=1, optionalClaims={"accessToken": [{"name": "aud", "additionalProperties": ["use_guid"]}]}
)
NO_GUID = application(
    "api", version=1, optionalClaims={"accessToken": [{"name": "upn", "additionalProperties": ["use_guid"]}]}
)
CASES = [
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
