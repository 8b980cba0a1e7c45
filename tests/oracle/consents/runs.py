"""Apply a drawn manifest, open what was printed, and compare the directory with the rule for links.

The judge reads the manifest that was drawn and the emulator's directory. It uses no code of the engine:
neither its list of dangerous permissions, nor its plan, nor its reading of a manifest.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml
from starlette.testclient import TestClient

from entra_config.cli.demo.story import session
from entra_config.cli.main import main
from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.graph.entities.application import make_app_role, make_scope
from entra_emulator.login import site
from entra_emulator.login.keys import KeyRing
from entra_emulator.login.seal import Seal
from entra_emulator.login.service import SignIn
from tests.oracle.consents.draw import DANGEROUS, HARMLESS, PARTNER, Client, Drawn, draw

ORIGIN = "https://localhost:8443"
URL = re.compile(r"https://\S*(?:adminconsent|CallAnAPI)\S*")
# A client, an API, a kind and a name.
Permission = tuple[str, str, str, str]
_KEYS = KeyRing.generate(ManualClock().now)


@dataclass
class Verdict:
    """What came of one case: how many links were opened, and what was wrong."""

    number: int
    links: int = 0
    skipped: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class World:
    """A tenant in this process with a partner's API, and a browser for its sign-in pages."""

    embedded: Embedded = field(default_factory=lambda: Embedded.create(seed="consents"))

    def __post_init__(self) -> None:
        """Add the partner's API; one of its scopes and one role are disabled."""
        roles = [self._role(name) for name in (*HARMLESS[PARTNER, "application"], "Retired")]
        app = seed.add_application(self.rows, "Partner API", app_id=seed.fixed_id("partner"), appRoles=roles)
        scopes = [self._scope(name) for name in (*HARMLESS[PARTNER, "delegated"], "retired")]
        app["api"] = {**app["api"], "oauth2PermissionScopes": scopes}
        self.rows.applications.put(app)
        seed.add_service_principal(self.rows, app)
        service = SignIn(
            self.embedded.directory,
            KeyRing(_KEYS._keys, 0, ManualClock().now),
            Seal(b"k" * 32),
            origin=ORIGIN,
        )
        self.browser = TestClient(site.build(service), base_url=ORIGIN, follow_redirects=False)

    @property
    def rows(self) -> Any:
        """Return the tenant that everything happens in."""
        return self.embedded.directory.default

    @staticmethod
    def _role(name: str) -> dict[str, Any]:
        made = make_app_role(seed.fixed_id("partner", name), name, name, name, ["Application"])
        return {**made, "isEnabled": name != "Retired"}

    @staticmethod
    def _scope(name: str) -> dict[str, Any]:
        made = make_scope(seed.fixed_id("partner", name), name, (name, name), admin=True)
        return {**made, "isEnabled": name != "retired"}

    def application(self, key: str) -> dict[str, Any]:
        """Return the registration of a client."""
        return next(row for row in self.rows.applications if f"entra-config:key={key}" in row["tags"])

    def apply(self, content: dict[str, Any]) -> str:
        """Apply a manifest as a user does; return all that was printed."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "entra-config.yaml"
            path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                code = main(
                    ("apply", "-f", str(path), "-e", "dev", "--auto-approve", "--pins", "skip"),
                    session(self.embedded),
                )
        assert code in {0, 3}, said.getvalue()
        return said.getvalue()

    def granted(self) -> set[Permission]:
        """Return what clients hold for everybody, by the names that the APIs have for it."""
        names = {row["id"]: row["displayName"] for row in self.rows.service_principals}
        values = {
            (row["id"], role["id"]): role["value"]
            for row in self.rows.service_principals
            for role in row["appRoles"]
        }
        found = {
            (names[row["clientId"]].casefold(), names[row["resourceId"]], "delegated", scope)
            for row in self.rows.oauth2_permission_grants
            if row.get("principalId") is None
            for scope in str(row.get("scope") or "").split()
        }
        return found | {
            (
                row["principalDisplayName"].casefold(),
                names[row["resourceId"]],
                "application",
                values[row["resourceId"], row["appRoleId"]],
            )
            for row in self.rows.app_role_assignments
            if row["principalType"] == "ServicePrincipal"
        }

    def open(self, url: str) -> None:
        """Open a link as an administrator and accept."""
        parts = urlsplit(url)
        if "CallAnAPI" in url:
            # The portal's button grants all that is requested, as the consent page without scopes does. It
            # needs no reply address.
            app_id = url.rpartition("/")[2]
            app = next(row for row in self.rows.applications if row["appId"] == app_id)
            self.rows.applications.put(
                {**app, "web": {**app["web"], "redirectUris": ["https://portal.example/"]}}
            )
            self._accept(f"/{seed.CONTOSO}/adminconsent", {"client_id": app_id})
            self.rows.applications.put(app)
        else:
            self._accept(parts.path, dict(parse_qsl(parts.query)))

    def _accept(self, path: str, parameters: dict[str, str]) -> None:
        grace = self.rows.user_by_name("grace@contoso.com")
        self.browser.post(path, data={**parameters, "decision": "accept", "user": grace["id"]})


def tried(number: int) -> Verdict:
    """Try one case."""
    drawn, world = draw(number), World()
    verdict = Verdict(number)
    if drawn.first_policy is not None:
        world.apply(drawn.manifest(drawn.first_policy, empty=False))
    elif drawn.doubted:
        world.apply(drawn.manifest(drawn.policy, empty=True))
    doubted = drawn.doubted if drawn.first_policy is not None or drawn.doubted else frozenset()
    for key in sorted(doubted):
        seed.add_secret(world.rows, world.application(key), f"planted in {key}")
    with _quiet():
        said = world.apply(drawn.manifest(drawn.policy, empty=False))
    before = world.granted()
    skipped = set(_skipped(drawn, before, doubted))
    expected = {each for client in drawn.clients for each in _linked(client, skipped, doubted)}
    urls = dict.fromkeys(URL.findall(said))
    for url in urls:
        world.open(url.rstrip(".,"))
    gained = world.granted() - before
    verdict.links, verdict.skipped = len(urls), len(skipped)
    for each in sorted(before):
        own = any(each[0] == client.key for client in drawn.clients)
        if own and each[1] == "Microsoft Graph" and each[3] in DANGEROUS[each[2]]:
            verdict.wrong.append(f"granted without the word: {each}")
    for each in sorted(gained - skipped):
        verdict.wrong.append(f"a link granted what was not skipped by the policy: {each}")
    for each in sorted((gained & skipped) - expected):
        verdict.wrong.append(f"a link granted what should have none: {each}")
    for each in sorted(expected - gained):
        verdict.wrong.append(f"no link granted {each}")
    return verdict


def _skipped(drawn: Drawn, held: set[Permission], doubted: frozenset[str]) -> Iterator[Permission]:
    """Yield what only `policy.consent` did not allow: it exists, is harmless, and nobody withheld it."""
    for client in drawn.clients:
        for (api, kind), names in client.consents.items():
            shown = "Partner API" if api == PARTNER else api
            for name in names:
                harmless = name in HARMLESS[api, kind] and name not in DANGEROUS[kind]
                allowed = name in drawn.policy.get((api, kind), ())
                permission = (client.key, shown, kind, name)
                if harmless and not allowed and permission not in held and client.key not in doubted:
                    yield permission


def _linked(client: Client, skipped: set[Permission], doubted: frozenset[str]) -> Iterator[Permission]:
    """Yield what a link must grant: scopes by themselves, roles only if all lists are the same."""
    own = {each for each in skipped if each[0] == client.key}
    lists = [
        {
            (client.key, "Partner API" if api == PARTNER else api, kind, name)
            for (api, kind), names in each.items()
            for name in names
        }
        for each in (client.requested, client.consents)
    ]
    if client.key in doubted:
        return
    for each in own:
        if lists[0] == lists[1] == own or (client.returns and each[2] == "delegated"):
            yield each


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the shell set for the command line out of it."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("ENTRA_CONFIG_")}
    try:
        yield
    finally:
        os.environ.update(kept)
