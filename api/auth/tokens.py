"""`TokenVerifier`: an access token in, its `CurrentUser` or a refusal out."""

from collections.abc import Callable
from dataclasses import dataclass

from api.auth import claims, signature
from api.auth.failures import Reason, TokenRefusedError
from api.auth.keys import KeyStore
from api.auth.user import CurrentUser
from api.auth.verified import VerifiedTokens, hash_token


@dataclass(frozen=True)
class TokenVerifier:
    """Signature, then claims; a second use of a token costs one hash."""

    rules: claims.Rules
    keys: KeyStore
    verified: VerifiedTokens
    now: Callable[[], float]

    async def verify(self, token: str) -> CurrentUser:
        """Return the user of a token that holds in every respect."""
        if len(token) > signature.MAX_TOKEN_CHARACTERS:
            raise TokenRefusedError(Reason.TOO_LARGE)
        token_hash = hash_token(token)
        user = self.verified.get(token_hash, self.now())
        if user is not None:
            return user
        kid = signature.kid_of(token)
        key = await self.keys.find(kid)
        proven = signature.verify(token, key, kid)
        try:
            user = claims.check(proven, self.rules, self.now())
        except TokenRefusedError as refusal:
            refusal.kid = kid
            raise
        self.verified.put(token_hash, user, kid, key)
        return user
