"""The role of AWS that this runs as in; the token by which the client proves itself to Entra out: no secret.

STS signs it for one audience and five minutes, by RS256, at the endpoint of the region (AWS documentation,
outbound identity federation).
"""

import os
from typing import Any

SECONDS = 300
ALGORITHM = "RS256"


class NotSignedError(Exception):
    """STS signed nothing; the message says why, and holds no token."""


def sign(audience: str) -> str:
    """Return a token of STS for the role."""
    import boto3
    import botocore.exceptions
    import botocore.session
    from botocore.config import Config

    session = botocore.session.get_session()
    session.set_config_variable("sts_regional_endpoints", "regional")
    # boto3 reads AWS_DEFAULT_REGION alone, and a task is told AWS_REGION.
    region = os.environ.get("AWS_REGION") or None
    try:
        client: Any = boto3.Session(botocore_session=session, region_name=region).client(
            "sts", config=Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 2})
        )
        response = client.get_web_identity_token(
            Audience=[audience], SigningAlgorithm=ALGORITHM, DurationSeconds=SECONDS
        )
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        raise NotSignedError(f"STS signed no token: {error}") from error
    return str(response["WebIdentityToken"])
