"""AWS Secrets Manager: the id of the current version is the key id, so that nothing else needs to say what
is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_config.errors import SinkError
from entra_config.hidden import Hidden
from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.sinks import EMPTY, PLACEHOLDER, Content, Session, Sink

# A version under a label of its own: who reads the secret never sees it.
PROBE_STAGE, PROBE_TOKEN = "entra-config-probe", "entra-config-probe-0000000000000000"


@dataclass(frozen=True)
class AwsSink(Sink):
    """One secret of AWS Secrets Manager."""

    kind: str = field(default="aws", init=False)
    library = "boto3"
    record = Record(
        "a sink of kind aws",
        "AWS Secrets Manager (extra `aws`).",
        (
            row(
                "secret",
                "string",
                "The ARN of the secret, which exists.",
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-AbCdEf",
                # What stands in parentheses is the account.
                pattern=r"arn:aws(?:-cn|-us-gov)?:secretsmanager:[a-z0-9-]+:([0-9]{12}):secret:[A-Za-z0-9/_+=.@-]+",
                required=True,
            ),
            row(
                "account",
                "string",
                "The account, which the ARN names too.",
                "123456789012",
                pattern="[0-9]{12}",
                required=True,
            ),
        ),
    )

    def find_problem(self, root: Path) -> tuple[str, str] | None:
        """Check that the ARN is that of a secret, in the declared account."""
        arn, account = self.text("secret"), self.text("account")
        found = self.record.field("secret").match(arn)
        if found is None:
            form = "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME"
            return "secret", f"`{arn}` is not the ARN of a secret. Its form is {form}"
        if not self.record.field("account").match(account):
            return "account", f"`{account}` is not an account of AWS: twelve digits, in quotes"
        if found[1] != account:
            return "account", f"the ARN is of account {found[1]}, and `account` says {account}"
        return None

    @property
    def reference(self) -> str:
        """Return the ARN."""
        return self.text("secret")

    @property
    def reported(self) -> str:
        """Return the account and the ARN."""
        return f"AWS {self.text('account')}, {self.reference}"

    def open_keeper(self, session: Session) -> AwsKeeper:
        """Return a keeper that finds its credentials as boto3 does."""
        return AwsKeeper(self.text("secret"))


class AwsKeeper:
    """Keeps the secret as the text of the current version of one secret, found by its whole ARN."""

    def __init__(self, arn: str, client: Callable[[], Any] | None = None) -> None:
        self._arn = arn
        self._make = client or (lambda: _client(arn))
        self._made: Any = None

    async def prove(self) -> None:
        """Write a version that is never the current one."""
        await self._call(
            "put_secret_value",
            ClientRequestToken=PROBE_TOKEN,
            SecretString=PLACEHOLDER,
            VersionStages=[PROBE_STAGE],
        )

    async def content(self) -> Content:
        """Return the current version."""
        found = await self._call("get_secret_value", missing=True)
        if found is None:
            return EMPTY
        text, version = found.get("SecretString"), str(found.get("VersionId") or "")
        if not isinstance(text, str):
            raise SinkError(f"{self._arn} keeps bytes, and no text")
        return EMPTY if text == PLACEHOLDER else Content.of(text, version.lower())

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Make a version of the key id, and the current one."""
        await self._call("put_secret_value", ClientRequestToken=key_id, SecretString=value.reveal())

    async def _call(self, name: str, *, missing: bool = False, **words: Any) -> Any:
        import asyncio  # here: a command that keeps no secret reads this module, too

        return await asyncio.to_thread(self._do, name, missing, words)

    def _do(self, name: str, missing: bool, words: dict[str, Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            if self._made is None:
                self._made = self._make()
            response = getattr(self._made, name)(SecretId=self._arn, **words)
        except ClientError as error:
            problem = error.response.get("Error", {})
            if (
                missing
                and problem.get("Code") == "ResourceNotFoundException"
                and "staging label" in str(problem.get("Message"))
            ):
                return None
            raise SinkError(
                f"{self._arn}: {problem.get('Code')}: {_reported(problem.get('Message'), words)}"
            ) from None
        except BotoCoreError as error:
            # Its words may quote what was sent.
            raise SinkError(f"{self._arn}: {type(error).__name__}: {_reported(error, words)}") from None
        if response.get("ARN") != self._arn:
            raise SinkError(f"{self._arn}: AWS answered for {response.get('ARN')}")
        return response


def _reported(message: Any, words: dict[str, Any]) -> str:
    value = words.get("SecretString")
    return str(message).replace(value, "…") if value else str(message)


def _client(arn: str) -> Any:
    import boto3

    return boto3.client("secretsmanager", region_name=arn.split(":")[3])
