"""A load balancer's word in `x-amzn-oidc-data` that somebody forges, out of a description."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm, HMACAlgorithm

from options.alb.stand_in.claims import Signer
from options.tests.tokens import Json, value

STRANGER = ec.generate_private_key(ec.SECP256R1())


def forge(ours: Signer, other: Signer, good: str, spec: Json) -> str:
    """Return the word: `by` says who signs it, `header` and `claims` what is changed before that."""
    header, claims = (_read(part) for part in good.split(".")[:2])
    by = other if spec["by"] == "other" else ours
    signer = header["signer"]
    header |= {"kid": by.kid, "signer": signer.replace("/myapp/", "/theirs/") if by is other else signer}
    header |= {name: _filled(given, ours) for name, given in spec.get("header", {}).items()}
    claims |= {name: value(given) for name, given in spec.get("claims", {}).items()}
    padded = spec.get("padded", True)
    signed = f"{_part(header, padded=padded)}.{_part(claims, padded=padded)}"
    word = f"{signed}.{_encoded(_signature(spec['by'], by, signed.encode()), padded=padded)}"
    return word.replace("=", "") if spec.get("stripped") else word


def _signature(who: str, by: Signer, signed: bytes) -> bytes:
    if who == "nobody":
        return b""
    if who == "hmac":
        return HMACAlgorithm(HMACAlgorithm.SHA256).sign(signed, by.pem().encode())
    key = STRANGER if who == "stranger" else by._key
    return ECAlgorithm(ECAlgorithm.SHA256).sign(signed, key)


def _filled(given: Any, ours: Signer) -> Any:
    if isinstance(given, str):
        return given.replace("{kid}", ours.kid)
    return value(given)


def _read(part: str) -> Json:
    found: Json = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _part(what: Json, *, padded: bool) -> str:
    return _encoded(json.dumps(what).encode(), padded=padded)


def _encoded(raw: bytes, *, padded: bool) -> str:
    text = base64.urlsafe_b64encode(raw).decode()
    return text if padded else text.rstrip("=")
