"""Claims in, signed tokens out, and back; with the published key set and its rotation."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

ALGORITHM = "RS256"
# Of a ring that comes from a file.
MOST_KEYS = 1000
CERTIFICATE_LIFETIME = dt.timedelta(days=5 * 365)

Now = Callable[[], dt.datetime]


class InvalidTokenError(Exception):
    """The token is not one of this ring's, or not valid now; the message says which."""


@dataclass(frozen=True)
class SigningKey:
    """One RSA key, PKCS#8 in PEM, with the self-signed certificate that names it, in DER."""

    pem: str
    certificate: bytes

    @classmethod
    def of(cls, private: "rsa.RSAPrivateKey", certificate: bytes) -> "SigningKey":
        """Put a key and its certificate together."""
        from cryptography.hazmat.primitives import serialization

        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cls(pem.decode(), certificate)

    @cached_property
    def private(self) -> "rsa.RSAPrivateKey":
        """Read the key; ValueError or TypeError where it is none of RSA."""
        # That takes 40 ms, and what loads for it more: a start waits for neither.
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = serialization.load_pem_private_key(self.pem.encode(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("the emulator's signing keys are RSA keys")
        return key

    @property
    def kid(self) -> str:
        """Name the key as Entra does."""
        return kid_of(self.certificate)

    def entry(self, issuer_template: str) -> dict[str, Any]:
        """Describe the public half; Entra's entries have `x5t` = `kid` and no `alg`."""
        numbers = self.private.public_key().public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": b64url(numbers.n.to_bytes(size, "big")),
            "e": "AQAB",
            "x5c": [base64.b64encode(self.certificate).decode()],
            "cloud_instance_name": "microsoftonline.com",
            "issuer": issuer_template,
        }


class KeyRing:
    """The keys: those retired but still published, the one that signs, and the next."""

    def __init__(self, keys: list[SigningKey], current: int, now: Now) -> None:
        """Hold `keys` in order of age, of which `current` signs."""
        self._keys, self._current, self._now = keys, current, now
        self._by_kid = {key.kid: key for key in keys}

    @classmethod
    def generate(cls, now: Now, bits: int = 2048) -> "KeyRing":
        """Make a signing key and its successor, which is published from the start."""
        return cls([_generate(now(), bits), _generate(now(), bits)], 0, now)

    def at(self, now: Now) -> "KeyRing":
        """Make a ring of the same keys under another clock."""
        return KeyRing(list(self._keys), self._current, now)

    @property
    def current(self) -> SigningKey:
        """Return the key that signs."""
        return self._keys[self._current]

    def rotate(self) -> SigningKey:
        """Sign with the key that has long been published, and publish the one after it."""
        # A verifier refetches an unknown kid only after a pause (PyJWT waits 30 s), so a key
        # must never sign before it was published.
        following = _generate(self._now())
        self._keys.append(following)
        self._by_kid[following.kid] = following
        self._current += 1
        return self.current

    def retire(self) -> None:
        """Publish no longer the keys that have signed in the past."""
        self._keys = self._keys[self._current :]
        self._current = 0
        self._by_kid = {key.kid: key for key in self._keys}

    def sound(self) -> bool:
        """Tell whether each key is strong enough and its certificate's, and one of them signs; ValueError or
        TypeError where one cannot be read.
        """
        from cryptography import x509

        return 0 <= self._current < len(self._keys) <= MOST_KEYS and all(
            key.private.key_size >= 2048
            and x509.load_der_x509_certificate(key.certificate).public_key() == key.private.public_key()
            for key in self._keys
        )

    def jwks(self, issuer_template: str) -> dict[str, Any]:
        """Return the published key set; its order has no meaning."""
        return {"keys": [key.entry(issuer_template) for key in self._keys]}

    def sign(self, claims: Mapping[str, Any], headers: Mapping[str, Any] | None = None) -> str:
        """Return a JWT of `claims` whose header ends in the key's id.

        A header `nonce` makes it a token that only this ring verifies: what is signed holds the
        nonce's hash, what is sent holds the nonce, as Graph's tokens do.
        """
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        # Header order as recorded: typ, (nonce,) alg, (x5t,) kid. PyJWT would put alg second.
        first = {"typ": "JWT", **_pick(headers, "nonce"), "alg": ALGORITHM}
        header = {**first, **_pick(headers, "x5t"), "kid": self.current.kid}
        body = _segment(claims)
        signed = f"{_segment(header | _hashed(header))}.{body}".encode()
        signature = self.current.private.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return f"{_segment(header)}.{body}.{b64url(signature)}"

    def verify(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that this ring signed and that is valid now.

        Raises InvalidTokenError with the reason. The audience is the caller's to judge.
        """
        import jwt

        header = _header(token)
        key = self._by_kid.get(str(header.get("kid")))
        if key is None:
            raise InvalidTokenError("Access token validation failure.")
        if "nonce" in header:
            token = _segment(header | _hashed(header)) + token[token.index(".") :]
        unchecked = jwt.types.Options(verify_aud=False, verify_exp=False, verify_nbf=False, verify_iat=False)
        try:
            claims: dict[str, Any] = jwt.decode(
                token, key.private.public_key(), algorithms=[ALGORITHM], options=unchecked
            )
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError("Access token validation failure.") from error
        # The time is the ring's, which a test may move; PyJWT knows the machine's only.
        now = self._now().timestamp()
        if not claims["nbf"] <= now < claims["exp"]:
            raise InvalidTokenError("Lifetime validation failed, the token is expired.")
        return claims

    def dump(self) -> str:
        """Return the ring as text for a private file."""
        keys = [
            {
                "key": key.pem,
                "certificate": base64.b64encode(key.certificate).decode(),
            }
            for key in self._keys
        ]
        return json.dumps({"current": self._current, "keys": keys})

    @classmethod
    def load(cls, text: str, now: Now) -> "KeyRing":
        """Read what `dump` wrote."""
        data = json.loads(text)
        keys = [SigningKey(entry["key"], base64.b64decode(entry["certificate"])) for entry in data["keys"]]
        return cls(keys, data["current"], now)


def kid_of(certificate: bytes) -> str:
    """Give the SHA-1 of a certificate in DER, 27 characters."""
    return b64url(hashlib.sha1(certificate, usedforsecurity=False).digest())


def b64url(data: bytes) -> str:
    """Encode as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _header(token: str) -> dict[str, Any]:
    import jwt

    try:
        return dict(jwt.get_unverified_header(token))
    except jwt.InvalidTokenError:
        return {}


def _pick(headers: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    return {name: headers[name]} if headers and name in headers else {}


def _hashed(header: Mapping[str, Any]) -> dict[str, str]:
    if "nonce" not in header:
        return {}
    return {"nonce": b64url(hashlib.sha256(str(header["nonce"]).encode()).digest())}


def _segment(header: Mapping[str, Any]) -> str:
    return b64url(json.dumps(header, separators=(",", ":")).encode())


def _generate(now: dt.datetime, bits: int = 2048) -> SigningKey:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts.entra-emulator.localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + CERTIFICATE_LIFETIME)
        .sign(private, hashes.SHA256())
    )
    return SigningKey.of(private, certificate.public_bytes(serialization.Encoding.DER))
