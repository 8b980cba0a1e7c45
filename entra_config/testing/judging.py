"""What a test expects and what the token endpoint answered in; each claim that is not as expected, with
why and where, out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.errors import Position
from entra_config.testing import places
from entra_config.testing.model import SETS, AccessTest, ExpectedClaim, Scalar
from entra_config.testing.results import Failure
from entra_config.testing.world import World
from entra_emulator.api import IssuedToken, SignInRefused, SignInResult

NOTHING = "nothing"
_ASSIGNMENT, _CONSENT, _NO_SCOPE = 50105, 65001, 650053


def judge(
    world: World, test: AccessTest, result: SignInResult, requested: tuple[str, str]
) -> tuple[Failure, ...]:
    """Return what is not as the test says; `requested` is the appId and the scopes of the request that was
    answered.
    """
    wanted = test.expected
    if isinstance(result, SignInRefused):
        expected = "a token" if wanted.refused is None else f"AADSTS{wanted.refused}"
        return () if result.code == wanted.refused else (_refused(world, test, expected, result, requested),)
    if wanted.refused is not None:
        return (_let_in(world, test, wanted.refused, result),)
    found: list[Failure] = []
    for kind, claims in wanted.tokens.items():
        token = result if kind == "token" else result.id_token
        assert token is not None  # a test that expects an id_token asks for one
        prefix = "" if kind == "token" else "idToken "
        for claim in claims:
            missed = _claim(world, test, token, claim, prefix)
            found += [missed] if missed else []
    return tuple(found)


def _let_in(world: World, test: AccessTest, code: int, result: IssuedToken) -> Failure:
    held = {name: values for name in ("roles", "scp") if (values := _values(world, result, name))}
    reported = (
        ", ".join(f"{name} {_list(values)}" for name, values in held.items()) or "no roles and no scopes"
    )
    why = tuple(result.reasons[name] for name in held)
    where = places.let_in(world, test, code, frozenset(str(each) for each in held.get("roles", ())))
    return Failure("refused", f"AADSTS{code}", f"a token with {reported}", why, where)


def _refused(
    world: World, test: AccessTest, expected: str, result: SignInRefused, requested: tuple[str, str]
) -> Failure:
    why, key = result.message, places.named_in(world, result.message)
    user = world.enter(test.person) if test.person else ""
    where = places.refused(world, test, result.code, key)
    # Entra's own sentence says that it is so, these say why.
    if result.code == _ASSIGNMENT and key and user:
        why = world.entry.unassigned(user, world.app_ids[key])
    elif result.code == _CONSENT and user:
        why, apis = world.entry.unconsented(user, *requested)
        where = places.of_client(world, requested[0], apis) or where
    if test.expected.refused == _NO_SCOPE:
        # What is refused otherwise is offered now.
        where = tuple(dict.fromkeys((*places.offering(world, test), *where)))
    return Failure("refused", expected, f"AADSTS{result.code}", (world.reported(why),), where)


def _claim(
    world: World, test: AccessTest, token: IssuedToken, claim: ExpectedClaim, prefix: str
) -> Failure | None:
    name = claim.name
    is_set = name in SETS or isinstance(token.claims.get(name), list)
    if claim.rule == "absent":
        if name not in token.claims:
            return None
        shown = _shown(world, token, name)
        if is_set:
            return Failure(
                prefix + name,
                NOTHING,
                shown,
                *_present(world, test, token, name, _values(world, token, name)),
            )
        return Failure(
            prefix + name, NOTHING, shown, (token.reasons[name],), places.of_claim(world, test, name)
        )
    if not is_set and not isinstance(claim.value, tuple):
        return _scalar(world, test, token, claim, prefix)
    wanted = claim.value if isinstance(claim.value, tuple) else (claim.value,)
    found = _values(world, token, name)
    missing = tuple(each for each in wanted if each not in found)
    surplus = tuple(each for each in found if each not in wanted) if claim.rule == "is" else ()
    if not missing and not surplus:
        return None
    lacking, where = _missing(world, test, token, name, missing)
    there, also = _present(world, test, token, name, surplus)
    sign = "at least " if claim.rule == "contains" else ""
    return Failure(
        prefix + name,
        sign + _list(wanted),
        _list(found),
        (*lacking, *there),
        tuple(dict.fromkeys((*where, *also))),
    )


def _scalar(
    world: World, test: AccessTest, token: IssuedToken, claim: ExpectedClaim, prefix: str
) -> Failure | None:
    name, wanted = claim.name, claim.value
    assert not isinstance(wanted, tuple)
    if name not in token.claims:
        return Failure(prefix + name, str(wanted), NOTHING, *_missing(world, test, token, name, ("",)))
    value = token.claims[name]
    if _same(wanted, value) or wanted == world.names.get(str(value)):
        return None
    where = places.of_claim(world, test, name)
    return Failure(prefix + name, str(wanted), _shown(world, token, name), (token.reasons[name],), where)


def _missing(
    world: World, test: AccessTest, token: IssuedToken, name: str, values: Iterable[Scalar]
) -> tuple[tuple[str, ...], tuple[Position, ...]]:
    why = [world.entry.lacking(token, name, str(value)) for value in values]
    where = [place for value in values for place in places.lacking(world, test, name, str(value))]
    return tuple(dict.fromkeys(map(world.reported, why))), tuple(dict.fromkeys(where))


def _present(
    world: World, test: AccessTest, token: IssuedToken, name: str, values: Iterable[Scalar]
) -> tuple[tuple[str, ...], tuple[Position, ...]]:
    listed = [str(value) for value in values]
    if not listed:
        return (), ()
    # Roles and scopes are explained one by one.
    reason = token.reasons[name]
    parts = reason.removesuffix(".").split("; ") if name in ("roles", "scp") else []
    why = tuple(f"{part}." for part in parts if part.partition(": ")[0] in listed) or (reason,)
    where = [place for value in listed for place in places.present(world, test, name, value)]
    return why, tuple(dict.fromkeys(where))


def _values(world: World, token: IssuedToken, name: str) -> tuple[Scalar, ...]:
    value = token.claims.get(name)
    if value is None:
        return ()
    items = value.split() if name == "scp" else value if isinstance(value, list) else [value]
    return tuple(world.names.get(item, item) if isinstance(item, str) else item for item in items)


def _same(wanted: Scalar, value: Any) -> bool:
    # `ver: 2.0` is a number in YAML and a text in a token.
    return (type(wanted) is type(value) and wanted == value) or (
        isinstance(value, str) and str(wanted) == value
    )


def _shown(world: World, token: IssuedToken, name: str) -> str:
    value = token.claims[name]
    if name in SETS or isinstance(value, list):
        return _list(_values(world, token, name))
    known: Mapping[str, str] = world.names
    return f"{value} ({known[value]})" if isinstance(value, str) and value in known else str(value)


def _list(values: Iterable[Scalar]) -> str:
    return ", ".join(str(value) for value in values) or NOTHING
