"""The claims of one token or of two in; the rows of the token lab, what the API decides by first, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.login.explain import Explained

DECIDES = ("roles", "scp", "groups", "wids", "aud", "azp", "appid", "acrs")
TIMES = {"iat", "nbf", "exp", "auth_time"}
# Every token has others of these: that they differ says nothing, and nobody reads them.
NOISE = {"uti", "aio", "rh", "sid", "xms_ftd", "nonce", "login_hint"}
_PROTOCOL = {
    "iss",
    "iat",
    "nbf",
    "exp",
    "ver",
    "tid",
    "azpacr",
    "appidacr",
    "acr",
    "amr",
    "auth_time",
    "ipaddr",
    "idp",
}
_ABSENT = "It is not in this token."


@dataclass
class ShownToken:
    """A token, or the refusal in its place."""

    text: str = ""
    claims: list[Explained] = field(default_factory=list)
    header: Mapping[str, Any] = field(default_factory=dict)
    refusal: str = ""
    code: int = 0

    @property
    def values(self) -> dict[str, Explained]:
        """Return the claims by name."""
        return {claim.name: claim for claim in self.claims}


@dataclass(frozen=True)
class ShownValue:
    """One token's value of a claim; `same` where it is the other's."""

    value: Any
    there: bool = True
    same: bool = False


@dataclass(frozen=True)
class ClaimRow:
    """One claim: its value in each token, and why it is there."""

    name: str
    cells: tuple[ShownValue, ...]
    why: str
    # The reason in the other token, where it is another one.
    more: str = ""
    differs: bool = False
    moves: bool = False


@dataclass(frozen=True)
class ClaimSections:
    """All rows: headings with theirs, and those that tell nobody anything."""

    parts: list[tuple[str, list[ClaimRow]]]
    folded: list[ClaimRow]

    @property
    def rows(self) -> list[ClaimRow]:
        """Return all rows."""
        return [*(row for _, rows in self.parts for row in rows), *self.folded]

    @property
    def differing(self) -> list[str]:
        """Return the names of the claims that differ."""
        return [row.name for row in self.rows if row.differs]

    @property
    def same(self) -> int:
        """Return how many claims are the same in both."""
        return sum(not row.differs and not row.moves for row in self.rows)

    @property
    def moving(self) -> int:
        """Return how many times of day there are, which are others in each token."""
        return sum(row.moves and row.name in TIMES for row in self.rows)


def sections(tokens: Sequence[ShownToken], recipient: str, main: int = 0) -> ClaimSections:
    """Return the claims of one token, or of two beside each other.

    The reasons are those of the `main` one; of the other stands *same*, or what differs.
    """
    values = [token.values for token in tokens]
    names = list(dict.fromkeys(name for token in (values[main], *values) for name in token))
    rows = [_row(name, [token.get(name) for token in values], main) for name in names]
    first = sorted((row for row in rows if row.name in DECIDES), key=lambda row: DECIDES.index(row.name))
    folded = [row for row in rows if row.name in NOISE]
    last = [row for row in rows if row.name in _PROTOCOL]
    who = [row for row in rows if row not in first and row not in last and row not in folded]
    parts = ((f"What {recipient} decides by", first), ("Who it is about", who), ("Protocol", last))
    return ClaimSections([(words, part) for words, part in parts if part], folded)


def _row(name: str, found: Sequence[Explained | None], main: int) -> ClaimRow:
    values = [(claim is not None, claim.value if claim else None) for claim in found]
    unlike = values[0] != values[-1]
    # The subject is another one for each person and application: it moves with them.
    moves = name in TIMES or name in NOISE or (name == "sub" and unlike)
    cells = [
        ShownValue(value, there, same=len(found) > 1 and number != main and not unlike)
        for number, (there, value) in enumerate(values)
    ]
    reasons = [claim.why if claim else _ABSENT for claim in found]
    return ClaimRow(
        name,
        tuple(cells),
        reasons[main],
        reasons[1 - main] if unlike and not moves and len(set(reasons)) > 1 else "",
        differs=unlike and not moves,
        moves=len(found) > 1 and moves,
    )
