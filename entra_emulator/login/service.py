"""What the sign-in half of the emulator holds: directory, keys, origin, and what was handed out."""

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.callers import TokenRejectedError, is_graph_audience
from entra_emulator.directory import Tenants
from entra_emulator.login import claims_request
from entra_emulator.login.claims import Entropy
from entra_emulator.login.claims_request import ClaimsRequest
from entra_emulator.login.errors import TraceIds
from entra_emulator.login.issuers import Issuers
from entra_emulator.login.keys import InvalidTokenError, KeyRing
from entra_emulator.login.parties import Party
from entra_emulator.login.seal import Seal
from entra_emulator.tenant import Tenant
from entra_emulator.traffic import Traffic

DEFAULT_ORIGIN = "https://localhost:8443"


@dataclass
class Device:
    """A device that waits for its user."""

    user_code: str
    client_id: str
    tenant_id: str
    scope: str
    expires: float
    grant: dict[str, Any] | None = None
    declined: bool = False


@dataclass
class SignIn:
    """The token service of one emulator."""

    directory: Tenants
    keys: KeyRing
    seal: Seal
    issuers: Issuers = field(default_factory=Issuers)
    origin: str = DEFAULT_ORIGIN
    entropy: Entropy = os.urandom
    # Codes live ten minutes and work once; used ones are remembered for that long.
    redeemed: dict[str, float] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    # The requests to sign in, beside those to Graph where both are served together.
    traffic: Traffic = field(default_factory=Traffic, repr=False)

    @classmethod
    def create(cls, directory: Tenants, **settings: Any) -> "SignIn":
        """Make a service with fresh keys."""
        return cls(directory, KeyRing.generate(directory.clock.now), Seal(os.urandom(32)), **settings)

    @classmethod
    def restore(cls, directory: Tenants, text: str, **settings: Any) -> "SignIn":
        """Make a service with the keys that `secrets` wrote."""
        data = json.loads(text)
        keys = KeyRing.load(data["keys"], directory.clock.now)
        return cls(directory, keys, Seal(bytes.fromhex(data["seal"])), **settings)

    def secrets(self) -> str:
        """Return the keys as text for a private file."""
        return json.dumps({"keys": self.keys.dump(), "seal": self.seal.key.hex()})

    def now(self) -> dt.datetime:
        """Return the emulator's time."""
        return self.directory.clock.now()

    def trace(self, correlation_id: str | None) -> TraceIds:
        """Make the ids of one refusal; trace ids end in 00, correlation ids echo the client's."""
        return TraceIds(self.now(), self._guid()[:-2] + "00", correlation_id or self._guid())

    def _guid(self) -> str:
        text = self.entropy(16).hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def guid(self) -> str:
        """Make a random GUID."""
        return self._guid()

    def verify_for_graph(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a Graph token that this emulator signed; TokenRejectedError for any other."""
        try:
            claims = self.keys.verify(token)
        except InvalidTokenError as error:
            raise TokenRejectedError(str(error)) from error
        if not is_graph_audience(str(claims["aud"])):
            raise TokenRejectedError("Access token validation failure. Invalid audience.")
        return claims


@dataclass(frozen=True)
class TokenRequest:
    """A request to the token endpoint whose tenant and client are known."""

    service: SignIn
    tenant: Tenant
    segment: str
    form: Mapping[str, str]
    client: Party
    own_origin: str
    browser_origin: str | None
    address: str

    def require(self, name: str) -> str:
        """Return a parameter; LoginError 900144 names a missing one."""
        from entra_emulator.login.errors import LoginError

        value = self.form.get(name)
        if not value:
            raise LoginError(900144, parameter=name)
        return value

    @property
    def claims(self) -> ClaimsRequest:
        """Return which claims this request asks for by name."""
        return claims_request.read(self.form.get("claims"))
