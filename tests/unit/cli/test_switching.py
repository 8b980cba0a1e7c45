"""What became of an application that was stopped, or may go on, in a terminal's words and as JSON."""

from __future__ import annotations

from dataclasses import replace

from entra_config.errors import GraphError
from entra_config.report import lines, switched
from entra_config.stopping import Stop, Switch, Switched

APP = Switch("applications", "a1", "isDisabled", before=False, wanted=True)
ENTRY = Switch("servicePrincipals", "p1", "accountEnabled", before=True, wanted=False)
OTHER, FOURTH = replace(APP, object_id="a2"), replace(APP, object_id="a3")
STOP = Stop("web", "Web", "w1", enabled=False, switches=(APP, ENTRY, OTHER, FOURTH), remarks=("look",))
DONE = Switched(done=(APP,), unseen=(ENTRY,), failed=((OTHER, GraphError("it is locked")),))


def test_the_document_says_what_became_of_each_switch() -> None:
    """Written, not seen yet, refused with why, or so before."""
    rows = [("/applications/a1", "isDisabled", True, "done", None),
            ("/servicePrincipals/p1", "accountEnabled", False, "unseen", None),
            ("/applications/a2", "isDisabled", True, "failed", "it is locked"),
            ("/applications/a3", "isDisabled", True, "unchanged", None)]  # fmt: skip
    names = ("object", "property", "value", "state", "error")
    assert switched.document(STOP, DONE, "myapp/dev") == {
        "version": 1,
        "kind": "switched",
        "owner": "myapp/dev",
        "application": {"key": "web", "displayName": "Web", "appId": "w1"},
        "enabled": False,
        "switches": [dict(zip(names, row, strict=True)) for row in rows],
        "remarks": ["look"],
    }


def test_the_text_has_a_line_of_each_switch() -> None:
    """Of what is stopped it says what that means, and how it goes on."""
    end = "  its sign-ins are refused, and tokens for it; those given before are taken until they end, an "
    assert lines.format_lines(switched.lines(STOP, DONE)).splitlines() == [
        "web 'Web' (appId w1): not all of it is disabled",
        "  isDisabled: true of /applications/a1  written",
        "  accountEnabled: false of /servicePrincipals/p1  written, and not to be read back yet",
        "  isDisabled: true of /applications/a2  failed: it is locked",
        "  isDisabled: true of /applications/a3  was so before",
        f"{end}hour as a rule; `entra-config enable web` takes it back",
    ]
    go = replace(STOP, enabled=True, switches=())
    assert lines.format_lines(switched.lines(go, Switched())) == "web 'Web' (appId w1): enabled\n"
    assert switched.lines(replace(go, enabled=False), Switched())[0].spans == (
        ("web 'Web' (appId w1): disabled", "bold"),
    )
