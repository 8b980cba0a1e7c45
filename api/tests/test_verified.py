"""The cache of verified tokens: bounded, and never longer than token and key."""

import asyncio

import pytest

from api.auth.failures import TokenRefusedError
from api.auth.signature import MAX_TOKEN_CHARACTERS
from api.auth.verified import hash_token
from api.tests.issuer import jwk, kid_of, sign, user_claims
from api.tests.verifying import new_verifier


def test_a_known_token_gives_the_same_user_without_verifying() -> None:
    """The second use of a token is the first's result."""

    async def run() -> None:
        verifier, _, clock = await new_verifier(4)
        token = sign(user_claims())
        user = await verifier.verify(token)
        assert await verifier.verify(token) is user
        assert verifier.verified.get(hash_token(token), clock()) is user
        assert verifier.verified.get(hash_token(token + "a"), clock()) is None

    asyncio.run(run())


def test_a_token_may_be_as_long_as_the_limit_and_no_longer() -> None:
    """What is longer is not even looked at."""

    async def run(length: int) -> str:
        verifier, _, _ = await new_verifier(4)
        with pytest.raises(TokenRefusedError) as refused:
            await verifier.verify("x" * length)
        return str(refused.value.reason.value)

    assert [asyncio.run(run(MAX_TOKEN_CHARACTERS + more)) for more in (0, 1)] == ["malformed", "too_large"]


def test_the_cache_is_bounded_and_forgets_the_least_used() -> None:
    """The oldest use goes first, and a flood of good tokens does not grow the memory."""

    async def run() -> None:
        verifier, _, clock = await new_verifier(3)
        tokens = [sign(user_claims(uti=str(number))) for number in range(4)]
        for token in (*tokens[:3], tokens[0], tokens[3]):
            await verifier.verify(token)
        known = [verifier.verified.get(hash_token(token), clock()) is not None for token in tokens]
        assert (known, len(verifier.verified)) == ([True, False, True, True], 3)

    asyncio.run(run())


def test_a_cache_of_nothing_verifies_each_time() -> None:
    """A size of zero switches the cache off."""

    async def run() -> None:
        verifier, _, _ = await new_verifier(0)
        token = sign(user_claims())
        assert await verifier.verify(token) is not await verifier.verify(token)
        assert len(verifier.verified) == 0

    asyncio.run(run())


def test_no_entry_outlives_its_token_or_key() -> None:
    """Expiry and a removed key take the entry out of memory when it is next asked for."""

    async def run() -> None:
        verifier, server, clock = await new_verifier(4)
        by_one, by_two = sign(user_claims(), "one"), sign(user_claims(), "two")
        await verifier.verify(by_one)
        expires_at = (await verifier.verify(by_two)).expires_at
        server.keys = [jwk("two")]
        await verifier.keys.refresh()
        assert verifier.verified.get(hash_token(by_one), clock()) is None
        assert verifier.verified.get(hash_token(by_two), expires_at - 1) is not None
        assert verifier.verified.get(hash_token(by_two), expires_at) is None
        assert len(verifier.verified) == 0

    asyncio.run(run())


def test_no_token_is_kept() -> None:
    """The memory holds hashes, so a dump of it gives no token away."""

    async def run() -> None:
        verifier, _, _ = await new_verifier(4)
        token = sign(user_claims())
        await verifier.verify(token)
        assert token.rpartition(".")[2] not in repr(vars(verifier.verified))
        assert kid_of("one") in repr(vars(verifier.verified))

    asyncio.run(run())
