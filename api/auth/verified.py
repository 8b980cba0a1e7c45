"""`VerifiedTokens`: tokens that were verified once in, their users out, while both key and token live."""

from collections import OrderedDict
from hashlib import sha256
from typing import NamedTuple, NewType

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from api.auth.keys import KeyStore
from api.auth.user import CurrentUser

TokenHash = NewType("TokenHash", bytes)


class _Entry(NamedTuple):
    user: CurrentUser
    kid: str
    key: RSAPublicKey


class VerifiedTokens:
    """The most recently used users by the hash of their token; no token is kept."""

    def __init__(self, keys: KeyStore, size: int) -> None:
        """Hold at most `size` users."""
        self._keys = keys
        self._size = size
        self._entries: OrderedDict[TokenHash, _Entry] = OrderedDict()

    def __len__(self) -> int:
        """Count the users held."""
        return len(self._entries)

    def get(self, token_hash: TokenHash, now: float) -> CurrentUser | None:
        """Return the token's user if the token lives and its key is still published."""
        entry = self._entries.get(token_hash)
        if entry is None:
            return None
        if now < entry.user.expires_at and self._keys.get(entry.kid) is entry.key:
            self._entries.move_to_end(token_hash)
            return entry.user
        del self._entries[token_hash]
        return None

    def put(self, token_hash: TokenHash, user: CurrentUser, kid: str, key: RSAPublicKey) -> None:
        """Remember the user, and forget the least recently used one if full."""
        self._entries[token_hash] = _Entry(user, kid, key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)


def hash_token(token: str) -> TokenHash:
    """Return the hash that stands for a token in memory."""
    return TokenHash(sha256(token.encode("utf-8", "surrogatepass")).digest())
