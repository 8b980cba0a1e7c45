"""What files of access tests say: people and groups that the manifest cannot know, and what tokens must be
for whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from entra_config.errors import Position
from entra_config.manifest.parts import EmptyEntry

Flow = Literal["code", "deviceCode", "clientCredentials", "onBehalfOf"]
Scalar = str | int | float | bool | None
Kind = Literal["token", "idToken"]
# These are texts that hold several words, or lists in which order means nothing.
SETS = ("roles", "scp", "groups")


@dataclass(frozen=True, slots=True)
class PlacedString:
    """A text and where it stands."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Group:
    """A group that the file adds, or a person's place in groups; `member_of` are groups by display name."""

    name: str
    member_of: tuple[PlacedString, ...] = ()


@dataclass(frozen=True, slots=True)
class SignInUser:
    """Somebody who signs in, by UPN; one that a test makes for itself has none."""

    name: str
    member_of: tuple[PlacedString, ...] = ()
    guest: bool = False
    enabled: bool = True
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """The client proves itself by a secret; it has ended by `ends`, where that is said."""

    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class CertificateProof:
    """The client proves itself by the private key of a certificate, by its label in the manifest."""

    label: PlacedString


@dataclass(frozen=True, slots=True)
class Workload:
    """The client proves itself by the token of another issuer, which may say more than whose it is."""

    issuer: str
    subject: str
    audience: str
    claims: Mapping[str, str] = field(default_factory=dict)


Proof = Secret | CertificateProof | Workload


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """What a client asks for, as `API/SCOPE` or an OpenID scope, and how it proves itself."""

    client: PlacedString
    scopes: tuple[PlacedString, ...]
    proof: Proof | None = None
    redirect_uri: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedClaim:
    """What one claim must be: `value` is a scalar, or a tuple that is compared as a set."""

    name: str
    rule: Literal["is", "contains", "absent"]
    value: Scalar | tuple[Scalar, ...] = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ExpectedOutcome:
    """What must come of it: a refusal by its number, or a token with these claims, and an id_token with
    those.
    """

    refused: int | None = None
    tokens: Mapping[Kind, tuple[ExpectedClaim, ...]] = field(default_factory=dict)
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class AccessTest:
    """One claim about access. `handed` is the request whose token an API was called with, on behalf of whose
    user it asks.

    `roles` head the columns of a grid: each has to be a role of the API, or what the grid says of it means
    nothing.
    """

    name: str
    position: Position
    request: SignInRequest
    expected: ExpectedOutcome
    flow: Flow
    person: SignInUser | None = None
    handed: SignInRequest | None = None
    only: tuple[str, ...] = ()
    at: datetime | None = None
    roles: tuple[PlacedString, ...] = ()

    def runs_in(self, environment: str) -> bool:
        """Tell whether the test is for an environment."""
        return not self.only or environment in self.only


@dataclass(frozen=True, slots=True)
class Suite:
    """One file: its people and groups are in the world of its own tests alone. `empty_lists` are its tests
    with `each` that make nothing.
    """

    file: str
    people: Mapping[str, SignInUser]
    groups: Mapping[str, Group]
    tests: tuple[AccessTest, ...]
    empty_lists: tuple[EmptyEntry, ...] = ()
