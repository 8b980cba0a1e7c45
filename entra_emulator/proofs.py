"""An application and how it proves itself in; the form fields that prove it, with what the directory has
to know, out.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from entra_emulator import seed
from entra_emulator.directory import Tenants
from entra_emulator.identifiers import secret_digest
from entra_emulator.login.credentials import JWT_BEARER
from entra_emulator.login.issuers import Issuers
from entra_emulator.login.keys import SigningKey, kid_of

AUDIENCE = "api://AzureADTokenExchange"
LIVES = dt.timedelta(minutes=5)
Form = Mapping[str, str]


@dataclass
class ClientProofs:
    """Makes what clients prove themselves by: nothing is looked for outside of this process.

    `issuers` answer for every workload that was made here. A secret or a private key is put into the
    directory as if its owner had made it; a certificate keeps its dates.
    """

    directory: Tenants
    issuers: Issuers = field(default_factory=Issuers)
    _held: dict[tuple[str, str], str] = field(default_factory=dict)

    def secret(self, app_id: str, ends: dt.datetime | None = None) -> Form:
        """Give an application a secret, by default one that lasts, and return what it sends."""
        tenant, day = self.directory.default, ends.isoformat() if ends else ""
        text = self._held.get((app_id, day))
        application = tenant.application_by_app_id(app_id)
        if text is None and application is not None:
            text = self._held[app_id, day] = f"{self.directory.ids.secret()}{day}"
            seed.add_secret(tenant, application, text)
            if ends:
                self._end(app_id, text, ends)
        return {"client_secret": text or "no such application"}

    def _end(self, app_id: str, text: str, ends: dt.datetime) -> None:
        tenant = self.directory.default
        application = tenant.application_by_app_id(app_id)
        assert application is not None  # it has just got the secret
        rows = [
            {**row, "endDateTime": ends.strftime("%Y-%m-%dT%H:%M:%SZ")}
            if tenant.secrets.get(row["keyId"]) == secret_digest(text)
            else row
            for row in application["passwordCredentials"]
        ]
        tenant.applications.put({**application, "passwordCredentials": rows})

    def certificate(self, app_id: str, thumbprint: str) -> Form:
        """Sign as whoever has the private key of a certificate that the application lists, by its SHA-1 in
        hex.
        """
        tenant, key = self.directory.default, _key().private
        application = tenant.application_by_app_id(app_id)
        if application is None:
            return self._signed({"iss": app_id, "sub": app_id}, {"x5t": "none"})
        rows, header = [], {"x5t": "none"}
        for row in application["keyCredentials"]:
            made = self._held.get((app_id, str(row.get("keyId"))))
            der = base64.b64decode(str(row.get("key") or ""))
            if der and (made == thumbprint or _sha1(der) == thumbprint):
                self._held[app_id, str(row["keyId"])] = thumbprint
                der = der if made else _twin(x509.load_der_x509_certificate(der), key)
                header = {"x5t": kid_of(der)}
                rows.append({**row, "key": base64.b64encode(der).decode()})
            else:
                rows.append(row)
        tenant.applications.put({**application, "keyCredentials": rows})
        audience = f"https://login.microsoftonline.com/{tenant.tenant_id}/v2.0"
        return self._signed({"iss": app_id, "sub": app_id, "aud": audience}, header)

    def workload(
        self, issuer: str, subject: str, audience: str = AUDIENCE, more: Mapping[str, str] | None = None
    ) -> Form:
        """Sign as an issuer of workload identities, whose keys are made here; `more` is what else the
        token says.
        """
        key = _key()
        self.issuers.configured[issuer] = {"keys": [key.entry(issuer)]}
        return self._signed(
            {**(more or {}), "iss": issuer, "sub": subject, "aud": audience}, {"kid": key.kid}
        )

    def _signed(self, claims: dict[str, Any], header: dict[str, str]) -> Form:
        now = self.directory.clock.now()
        times = {
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + LIVES).timestamp()),
        }
        text = jwt.encode({**claims, **times}, _key().private, algorithm="RS256", headers=header)
        return {"client_assertion_type": JWT_BEARER, "client_assertion": text}


@cache
def _key() -> SigningKey:
    # Making RSA keys takes a while, and no claim depends on which they are.
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody else's key")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return SigningKey.of(private, _issued(name, private, start, start + dt.timedelta(days=36_500)))


def _twin(other: x509.Certificate, private: rsa.RSAPrivateKey) -> bytes:
    """Make a certificate of another key with the same subject and dates."""
    return _issued(other.subject, private, other.not_valid_before_utc, other.not_valid_after_utc)


def _issued(name: x509.Name, private: rsa.RSAPrivateKey, start: dt.datetime, end: dt.datetime) -> bytes:
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    dated = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    return dated.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _sha1(der: bytes) -> str:
    import hashlib

    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()
