"""An account of AWS, and the tenant of the running emulator that is to trust its role."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from entra_config.cli import emulator_running
from entra_config.errors import SignInError
from entra_config.graph import credentials
from entra_config.graph.token import Token
from entra_emulator import background, seed
from tests.clients.sts import AUDIENCE, ISSUER, ROLE, Sts

TENANT = seed.CONTOSO
CLIENT = seed.DEPLOYER_APP_ID
_FEDERATED = f"/applications(appId='{CLIENT}')/federatedIdentityCredentials"
FORM = f"aws: {{ issuer: {ISSUER}, role: {ROLE} }}"


@dataclass
class Account:
    """An account of AWS and a tenant that is to trust it."""

    sts: Sts
    state: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program beside the emulator."""
        environ = {
            **os.environ,
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.state),
            "ENTRA_CONFIG_CLOUD": "emulator",
        }
        whole = [sys.executable, "-m", "entra_config", *arguments]
        return subprocess.run(whole, env=environ, capture_output=True, text=True, check=False)

    def sign_in(self) -> Token:
        """Sign in as the deployer."""
        emulator = emulator_running.find_endpoint(self.state)
        source = credentials.source(emulator.cloud, "aws", tenant_id=TENANT, emulator=emulator, now=time.time)
        return asyncio.run(source.token())

    def refused(self) -> str:
        """Sign in and be refused; return what is said."""
        with pytest.raises(SignInError) as caught:
            self.sign_in()
        return str(caught.value)

    def federate(self, **changes: str) -> None:
        """Let this workload alone sign in as the deployer: the role, or what is changed about it."""
        said = {"issuer": ISSUER, "subject": ROLE, "audience": AUDIENCE, **changes}
        self.forget()
        body = {
            "name": "task",
            "issuer": said["issuer"],
            "subject": said["subject"],
            "audiences": [said["audience"]],
        }
        with self._graph() as graph:
            assert graph.post(_FEDERATED, json=body).is_success

    def forget(self) -> None:
        """Take every federated credential of the deployer away."""
        with self._graph() as graph:
            for each in graph.get(_FEDERATED).json()["value"]:
                assert graph.delete(f"{_FEDERATED}/{each['id']}").is_success

    def _graph(self) -> httpx.Client:
        emulator = emulator_running.find_endpoint(self.state)
        source = credentials.source(
            emulator.cloud, tenant_id=TENANT, emulator=emulator, environ={}, now=time.time
        )
        headers = {"Authorization": f"Bearer {asyncio.run(source.token()).value}"}
        return httpx.Client(
            base_url=emulator.cloud.base_url, headers=headers, verify=background.trust_of(self.state)
        )
