"""A good token of the tenant and a description in, the token that somebody forges of it out."""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import HMACAlgorithm

from entra_emulator.state.state_files import SECRETS_FILE

Json = dict[str, Any]
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ELSEWHERE = "22222222-2222-2222-2222-222222222222"


@dataclass(frozen=True)
class Tenant:
    """The tenant's own keys, as an attacker would love to have them: what claims and headers alone stop."""

    keys: tuple[tuple[str, rsa.RSAPrivateKey], ...]

    @classmethod
    def of(cls, state: Path) -> "Tenant":
        """Read the keys of the emulator whose state it is."""
        ring = json.loads(json.loads((state / SECRETS_FILE).read_text(encoding="utf-8"))["keys"])
        found = []
        for entry in ring["keys"]:
            key = load_pem_private_key(entry["key"].encode(), None)
            assert isinstance(key, rsa.RSAPrivateKey)
            found.append((_kid(entry["certificate"]), key))
        return cls(tuple(found[ring["current"] :] + found[: ring["current"]]))

    def forge(self, good: str, spec: Json) -> str:
        """Return the token: claims `set` or gone, the header changed before or `after` it was signed."""
        kid, key = self.keys[0]
        claims = read(good) | {name: value(given) for name, given in spec.get("set", {}).items()}
        claims = {name: given for name, given in claims.items() if name not in spec.get("drop", [])}
        header = {"typ": "JWT", "alg": "RS256", "kid": kid}
        header |= {name: self._filled(given) for name, given in spec.get("header", {}).items()}
        by = {"stranger": STRANGER, "next": self.keys[1][1]}.get(spec.get("by", ""), key)
        token = _signed(claims, _without_null(header), spec.get("sign", str(header.get("alg"))), by)
        if later := spec.get("after"):
            _, payload, signature = token.split(".")
            token = f"{part(_without_null(header | later))}.{payload}.{signature}"
        spoilt: Callable[[str], str] = _SPOILT[spec["spoilt"]] if "spoilt" in spec else str
        return spoilt(token)

    def _filled(self, given: Any) -> Any:
        if given == "{jwk}":
            return jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True)
        return self.keys[1][0] if given == "{next}" else given


def read(token: str) -> Json:
    """Return the claims of a token."""
    claims: Json = jwt.decode(token, options={"verify_signature": False})
    return claims


def value(given: Any) -> Any:
    """Fill in what data cannot say: times in seconds from now, long texts."""
    match given:
        case {"now": seconds}:
            return int(time.time()) + seconds
        case {"repeat": count}:
            return "a" * count
        case _:
            return given


def part(value: Any) -> str:
    """Write one part of a JWT."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed(claims: Json, header: Json, how: str, key: rsa.RSAPrivateKey) -> str:
    public = key.public_key()
    shared = {
        "HS256": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "HS256 DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "HS256 empty": b"",
    }
    message = f"{part(header)}.{part(claims)}"
    if how == "none":
        return f"{message}."
    if how in shared:
        return f"{message}.{part(HMACAlgorithm(HMACAlgorithm.SHA256).sign(message.encode(), shared[how]))}"
    private = ec.generate_private_key(ec.SECP256R1()) if how == "ES256" else key
    return f"{message}.{part(jwt.PyJWS().get_algorithm_by_name(how).sign(message.encode(), private))}"


def _changed(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{part(read(token) | {'roles': ['Admin', 'Writer']})}.{signature}"


_SPOILT: dict[str, Callable[[str], str]] = {
    "no signature": lambda token: token.rpartition(".")[0] + ".",
    "short": lambda token: token[:-2],
    "zeros": lambda token: f"{token.rpartition('.')[0]}.{part(bytes(256))}",
    "payload": _changed,
    "padded": lambda token: ".".join(each + "=" * (-len(each) % 4) for each in token.split(".")),
    "four parts": lambda token: f"{token}.YQ",
}


def _without_null(header: Json) -> Json:
    return {name: given for name, given in header.items() if given is not None}


def _kid(certificate: str) -> str:
    digest = hashlib.sha1(base64.b64decode(certificate), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
