"""The list of groups and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import groups
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.used()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(groups.show_list, "", {}, """
list.html 200 at groups
words: Groups
listing: 9 of 9 of 9 page 1 q=
  All Staff <~/groups/group:All Staff> (group:All Staff) code | 12 members | 0 roles |
  Audit <~/groups/group:Audit> (group:Audit) code | 2 members | 0 roles | Reads and writes
  MyApp Admins <~/groups/group:MyApp Admins> (group:MyApp Admins) code | 3 members | 1 role |
  MyApp Deploy <~/groups/group:MyApp Deploy> (group:MyApp Deploy) code | 2 members | 0 roles |
  MyApp Developers <~/groups/group:MyApp Developers> (group:MyApp Developers) code | 3 members | 0 roles |
  MyApp Leads <~/groups/group:MyApp Leads> (group:MyApp Leads) code | 1 member | 0 roles |
  MyApp Writers <~/groups/group:MyApp Writers> (group:MyApp Writers) code | 4 members | 1 role |
  Nobody <~/groups/group:Nobody> (group:Nobody) code | 0 members | 1 role |
  On call <~/groups/group:On call> (group:On call) code | 7 members | 1 role |
columns: [Name | Members | Gives | Description]
searched: Name, mail nickname or object id
nothing: There is no group.
add: [New group… | ~/edit/new-group]
""", id="all"),
        pytest.param(groups.show_list, "q=myappwr#listing", {}, """
listing: 1 of 1 of 9 page 1 q=myappwr filtered
  MyApp Writers <~/groups/group:MyApp Writers> (group:MyApp Writers) code | 4 members | 1 role |
""", id="of a nickname"),
        pytest.param(groups.show_list, "q=myapp admns#listing", {}, """
listing: 0 of 0 of 9 page 1 q=myapp admns filtered
  near ('MyApp Admins', '~/groups/group:MyApp Admins')
  near ('MyApp Leads', '~/groups/group:MyApp Leads')
  near ('MyApp Writers', '~/groups/group:MyApp Writers')
""", id="none of this name"),
        pytest.param(groups.show, "", {"id": "group:MyApp Writers"}, """
group.html 200 at groups
group: row group:MyApp Writers
name: MyApp Writers
listing: 4 of 4 of 4 page 1 q=
  user:Bob Baker
  user:Erin Evans
  sp:Nightly
  user:Oscar Olsen
members:
  [Bob Baker <~/users/user:Bob Baker> (bob@contoso.com) | False | ]
  [Erin Evans <~/users/user:Erin Evans> (erin@contoso.com) | False | ]
  [Nightly <~/enterprise/sp:Nightly> | False | ]
  [Oscar Olsen <~/users/user:Oscar Olsen> (oscar@contoso.com) | False | ]
size: 25
gives:
  [Writer | Api <~/enterprise/sp:Api> | row MyApp Writers→Api/Writer | access.yaml:4]
owners: shown=[]
more: -99
trail: [2026-01-02T00:00:00Z Add member to group: Oscar Olsen, MyApp Writers by Emulator admin]
graph: curl https://localhost:8443/v1.0/groups/group:MyApp Writers ~/groups/group:MyApp
    Writers?graph=curl#graph
""", id="a group that gives a role"),
        pytest.param(groups.show, "q=ERIN@#listing", {"id": "group:MyApp Writers"}, """
listing: 1 of 1 of 4 page 1 q=ERIN@ filtered
  user:Erin Evans
""", id="members by UPN"),
        pytest.param(groups.show, "q=nightly#members", {"id": "group:MyApp Writers"}, """
members:
  [Nightly <~/enterprise/sp:Nightly> | False | ]
""", id="members by name"),
        pytest.param(groups.show, "", {"id": "group:MyApp Deploy"}, """
group.html 200 at groups
group: row group:MyApp Deploy
name: MyApp Deploy
listing: 2 of 2 of 2 page 1 q=
  user:Grace Green
  user:Oscar Olsen
members:
  [Grace Green <~/users/user:Grace Green> (grace@contoso.com) | False | ]
  [Oscar Olsen <~/users/user:Oscar Olsen> (oscar@contoso.com) | False | ]
size: 25
owners: shown=[]
more: -100
within: [On call <~/groups/group:On call>]
graph: curl https://localhost:8443/v1.0/groups/group:MyApp Deploy ~/groups/group:MyApp
    Deploy?graph=curl#graph
""", id="a group within another and with another"),
        pytest.param(groups.show, "#members", {"id": "group:On call"}, """
members:
  [Carol Clark <~/users/user:Carol Clark> (carol@contoso.com) | False | ]
  [Dave Diaz <~/users/user:Dave Diaz> (dave@contoso.com) | False | ]
  [Erin Evans <~/users/user:Erin Evans> (erin@contoso.com) | False | ]
  [Frank Fischer <~/users/user:Frank Fischer> (frank@contoso.com) | False | ]
  [Heidi Hoffmann <~/users/user:Heidi Hoffmann> (heidi@contoso.com) | False | ]
  [Ivan Ivanov <~/users/user:Ivan Ivanov> (ivan@contoso.com) | False | ]
  [MyApp Deploy <~/groups/group:MyApp Deploy> | True | ]
""", id="a group in a group"),
        pytest.param(groups.show, "#owners", {"id": "group:Audit"}, """
owners: shown=[Bob Baker <~/users/user:Bob Baker> (bob@contoso.com)]
""", id="owners"),
        pytest.param(groups.show, "", {"id": "nothing"}, """
missing.html 404 at groups
what: group
name: nothing
""", id="not there"),
    ],
)  # fmt: skip
def test_a_page_of_groups_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: members, what the group gives, and what is linked."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
