"""The description of a token as data in, the forged token out."""

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import HMACAlgorithm

from api.tests import issuer

_CLAIMS = {
    "user": issuer.user_claims,
    "app": issuer.app_claims,
    "v1": issuer.v1_claims,
    "id": issuer.id_claims,
}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def forge(spec: dict[str, Any]) -> str:
    """Make the token that a case describes."""
    if "raw" in spec:
        return str(spec["raw"])
    if depth := spec.get("nested_header"):
        return f"{_encode(b'[' * depth + b']' * depth)}.e30.YQ"
    key = spec.get("key", "one")
    changes = {name: value(given) for name, given in spec.get("header", {}).items()}
    header = {"typ": "JWT", "alg": "RS256", "kid": issuer.kid_of(key)} | changes
    token = _signed(
        _payload(spec), _without_null(header), spec.get("sign", "RS256"), key, fixed="alg" in changes
    )
    if later := spec.get("header_after"):
        _, payload, signature = token.split(".")
        token = f"{_encode(json.dumps(_without_null(header | later)).encode())}.{payload}.{signature}"
    after: Callable[[str], str] = _AFTER[spec["after"]] if "after" in spec else str
    return after(token)


def value(given: Any) -> Any:
    """Fill in what data cannot say: times, key names, keys, long texts."""
    match given:
        case {"now": seconds}:
            return issuer.NOW + seconds
        case {"of": name, "upper": True}:
            return issuer.kid_of(name).upper()
        case {"of": name}:
            return issuer.kid_of(name)
        case {"public": name}:
            return issuer.jwk(name)
        case {"repeat": count}:
            return "a" * count
        case _:
            return given


def _payload(spec: dict[str, Any]) -> bytes:
    if "payload" in spec:
        return str(spec["payload"]).replace("{digits}", "9" * 5000).encode()
    if spec.get("claims") == "list":
        return json.dumps([issuer.user_claims()]).encode()
    claims = _CLAIMS[spec.get("claims", "user")]()
    claims |= {name: value(given) for name, given in spec.get("set", {}).items()}
    return json.dumps(
        {name: given for name, given in claims.items() if name not in spec.get("drop", [])}
    ).encode()


def _signed(payload: bytes, header: dict[str, Any], how: str, key: str, *, fixed: bool) -> str:
    """Sign with one algorithm; the header names it too unless the case fixes `alg`."""
    public = issuer.rsa_key(key).public_key()
    secrets = {
        "hs256-pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "hs256-pkcs1": public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        "hs256-der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "hs256-n": public.public_numbers().n.to_bytes(256, "big"),
        "hs256-empty": b"",
    }
    name = "HS256" if how in secrets else how
    shown = header if fixed else header | {"alg": name}
    message = f"{_encode(json.dumps(shown).encode())}.{_encode(payload)}"
    if how == "none":
        signature = b""
    elif how in secrets:
        signature = HMACAlgorithm(HMACAlgorithm.SHA256).sign(message.encode(), secrets[how])
    else:
        algorithm = jwt.PyJWS().get_algorithm_by_name(how)
        private = ec.generate_private_key(ec.SECP256R1()) if how == "ES256" else issuer.rsa_key(key)
        signature = algorithm.sign(message.encode(), private)
    return f"{message}.{_encode(signature)}"


def _changed_payload(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{_encode(json.dumps(issuer.user_claims(roles=['Admin'])).encode())}.{signature}"


def _other_signature(token: str) -> str:
    other = issuer.sign(issuer.user_claims(roles=["Admin"]))
    return f"{token.rpartition('.')[0]}.{other.rpartition('.')[2]}"


def _respelled(token: str) -> str:
    # 256 bytes leave four unused bits in the last character: sixteen spellings decode alike.
    return token[:-1] + _ALPHABET[_ALPHABET.index(token[-1]) ^ 1]


def _padded(token: str) -> str:
    return ".".join(segment + "=" * (-len(segment) % 4) for segment in token.split("."))


_AFTER: dict[str, Callable[[str], str]] = {
    "no-signature": lambda token: token.rpartition(".")[0] + ".",
    "short-signature": lambda token: token[:-2],  # 340 characters: 255 bytes, spelled well
    "zero-signature": lambda token: f"{token.rpartition('.')[0]}.{_encode(bytes(256))}",
    "changed-payload": _changed_payload,
    "other-signature": _other_signature,
    "respelled": _respelled,
    "padded": _padded,
    "standard-alphabet": lambda token: f"{token.rpartition('.')[0]}.{'+/' * 171}",
    "percent": lambda token: token.replace(".", ".%0A", 1),
    "four-segments": lambda token: f"{token}.YQ",
}


def _without_null(header: dict[str, Any]) -> dict[str, Any]:
    return {name: given for name, given in header.items() if given is not None}


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
