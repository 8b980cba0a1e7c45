"""A user and a cache of ElastiCache in; what Redis takes as a password, signed by the task's role, out.

AWS documentation, "Authenticating with IAM": a presigned GET of `connect`, service `elasticache`, for 900
seconds, without its scheme.
"""

import os
from typing import Any

SECONDS = 900


class IamProvider:
    """What redis-py asks at each new connection; a token is made anew each time."""

    def __init__(self, user: str, cache: str) -> None:
        """Take the user's id, which is its name too, and the cache's name."""
        self._user, self._cache = user, cache

    def get_credentials(self) -> tuple[str, str]:
        """Return the user and a token."""
        return self._user, token(self._user, self._cache)

    async def get_credentials_async(self) -> tuple[str, str]:
        """Return the user and a token."""
        import asyncio

        return await asyncio.to_thread(self.get_credentials)


def token(user: str, cache: str) -> str:
    """Return a token of the role that boto3 finds."""
    import boto3
    from botocore.model import ServiceId
    from botocore.signers import RequestSigner

    session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    region, credentials = session.region_name, session.get_credentials()
    signer = RequestSigner(ServiceId("elasticache"), region, "elasticache", "v4", credentials, session.events)
    request: dict[str, Any] = {
        "method": "GET",
        "url": f"https://{cache}/?Action=connect&User={user}",
        "body": {},
        "headers": {},
        "context": {},
    }
    signed = signer.generate_presigned_url(
        request, operation_name="connect", expires_in=SECONDS, region_name=region
    )
    return str(signed).removeprefix("https://")
