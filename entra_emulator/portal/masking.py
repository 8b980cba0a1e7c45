"""What a request or an answer holds in; the same with secrets, tokens, codes and states masked, out."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MASKED = "masked"
# Names of fields, of forms, addresses and JSON: without case.
_NAMES = """
access_token assertion authorization client_assertion client_info client_secret code code_challenge
code_verifier cookie currentpassword device_code flow id_token id_token_hint logout_hint newpassword nonce
password portal-token proof refresh_token saml_assertion secrettext session_state set-cookie state
subject_token token user_code x-identity-header
"""
SECRET = frozenset(_NAMES.split())
# A token, wherever it hides.
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)*")
# A shorter text could be a part of any word.
_TELLING = 6
_FORM = "application/x-www-form-urlencoded"


def text(value: str) -> str:
    """Mask tokens in a text."""
    return _TOKEN.sub(MASKED, value)


def value_of(value: Any, name: str = "") -> Any:
    """Mask a value of JSON with all that is in it."""
    if name.casefold() in SECRET and value not in (None, "", []):
        # An error's `code` is a word, not a code of sign-in.
        return value if _is_word(name, value) else MASKED
    if isinstance(value, dict):
        return {key: value_of(each, str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [value_of(each) for each in value]
    return text(value) if isinstance(value, str) else value


def pairs(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Mask the fields of a form or an address."""
    return [(name, str(value_of(value, name))) for name, value in items]


def query(raw: str) -> list[tuple[str, str]]:
    """Mask the parameters of an address."""
    return pairs(parse_qsl(raw, keep_blank_values=True))


def body(data: bytes, content_type: str) -> str:
    """Show a body: JSON and forms by their fields, and nothing of what cannot be read so."""
    if not data:
        return ""
    kind = content_type.partition(";")[0].strip().casefold()
    try:
        if kind == _FORM:
            return "\n".join(f"{name} = {value}" for name, value in query(data.decode()))
        if kind == "application/json" or not kind:
            found = json.loads(data)
            # Only what stands under a name can be told to be no secret.
            if isinstance(found, dict | list):
                shown = json.dumps(value_of(found), indent=2, ensure_ascii=False)
                # A device's code stands in the sentence for its user too.
                return _without(shown, _secrets(found))
        if kind == "text/plain" and len(data) < 20 and data.isdigit():
            return data.decode()
    except (ValueError, RecursionError):
        pass
    return f"{len(data):,} bytes of {kind or 'no type'}: not shown"


def _secrets(value: Any, name: str = "") -> set[str]:
    """Return the texts that stand under a name whose value nobody may see."""
    if isinstance(value, dict):
        return {each for key, inner in value.items() for each in _secrets(inner, str(key))}
    if isinstance(value, list):
        return {each for inner in value for each in _secrets(inner)}
    hidden = value_of(value, name) == MASKED and len(str(value)) >= _TELLING
    return {str(value)} if hidden else set()


def _without(shown: str, hidden: Iterable[str]) -> str:
    for each in sorted(hidden, key=len, reverse=True):
        shown = shown.replace(json.dumps(each, ensure_ascii=False)[1:-1], MASKED)
    return shown


def location(address: str) -> str:
    """Show where an answer leads: the place, and the parameters without what they are worth."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return MASKED
    place = f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else parts.path
    given = [*query(parts.query), *query(parts.fragment)]
    return "\n".join([text(place), *(f"  {name} = {value}" for name, value in given)])


def _is_word(name: str, value: Any) -> bool:
    """Tell an error's `code` from one that a client redeems: letters, digits and underscores, and short."""
    return (
        name.casefold() == "code" and isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z_]{3,60}", value))
    )
