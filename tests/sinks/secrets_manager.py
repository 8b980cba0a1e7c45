"""A small AWS Secrets Manager in this process: versions under labels, as boto3's client answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-AbCdEf"


@dataclass
class SecretsManager:
    """One secret."""

    versions: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str | None:
        """Return what a reader gets."""
        current = self.stages.get("AWSCURRENT")
        return self.versions[current] if current else None

    def put_secret_value(
        self,
        *,
        SecretId: str,
        ClientRequestToken: str,
        SecretString: str,
        VersionStages: list[str] | None = None,
    ) -> dict[str, Any]:
        """Make a version; the same one twice is once, and another under its token is refused."""
        before = self.versions.get(ClientRequestToken)
        if before not in {None, SecretString}:
            raise _error("ResourceExistsException", "A version with this token exists, with other contents.")
        first = not self.versions
        self.versions[ClientRequestToken] = SecretString
        if before is None:
            for stage in [*(VersionStages or ["AWSCURRENT"]), *(["AWSCURRENT"] if first else [])]:
                self.stages[stage] = ClientRequestToken
        return {"ARN": SecretId, "VersionId": ClientRequestToken}

    def get_secret_value(self, *, SecretId: str) -> dict[str, Any]:
        """Return the current version."""
        current = self.stages.get("AWSCURRENT")
        if current is None:
            raise _error(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            )
        return {"ARN": SecretId, "VersionId": current, "SecretString": self.versions[current]}


def _error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "SecretsManager")
