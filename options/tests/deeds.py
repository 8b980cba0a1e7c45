"""Sign-ins that somebody else has a hand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from options.tests.browsing import ISSUED, browser, leave, plant, session_cookies
from options.tests.estate import Estate
from options.tests.oracle import Attempt
from options.tests.places import READER, WRITER, Place
from options.tests.wire import Response, cookie_domain

Deed = Callable[[Estate, Place, Attempt, str], None]


def _came(response: httpx.Response) -> Response:
    return Response(response.status_code, list(response.headers.multi_items()), response.text)


def _get(attempt: Attempt, at: Any, address: str) -> httpx.Response:
    response: httpx.Response = at.client.get(address, follow_redirects=False)
    attempt.responses.append(_came(response))
    return response


def _who(at: Any) -> str:
    account = at.session()["account"]
    return str(account["username"]) if account else ""


def _nobody(attempt: Attempt, at: Any) -> None:
    if who := _who(at):
        attempt.seen.append(f"a session of {who}")


def _changed(address: str, **changes: str | None) -> str:
    parts = urlsplit(address)
    query = {name: value for name, (value, *_) in parse_qs(parts.query).items()} | changes
    return parts._replace(
        query=urlencode({name: value for name, value in query.items() if value is not None})
    ).geturl()


def fixation(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Plant a value in the cookie before a sign-in: it is no session afterwards."""
    del estate, given
    victim, thief = browser(place), browser(place)
    names = (ISSUED, f"{ISSUED}_0", "AWSELBAuthSessionCookie-0")
    for at in (victim, thief):
        plant(at, place, dict.fromkeys(names, "chosen-by-mallory"))
    attempt.home = WRITER
    attempt.responses.append(_came(victim.sign_in(WRITER)))
    _nobody(attempt, thief)


def rotation(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Sign in twice: what a browser had before is not what it has then."""
    del estate, given
    victim = browser(place)
    victim.sign_in(WRITER)
    before = session_cookies(victim)
    attempt.home = WRITER
    if not place.key.startswith("C"):
        for name in before:
            victim.client.cookies.delete(name)  # Who has a session is not sent to sign in.
    attempt.responses.append(_came(victim.sign_in(WRITER)))
    if set(before.values()) & set(session_cookies(victim).values()):
        attempt.seen.append("the same cookie")
    if place.key.startswith("C"):  # With the others it was taken away, and a copy of it lives on.
        thief = browser(place)
        plant(thief, place, before)
        _nobody(attempt, thief)


def unasked(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Bring an answer of Entra's into a browser that asked for none."""
    del estate, given
    mallory, victim = browser(place), browser(place)
    address = mallory.at_entra(leave(mallory), READER)
    _get(attempt, victim, address)
    _nobody(attempt, victim)


def other(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Bring it into one that is just signing in (login CSRF)."""
    del estate, given
    mallory, victim = browser(place), browser(place)
    address = mallory.at_entra(leave(mallory), READER)
    leave(victim)
    _get(attempt, victim, address)
    _nobody(attempt, victim)


def _response(place: Place, **changes: str | None) -> tuple[Any, str]:
    victim = browser(place)
    return victim, _changed(victim.at_entra(leave(victim), WRITER), **changes)


def _refused_response(place: Place, attempt: Attempt, **changes: str | None) -> None:
    victim, address = _response(place, **changes)
    _get(attempt, victim, address)
    _nobody(attempt, victim)


def state(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Send a good code under a state that the attacker made."""
    del estate, given
    _refused_response(place, attempt, state="made-up")


def stateless(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Send a good code without a state."""
    del estate, given
    _refused_response(place, attempt, state=None)


def error(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Send an error in the place of a code, with a script in its words."""
    del estate, given
    _refused_response(
        place, attempt, code=None, error="access_denied", error_description="<script>alert(1)</script>"
    )
    if "<script>" in attempt.responses[0].body:
        attempt.seen.append("the words are a script")


def replay(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Send the answer of a sign-in that is over, with all cookies that it had before."""
    del estate, given
    victim, address = _response(place)
    thief = browser(place)
    for each in victim.client.cookies.jar:
        if "entra" not in each.name and each.domain == cookie_domain(place.origin):
            thief.client.cookies.set(each.name, each.value or "", domain=each.domain, path="/")
    victim.client.get(address, follow_redirects=False)
    _get(attempt, thief, address)
    _nobody(attempt, thief)


def injection(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Take somebody's code on its way, and use it in the attacker's own sign-in."""
    del estate, given
    _, stolen = _response(place)
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    thief = browser(place)
    _get(attempt, thief, _changed(thief.at_entra(leave(thief), READER), code=code))
    _nobody(attempt, thief)


def mixup(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Send a code that another issuer made: it is not asked what the code is worth."""
    del given
    trap = f"http://127.0.0.1:{estate.trap.port}"
    _refused_response(place, attempt, iss=f"{trap}/v2.0", code="of-another-issuer")


def copied(estate: Estate, place: Place, attempt: Attempt, given: str) -> None:
    """Use a copy of a cookie after its owner signed out."""
    del estate, given
    victim, thief = browser(place), browser(place)
    victim.sign_in(WRITER)
    plant(thief, place, session_cookies(victim, 0))
    response = victim.post("/auth/sign-out")
    assert response.status_code == 200, response.text
    left = response.json()["location"]
    if left.startswith(place.origin):
        victim.client.get(left, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    response = thief.get("/api/me", Accept="application/json")
    attempt.responses.append(_came(response))


def comes_back(estate: Estate, place: Place, attempt: Attempt, back: str) -> None:
    """Begin a sign-in by a link of the attacker's, and see where it ends."""
    del estate
    victim = _signed_in(place)
    attempt.home = WRITER
    address = f"{place.origin}/auth/sign-in?{urlencode({'return': back})}"
    for _ in range(5):
        response = victim.client.get(address, follow_redirects=False)
        if address.startswith(place.origin):
            attempt.responses.insert(0, _came(response))
        if "x" in response.cookies:
            attempt.seen.append("a header of their own")
        address = (
            str(response.url.join(response.headers.get("location", "/"))) if response.is_redirect else ""
        )
        if not address.startswith((f"{place.origin}/auth/", place.base.emulator)):
            break


def leaves_for(estate: Estate, place: Place, attempt: Attempt, where: str) -> None:
    """Tell a sign-out where to go."""
    del estate
    victim = browser(place)
    victim.sign_in(WRITER)
    query = urlencode({"return": where, "post_logout_redirect_uri": where, "logout": where})
    sent = {"return": where, "post_logout_redirect_uri": where}
    attempt.home = WRITER
    attempt.responses.append(_came(victim.post(f"/auth/sign-out?{query}", sent)))


_SIGNED_IN: dict[tuple[str, int], Any] = {}


def _signed_in(place: Place) -> Any:
    key = (place.key, place.door.port)
    if key not in _SIGNED_IN:
        _SIGNED_IN[key] = browser(place)
        _SIGNED_IN[key].sign_in(WRITER)
    return _SIGNED_IN[key]


DEEDS: dict[str, Deed] = {
    each.__name__: each
    for each in (
        fixation,
        rotation,
        unasked,
        state,
        stateless,
        other,
        replay,
        injection,
        mixup,
        error,
        copied,
        comes_back,
        leaves_for,
    )
}
