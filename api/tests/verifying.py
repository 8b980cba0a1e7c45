"""A verifier of tokens, with its key server and its clock."""

from api.auth import claims
from api.auth.keys import KeyStore
from api.auth.tokens import TokenVerifier
from api.auth.verified import VerifiedTokens
from api.settings import EntraSettings
from api.tests.conftest import V2
from api.tests.issuer import TENANT, Clock, KeyServer

RULES = claims.Rules.of(EntraSettings(**V2))


async def new_verifier(size: int) -> tuple[TokenVerifier, KeyServer, Clock]:
    """Make a verifier that remembers so many tokens, with the keys of its issuer read."""
    server, clock = KeyServer(), Clock()
    keys = KeyStore(server.fetch, tenant_id=TENANT, monotonic=clock)
    await keys.refresh()
    return TokenVerifier(RULES, keys, VerifiedTokens(keys, size), clock), server, clock
