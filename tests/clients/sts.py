"""A stand-in for AWS STS: signs tokens for one role as GetWebIdentityToken does, and refuses what the stack's
policy refuses.

Its requests and answers are botocore's model of the query protocol (2011-06-15); claims and issuer are AWS'
documentation's on outbound identity federation. The knobs make it sign what a wrong role, policy or clock
would.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ISSUER = "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws"
ROLE = "arn:aws:iam::123456789012:role/entra-config"
AUDIENCE = "api://AzureADTokenExchange"
REGION = "eu-central-1"
_RESPONSE = (
    '<GetWebIdentityTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetWebIdentityTokenResult>'
    "<WebIdentityToken>{token}</WebIdentityToken><Expiration>2026-11-26T12:05:00Z</Expiration>"
    "</GetWebIdentityTokenResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetWebIdentityTokenResponse>"
)
_ERROR = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code>'
    "<Message>{message}</Message></Error><RequestId>0</RequestId></ErrorResponse>"
)


@dataclass
class Sts:
    """One account with outbound federation, one role, and what it signs instead where a test turns a knob."""

    url: str = ""
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    other_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP384R1())
    )
    role: str = ROLE
    roles: dict[str, str] = field(default_factory=dict)  # by the id of an access key, where there are several
    audience: str = ""
    algorithm: str = ""
    age: int = 0
    refuses: str = ""
    requested: list[dict[str, list[str]]] = field(default_factory=list)

    def jwks(self) -> dict[str, Any]:
        """Return its public key as a set."""
        numbers = self.key.public_key().public_numbers()
        n = base64.urlsafe_b64encode(numbers.n.to_bytes(256, "big")).rstrip(b"=").decode()
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "RSA_0", "n": n, "e": "AQAB"}]}

    def response(self, form: dict[str, list[str]], authorization: str) -> tuple[int, str]:
        """Answer one request: a token, or AWS' refusal."""
        self.requested.append(form)
        if f"/{REGION}/sts/aws4_request" not in authorization:
            return 403, _ERROR.format(
                code="SignatureDoesNotMatch", message="Credential should be scoped to a valid region."
            )
        if self.refuses:
            return 403, _ERROR.format(code=self.refuses, message="Refused by the test.")
        audiences = [value for name, (value,) in form.items() if name.startswith("Audience.")]
        said = (form["Action"], audiences, form["SigningAlgorithm"], int(form["DurationSeconds"][0]) <= 300)
        if said != (["GetWebIdentityToken"], [AUDIENCE], ["RS256"], True):
            return 403, _ERROR.format(
                code="AccessDenied", message="No identity-based policy allows sts:GetWebIdentityToken."
            )
        key = authorization.partition("Credential=")[2].partition("/")[0]
        role = self.roles.get(key, self.role)
        return 200, _RESPONSE.format(token=self.token(int(form["DurationSeconds"][0]), role))

    def token(self, seconds: int, role: str) -> str:
        """Sign a token for a role."""
        now = int(time.time()) - self.age
        claims = {
            "iss": ISSUER,
            "aud": self.audience or AUDIENCE,
            "sub": role,
            "iat": now,
            "exp": now + seconds,
            "jti": "0",
        }
        more = {"https://sts.amazonaws.com/": {"aws_account": "123456789012", "source_region": REGION}}
        key, algorithm = (self.other_key, "ES384") if self.algorithm == "ES384" else (self.key, "RS256")
        return jwt.encode({**claims, **more}, key, algorithm, headers={"kid": "RSA_0"})


@contextmanager
def running() -> Iterator[Sts]:
    """Serve a stand-in on loopback while the block runs."""
    sts = Sts()

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True
        """Answers each POST."""

        def do_POST(self) -> None:
            """Answer one."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, text = sts.response(parse_qs(body), self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sts.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield sts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
