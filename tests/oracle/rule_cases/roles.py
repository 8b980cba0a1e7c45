"""The cases of roles: whose value a token of a person carries, and whom required assignment lets in."""

from __future__ import annotations

from tests.oracle.rule_cases.base import AUTHORIZED, CLOSED, EMITTED, READ, REQUIRED, ROLES, Case, asks, gets
from tests.oracle.rules import DEFAULT_ACCESS
from tests.oracle.shapes import application, assignment, principal, role
from tests.oracle.token_endpoint import Refused, Unknown

OTHER = principal("other", roles=ROLES)
BOSS = principal("spa", roles=[role("1", "Boss")])
R = assignment("anna", "api", "1")
W = assignment("anna", "api", "2")
CASES = [
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
]
