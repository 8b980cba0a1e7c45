"""People who may not consent for themselves are told where they are to."""

from __future__ import annotations

from pathlib import Path

from entra_config.checks.preflight import CONSENT
from tests.unit.checks.preflight_cases import API, World, conflicts

CLIENT = """  client:
    type: spa
    displayName: Client
    apiPermissions:
      api: { delegated: [user.read] }
"""
SCOPE = (
    "    scopes:\n      user.read: { displayName: Read, description: Reads., whoCanConsent: "
    "adminsAndUsers }\n"
)


def test_people_who_may_not_consent(tmp_path: Path) -> None:
    """What people are to consent to themselves is told where they may not; what is consented or authorized
    is not.
    """
    world = World(tmp_path, f"{API}{SCOPE}{CLIENT}", {"usersMayConsent": False})
    (warning,) = conflicts(world.plan())
    assert "lets nobody consent for himself, and client asks for user.read of api" in warning.message
    assert warning.message.endswith(CONSENT)
    assert warning.position is not None
    assert warning.position.line == 13
    for consented in (
        f"{API}{SCOPE}{CLIENT}".replace("[user.read]", "[user.read], adminConsent: true"),
        f"{API}{SCOPE}    authorizedClients: {{ client: [user.read] }}\n{CLIENT}",
    ):
        again = World(tmp_path, consented, {"usersMayConsent": False})
        assert conflicts(again.plan()) == []
