"""The cases of consent: to scopes by name, by `.default`, at what is registered elsewhere."""

from __future__ import annotations

from dataclasses import replace

from tests.oracle.rule_cases.base import AUTHORIZED, READ, Case, asks, gets
from tests.oracle.shapes import application, consent, principal
from tests.oracle.token_endpoint import Refused, Unknown

NOT_LISTED = frozenset({65001, 65005, 650052, 650056, 650057})
LISTED = application("spa", lists={"api": ["a"]})
LISTED_MORE = application("spa", lists={"api": ["a"], "other": ["o"]})
AUTHORIZED_MORE = application("api", authorizes={"spa": ["a", "b"]})
WELCOME = application("api", authorizes={"guest": ["a"]})
GUEST = consent("guest", "api", "read")
GRAPH = consent("spa", "graph", "User.Read")
EXTERNAL = gets("", "User.Read", perhaps="Mail.Read", api="graph", version=None)
CASES = [
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
]
