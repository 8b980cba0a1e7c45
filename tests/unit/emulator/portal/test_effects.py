"""Who would lose, gain and keep what by a change of members or assignments."""

from typing import Any

import pytest

from entra_emulator.portal import access_proposals, effects
from entra_emulator.portal.visit import Visit
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser


@pytest.fixture(scope="module")
def visit() -> Visit:
    """Give an API with a few assignments, and a consent."""
    world = World()
    world.assign("group:MyApp Writers", "api", "Writer")
    world.assign("group:MyApp Writers", "other", "Reader")
    world.assign("user:bob", "api", "Writer")
    world.assign("group:All Staff", "api", "Reader")
    world.grant("spa", "api", "user.read user.write")
    return Browser(world).visit()


def group(visit: Visit, name: str) -> dict[str, Any]:
    """Return a group by its name."""
    (found,) = visit.tenant.groups.find("displayName", name.casefold())
    return found


def test_what_a_group_gives(visit: Visit) -> None:
    """Application by application; none is said."""
    assert effects.gives(visit, group(visit, "MyApp Writers")) == (
        "Gains Writer at Api.",
        "Gains Reader at Other.",
    )
    assert effects.gives(visit, group(visit, "MyApp Developers")) == ("Gains no role.",)


def test_who_would_get_a_role(visit: Visit) -> None:
    """The direct members of a group by name, and of many the first; a person alone."""
    reached = effects.reached(visit, group(visit, "MyApp Writers"), "Admin")
    assert reached == ("Admin reaches Bob Baker, Erin Evans.",)
    (many,) = effects.reached(visit, group(visit, "All Staff"), "Admin")
    assert many == ("Admin reaches Alice Archer, Bob Baker, Carol Clark, Dave Diaz, Erin Evans and 7 more.")
    bob = visit.tenant.user_by_name("bob@contoso.com")
    assert bob
    assert effects.reached(visit, bob, "Admin") == ("Admin reaches Bob Baker.",)


def test_who_loses_a_role_with_a_group_and_who_keeps_it(visit: Visit) -> None:
    """By another way: your own assignment."""
    lost, kept = effects.without_members(visit, group(visit, "MyApp Writers"))
    assert sorted(lost) == ["Lose Reader at Other: Bob Baker, Erin Evans.", "Lose Writer at Api: Erin Evans."]
    assert kept == ("Keep Writer at Api by another way: Bob Baker.",)
    assert effects.without_members(visit, group(visit, "MyApp Developers")) == (("Nobody loses a role.",), ())


def test_a_withdrawal_names_the_scopes(visit: Visit) -> None:
    """All of the consent, and the API."""
    row = next(each for each in visit.tenant.oauth2_permission_grants if "user.write" in each["scope"])
    found = access_proposals.withdraw(visit, {"grant": row["id"]})
    assert found.question == "Withdraw user.read user.write from Spa?"
    assert found.lost == ("It gets no token with user.read user.write of Api by this consent.",)
