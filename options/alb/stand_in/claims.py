"""Claims of a person in, `x-amzn-oidc-data` out: ES256, each part with its padding, the key by its id."""

import base64
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm
from starlette.requests import Request
from starlette.responses import Response

LIFE_SECONDS = 120


class Signer:
    """One load balancer's key of now."""

    def __init__(self, arn: str) -> None:
        """Draw a key for it."""
        self._arn = arn
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.kid = str(uuid.uuid4())

    def data(self, claims: dict[str, Any], *, issuer: str, client: str, now: float) -> str:
        """Return the header's value: the claims of userinfo, with an end and an issuer."""
        ends = int(now) + LIFE_SECONDS
        header = {
            "typ": "JWT",
            "kid": self.kid,
            "alg": "ES256",
            "iss": issuer,
            "client": client,
            "signer": self._arn,
            "exp": ends,
        }
        signed = f"{_part(header)}.{_part({**claims, 'exp': ends, 'iss': issuer})}"
        signature = ECAlgorithm(ECAlgorithm.SHA256).sign(signed.encode(), self._key)
        return f"{signed}.{base64.urlsafe_b64encode(signature).decode()}"

    def pem(self) -> str:
        """Return the public key as the regional endpoint serves it."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    async def serve(self, request: Request) -> Response:
        """Answer at `/{kid}`."""
        known = request.url.path == f"/{self.kid}"
        return Response(self.pem() if known else "", 200 if known else 404, media_type="text/plain")


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
