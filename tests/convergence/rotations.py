"""An application whose secret is rotated into a sink of each kind, a tenant that fails and lags, and a
kill at any request.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from entra_config.credentials.certificates import ApplicationCertificates, PairDoor, PairKeeper
from entra_config.credentials.estate import Estate
from entra_config.credentials.holding import Time
from entra_config.credentials.rotation import Changed, Rotated, Rotation, SignInDoor
from entra_config.credentials.tenant import ApplicationSecrets
from entra_config.errors import EntraConfigError
from entra_config.graph import authority
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.hidden import Hidden
from entra_config.manifest import loader
from entra_config.manifest.fields.sinks.aws import AwsKeeper
from entra_config.manifest.fields.sinks.command import CommandKeeper
from entra_config.manifest.fields.sinks.file import FileKeeper
from entra_config.manifest.fields.sinks.github import GitHubKeeper
from entra_config.manifest.sinks import Keeper
from entra_emulator import seed
from entra_emulator.clock import ManualClock, read_stamp
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from entra_emulator.identifiers import secret_digest
from entra_emulator.signing_in import SigningIn
from entra_emulator.site import assemble
from tests import world
from tests.convergence import pair
from tests.convergence.fates import Fate, Flaky, Through
from tests.convergence.leaks import holds
from tests.convergence.pair import RSAPrivateKey, pool
from tests.convergence.tenant import Killed
from tests.sinks.github import GitHub
from tests.sinks.secrets_manager import ARN, SecretsManager
from tests.sinks.standin import transport as standing_in

DAY = 86_400.0
KINDS = ("file", "command", "aws", "github")
SINKS: dict[str, Any] = {
    "aws": {"aws": {"secret": ARN, "account": "123456789012"}},
    "github": {"github": {"repository": "example/myapp", "environment": "prod", "secret": "WEB"}},
}


@dataclass
class Company:
    """A tenant with one application, whose secret, or key pair, is kept by a sink of one kind."""

    folder: Path
    kind: str
    seed: int = 0
    type: str = "secret"
    clock: ManualClock = field(default_factory=ManualClock)
    faults: Faults = field(default_factory=Faults)
    fate: Fate = field(default_factory=Fate)
    said: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    login_lag: float = 0.0
    ends: dict[str, datetime] = field(default_factory=dict)
    order: random.Random | None = None  # who of several runs is next, at each request
    meanwhile: int = 0  # before the how manieth request from now another run comes and goes

    def __post_init__(self) -> None:
        self.tenant = Embedded.create(seed=f"rotation-{self.seed}", clock=self.clock, faults=self.faults)
        assemble(SigningIn.of(self.tenant.directory).service, self.tenant.app)
        ids = self.tenant.directory.ids
        make = ids.secret

        def secret() -> str:
            # The tenant knows each value that it made.
            self.values.append(make())
            return self.values[-1]

        # An instance's own method stands before its class's.
        vars(ids)["secret"] = secret
        self.chance = random.Random(f"draw {self.seed}")
        self.github = GitHub(now=self.clock.now)
        self.aws = SecretsManager()
        self.kept = self.folder / "kept" / "web"
        self.kept.parent.mkdir(parents=True)
        sink = SINKS.get(self.kind) or self._local()
        life = {"lifetime": "P90D", "overlap": "P14D"}
        credentials = {
            "secret": {"secrets": {"web": {"sink": "web", **life}}},
            "certificate": {"certificates": {"web": {"generate": {"in": "web", **life}}}},
        }
        web = {"type": "web", "displayName": "Web", "credentials": credentials[self.type]}
        root = {
            "project": "myapp",
            "environments": {"prod": {"tenantId": seed.CONTOSO, "sinks": {"web": sink}}},
        }
        path = self.folder / "checkout/manifests/entra-config.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump({**root, "applications": {"web": web}}), encoding="utf-8")
        self.manifest = loader.load(path)
        asyncio.run(self._apply())

    def _local(self) -> Any:
        if self.kind == "file":
            return {"file": str(self.kept)}
        script = f'test -e "{self.kept}" || exit 0; exec cat "{self.kept}"'
        return {"command": {"write": ["/usr/bin/tee", str(self.kept)], "read": ["/bin/sh", "-c", script]}}

    async def _apply(self) -> None:
        await world.apply(self.tenant, await world.plan(self.tenant, self.manifest))

    def keeper(self) -> Keeper:
        """Return the sink as this tool talks to it."""
        sink = self.manifest.sinks["web"]
        keepers: dict[str, Callable[[], Keeper]] = {
            "file": lambda: FileKeeper(self.kept),
            "command": lambda: CommandKeeper(sink.words("write"), sink.words("read")),
            "aws": lambda: AwsKeeper(ARN, lambda: self.aws),
            "github": lambda: GitHubKeeper(
                "example/myapp",
                "prod",
                "WEB",
                Hidden("good"),
                client=lambda: httpx.AsyncClient(transport=standing_in(self.github)),
            ),
        }
        flaky = Flaky(keepers[self.kind](), self.fate, self.turn)
        return PairKeeper(flaky) if self.type == "certificate" else flaky

    async def turn(self) -> None:
        """Let others go first, or not."""
        if self.meanwhile:
            self.meanwhile -= 1
            if not self.meanwhile:
                await self.rotate(only_due=True)
        for _ in range(self.order.randrange(8) if self.order else 0):
            await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        """Wait: whoever does something meanwhile comes to its end."""
        await self.clock.sleep(seconds)
        for _ in range(int(seconds * 40) if self.order else 0):
            await asyncio.sleep(0)

    def private(self) -> RSAPrivateKey:
        """Return a key of the pool, and remember it: the tenant never sees one."""
        key = pool()[self.chance.randrange(len(pool()))]
        self.values += pair.secrets_of(key)
        return key

    @property
    def in_sink(self) -> str:
        """Return what whoever reads the sink gets, whatever this tool thinks of it."""
        match self.kind:
            case "aws":
                return self.aws.value or ""
            case "github":
                return self.github.value("WEB") or ""
            case _:
                return self.kept.read_text(encoding="utf-8") if self.kept.exists() else ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the secrets, or certificates, of the application."""
        (found,) = [row for row in self._tables.applications if "entra-config:key=web" in row.get("tags", ())]
        return list(found["passwordCredentials" if self.type == "secret" else "keyCredentials"])

    @property
    def made_here(self) -> bool:
        """Tell whether the sink keeps something that this tool put there."""
        if self.type == "secret":
            return self.in_sink in self.values
        return pair.thumbprint(self.in_sink) != ""

    @property
    def _tables(self) -> Any:
        return self.tenant.directory.tenants[seed.CONTOSO]

    def opens(self, value: str) -> bool:
        """Tell whether a value is a secret of the application that has not ended."""
        now = self.clock.now()
        return any(read_stamp(row["endDateTime"]) > now for row in self._holding(value))

    def _holding(self, value: str) -> list[dict[str, Any]]:
        if self.type == "certificate":
            return [row for row in self.rows if row["customKeyIdentifier"] == pair.thumbprint(value)]
        digest = secret_digest(value)
        return [row for row in self.rows if self._tables.secrets.get(row["keyId"]) == digest]

    def ended(self, value: str) -> bool:
        """Tell whether a value that opened the application has lived its time."""
        mine = pair.thumbprint(value) if self.type == "certificate" else secret_digest(value)
        for row in self.rows:
            known = row["customKeyIdentifier"] or self._tables.secrets.get(row["keyId"], "")
            self.ends[known] = read_stamp(row["endDateTime"])
        return mine in self.ends and self.ends[mine] <= self.clock.now()

    def too_young(self, form: dict[str, list[str]]) -> bool:
        """Tell whether not every replica of the sign-in knows a secret, or a certificate, yet."""
        now = self.clock.now()
        if "client_secret" in form:
            made = self._holding(form["client_secret"][0])
        else:
            signed_by = pair.signer(form["client_assertion"][0])
            made = [row for row in self.rows if row["customKeyIdentifier"] == signed_by]
        return any((now - read_stamp(row["startDateTime"])).total_seconds() < self.login_lag for row in made)

    async def rotate(self, *, only_due: bool = True) -> Rotated:
        """Run one rotation, as the command does."""
        caller = self.tenant.app_caller()
        token = FixedToken(self.tenant.token(caller), Identity(caller.tid, caller.oid, caller.appid))
        through = Through(self, self.tenant.transport())

        def seconds() -> float:
            return self.clock.now().timestamp()

        def draw() -> str:
            return f"{self.chance.getrandbits(128):032x}"

        times: dict[str, Any] = {
            "clock": seconds,
            "now": seconds,
            "sleep": self.sleep,
            "jitter": lambda: 0.5,
        }
        time = Time(self.clock.now, self.sleep)
        async with await connect("emulator", credential=token, transport=through, **times) as graph:
            estate = await Estate.read(graph, self.manifest)
            (subject,) = estate.subjects(["web"])
            body = estate.body("web")
            whose = str(body["id"]), str(body["appId"]), time
            registration: Changed = ApplicationSecrets(graph, *whose)
            if self.type == "certificate":
                registration = ApplicationCertificates(graph, *whose, draw=draw, make=self.private)
            place = await authority.opened("emulator", seed.CONTOSO, transport=through)
            door: SignInDoor = PairDoor(place, time, draw) if self.type == "certificate" else place
            async with place.client:
                rotation = Rotation(
                    subject, registration, self.keeper(), door, time=time, draw=draw, say=self.said.append
                )
                outcome = await rotation.run(only_due=only_due)
                # As the command writes it to the lock file: after a run that ended well.
                rotated = {str(body["appId"]): {"web": outcome.key_ids}}
                self.manifest = replace(self.manifest, rotated=rotated)
                return outcome

    def tried(self, *, only_due: bool = True) -> str:
        """Run one rotation; return `done`, `killed`, or the error that it ended with."""
        try:
            asyncio.run(self.rotate(only_due=only_due))
        except Killed:
            return "killed"
        except EntraConfigError as error:
            self.said.append(str(error))
            return str(error)
        return "done"

    def calm(self) -> None:
        """End all faults and let replicas catch up."""
        self.faults.set(FaultPlan())
        self.fate = Fate()
        self.clock.advance(600)

    def leaks(self) -> list[str]:
        """Return where a value of the tenant's stands that is no sink: a file, a log, what was said, the
        request log.
        """
        places = {
            str(path): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path != self.kept
        }
        places["said"] = "\n".join(self.said).encode()
        places["request log"] = json.dumps(list(self.tenant.app.requests)).encode()
        return [
            f"{place}: {number}"
            for place, data in places.items()
            for number, each in enumerate(self.values)
            if holds(data, each)
        ]
