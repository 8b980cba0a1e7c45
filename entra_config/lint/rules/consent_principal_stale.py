"""Many people who consented to the same API one by one."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each API of ours with consents of more than `most` people."""
    most, places = view.most(RULE.id, RULE.options["most"]), view.places
    for each in view.facts("consents"):
        if each["people"] > most:
            message = f"{each['people']} people consented to `{each['application']}` one by one"
            yield Hit(places.get(each["application"]), message, each["application"], "consents")


RULE = Rule(
    id="consent-principal-stale",
    severity="I",
    confidence="medium",
    on=("live",),
    finds="Many people who consented to the same API one by one.",
    why="Each is a grant of its own that nobody takes back when the person or the client goes.",
    fix="Consent for everybody under `apiPermissions`, and revoke the single ones.",
    source="Microsoft Learn, manage-application-permissions",
    bad="""\
application: { displayName: App }
facts:
  consents: [{ application: app, «people: 51 }]
""",
    good="""\
application: { displayName: App }
facts:
  consents: [{ application: app, people: 50 }]
""",
    check=check,
    options={"most": 50},
)
