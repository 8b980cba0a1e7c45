"""The role of AWS that this runs as in; tokens of Entra out, by a token that STS signs for the role: no
secret on either side.

AWS documentation, outbound identity federation: RS256 is what Entra verifies, STS signs at its regional
endpoints only, and `sub` is the ARN of the role, never that of the session.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entra_config import extras
from entra_config.errors import SignInError
from entra_config.graph import unreachable
from entra_config.graph.clouds import Cloud
from entra_config.graph.endpoint import Endpoint, is_loopback
from entra_config.graph.token import Token, identify, part

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

SECONDS = 300
ALGORITHM = "RS256"
# Each cloud has an audience of its own (Microsoft Learn, managed identity as a credential).
_AUDIENCES = {"usgov": "api://AzureADTokenExchangeUSGov", "china": "api://AzureADTokenExchangeChina"}
_POLICY = (
    "the role's policy allows `sts:GetWebIdentityToken` with `sts:IdentityTokenAudience` {audience}, "
    f"`sts:SigningAlgorithm` {ALGORITHM} and `sts:DurationSeconds` up to {SECONDS}"
)
_REFUSED = {
    "OutboundWebIdentityFederation": (
        "the account signs no such tokens yet: `aws iam enable-outbound-web-identity-federation`"
    ),
    "AccessDenied": _POLICY,
    "SessionDurationEscalation": (
        f"the session of the role ends in less than {SECONDS} seconds: sign in to AWS anew"
    ),
    "ExpiredToken": "the session of the role is over: sign in to AWS anew",
}


@dataclass(frozen=True, slots=True)
class RoleAssertion:
    """What STS signed, as far as people may know it."""

    issuer: str
    role: str
    audience: str
    algorithm: str

    @property
    def form(self) -> str:
        """Return the federated credential that takes it."""
        return f"aws: {{ issuer: {self.issuer}, role: {self.role} }}"


class AwsTokens:
    """Tokens by azure-identity, which asks for an assertion when it needs one and keeps what Entra gives
    for it.
    """

    def __init__(
        self,
        cloud: Cloud,
        tenant_id: str | None,
        environ: Mapping[str, str],
        now: Callable[[], float],
        emulator: Endpoint | None = None,
    ) -> None:
        """Take the client from AZURE_CLIENT_ID, the tenant from the manifest or AZURE_TENANT_ID, the role
        from boto3's chain.
        """
        self._cloud, self._tenant_id, self._environ, self._now, self._emulator = (
            cloud,
            tenant_id,
            environ,
            now,
            emulator,
        )
        self._credential: TokenCredential | None = None
        self._last: RoleAssertion | None = None

    async def token(self, *, claims: str | None = None) -> Token:
        """Return a token."""
        return await asyncio.to_thread(self._token, claims)

    def _token(self, claims: str | None) -> Token:
        from azure.core.exceptions import AzureError

        self._credential = self._credential or self._made()
        options: dict[str, Any] = {"claims": claims, "enable_cae": True} if claims else {}
        try:
            got = self._credential.get_token(self._cloud.scope, **options)
        except AzureError as error:
            refused = unreachable.sign_in_error("aws", self._cloud.authority, error)
            raise SignInError(f"{refused}{self._advice(str(error.message))}") from error
        except ValueError as error:
            raise SignInError(f"aws: {error}") from error
        return Token(got.token, got.expires_on, identify(got.token))

    def _made(self) -> TokenCredential:
        from azure.identity import ClientAssertionCredential

        client_id = self._environ.get("AZURE_CLIENT_ID", "")
        tenant_id = self._tenant_id or self._environ.get("AZURE_TENANT_ID", "")
        for name, value in (("AZURE_CLIENT_ID", client_id), ("AZURE_TENANT_ID", tenant_id)):
            if not value:
                raise SignInError(f"aws: {name} is not set: which application this role signs in as")
        options: dict[str, Any] = {"authority": self._cloud.authority}
        if self._emulator is not None:
            if not is_loopback(self._cloud.authority):
                raise SignInError(
                    f"{self._cloud.authority}: a token for Entra goes to no emulator but this machine's"
                )
            options |= {"disable_instance_discovery": True, "connection_verify": str(self._emulator.ca)}
        return ClientAssertionCredential(tenant_id, client_id, self._assertion, **options)

    def _assertion(self) -> str:
        text, self._last = assertion(self._cloud.name)
        return text

    def _advice(self, message: str) -> str:
        """Return what to change, by Entra's code and what the assertion said."""
        known, code = self._last, re.search(r"AADSTS(\d+)", message)
        if known is None or code is None:
            return ""
        client = self._environ.get("AZURE_CLIENT_ID")
        advice = {
            "70025": f"declare it as a federated credential of {client}, and apply: {known.form}",
            "700211": f"the account's issuer is {known.issuer}: write {known.form}",
            "700212": (
                f"the token is for {known.audience}: `audience` of the federated credential is that, or "
                "not written"
            ),
            "700213": (
                f"its token names the role {known.role}: write {known.form} (a session's ARN never matches)"
            ),
            "7002138": f"Entra compares letter by letter: write {known.form}",
            "700024": (
                "the token is over, or not valid yet: the clock of this machine, of AWS and of Entra "
                "differ by minutes"
            ),
            "700027": (
                f"Entra does not find the key of {known.issuer}, or it did not sign this: it reads RS256 "
                "keys alone"
            ),
            "5002738": (
                f"Entra verifies {ALGORITHM} alone, and STS signed {known.algorithm}: let it sign {ALGORITHM}"
            ),
            "90061": f"Entra must reach {known.issuer}, and cannot",
            "700016": (
                f"no application of the tenant has the client id {client}: AZURE_CLIENT_ID, or the "
                "manifest's tenant"
            ),
            "90002": "there is no such tenant: `tenantId` of the manifest, or AZURE_TENANT_ID",
        }.get(code[1], "")
        return f"\nTo mend it: {advice}." if advice else ""


