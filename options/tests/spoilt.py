"""The cookies of a session in, the same with something done to them that only who sealed them may, out."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from options.tests.browsing import ISSUED, SESSIONS, browser, leave
from options.tests.estate import Estate
from options.tests.places import WRITER, Place
from options.tests.wire import Headers


def cookies(estate: Estate, place: Place, how: str, pairs: list[tuple[str, str]]) -> Headers:
    """Return the session's cookies with something done to them."""
    session = [(name, value) for name, value in pairs if name.startswith(SESSIONS)]
    rest = [each for each in pairs if each not in session]
    match how:
        case "changed":
            name, value = session[0]
            at = len(value) // 2
            session[0] = (name, value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :])
        case "cut":
            session = [(name, value[: len(value) // 2]) for name, value in session]
        case "swapped":
            values = [value for _, value in session]
            turned = [*values[1:], values[0]] if len(values) > 1 else [values[0][::-1]]
            session = [(name, value) for (name, _), value in zip(session, turned, strict=True)]
        case "chosen":
            session = [(name, "chosen") for name, _ in session]
        case "elsewhere" | "page":
            key = {"B": "C", "C": "E page", "E": "C"}[place.key[0]] if how == "elsewhere" else _page(place)
            theirs = dict(estate.at_home(estate.places[key], WRITER))["Cookie"].split("; ")
            values = [each.partition("=")[2] for each in theirs]
            session = [each.partition("=")[::2] for each in theirs]
            session += [(name, value) for name in _names(place) for value in values[:1]]
            rest = []
        case "purpose":
            other = _begun(place)
            session, rest = [(name, other) for name in _names(place)], []
        case "doubled":
            chosen = "; ".join(f"{name}=chosen" for name, _ in session)
            return [("Cookie", f"{chosen}; {_joined([*rest, *session])}")]
    return [("Cookie", _joined([*rest, *session]))]


def _begun(place: Place) -> str:
    """Return what a place sealed for a sign-in that began."""
    at = browser(place)
    address = leave(at)
    if place.key.startswith("B"):
        return parse_qs(urlsplit(address).query)["state"][0]
    (found,) = [
        each.value for each in at.client.cookies.jar if each.name.startswith(("__Host-si", "__Host-st"))
    ]
    return str(found)


def _page(place: Place) -> str:
    return {"B": "B page", "D": "C", "E": "E page"}[place.key[0]]


def _names(place: Place) -> tuple[str, ...]:
    return ("AWSELBAuthSessionCookie-0",) if place.key.startswith("B") else (ISSUED, f"{ISSUED}_0")


def _joined(pairs: list[tuple[str, str]]) -> str:
    return "; ".join(f"{name}={value}" for name, value in pairs)
