"""The cases of refusals: what is missing or disabled, and which of several refusals comes first."""

from __future__ import annotations

from tests.oracle.rule_cases.base import BARE, CLOSED, EMITTED, OFF, READ, REQUIRED, Case, asks, itself
from tests.oracle.shapes import application, consent, person, principal
from tests.oracle.token_endpoint import Refused, Unknown

SPA_OFF = principal("spa", enabled=False)
ANNA_OFF = person("anna", enabled=False)
CASES = [
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