def assertion(cloud: str) -> tuple[str, RoleAssertion]:
    """Return a token that STS signs for the role that this runs as, and what it says; SignInError tells
    what is in the way.
    """
    try:
        import boto3
        import botocore.exceptions
        import botocore.session
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise SignInError(f"aws: {extras.advice('boto3') or error}") from error
    audience = _AUDIENCES.get(cloud, "api://AzureADTokenExchange")
    session = botocore.session.get_session()
    # STS signs at regional endpoints only; an old setting of the account's must not lead to the global one.
    session.set_config_variable("sts_regional_endpoints", "regional")
    try:
        # boto3 reads AWS_DEFAULT_REGION alone, and what runs on AWS is told AWS_REGION.
        region = os.environ.get("AWS_REGION") or None
        client: Any = boto3.Session(botocore_session=session, region_name=region).client(
            "sts", config=Config(connect_timeout=10, read_timeout=30)
        )
        if not hasattr(client, "get_web_identity_token"):
            raise SignInError(
                "aws: this boto3 is older than outbound identity federation: pip install --upgrade boto3"
            )
        response = client.get_web_identity_token(
            Audience=[audience], SigningAlgorithm=ALGORITHM, DurationSeconds=SECONDS
        )
    except botocore.exceptions.NoRegionError as error:
        raise SignInError(
            "aws: no region is set (AWS_REGION): STS signs these tokens in a region, not globally"
        ) from error
    except botocore.exceptions.ClientError as error:
        raise SignInError(f"aws: STS refused to sign: {_refused(error.response, audience)}") from error
    except botocore.exceptions.EndpointConnectionError as error:
        raise SignInError(
            f"aws: {error}: a network without a way out needs an endpoint of its own for STS"
        ) from error
    except botocore.exceptions.BotoCoreError as error:
        raise SignInError(f"aws: {error}") from error
    text = str(response["WebIdentityToken"])
    return text, _read(text)


def _refused(response: Mapping[str, Any], audience: str) -> str:
    code = str(response.get("Error", {}).get("Code", ""))
    reported = str(response.get("Error", {}).get("Message", code))
    advice = next((advice for start, advice in _REFUSED.items() if code.startswith(start)), "")
    return f"{code}: {reported}" + (f"\nTo mend it: {advice.format(audience=audience)}." if advice else "")


def _read(text: str) -> RoleAssertion:
    claims, algorithm = part(text, 1), str(part(text, 0).get("alg", ""))
    issuer, role, audience = (str(claims.get(name, "")) for name in ("iss", "sub", "aud"))
    return RoleAssertion(issuer, role, audience, algorithm)
