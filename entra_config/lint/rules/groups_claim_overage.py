"""A token with all groups of a person."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

ALL = frozenset({"SecurityGroup", "All"})


def check(view: View) -> Iterator[Hit]:
    """Yield each application whose tokens carry every group."""
    for subject in view.subjects:
        words = {word.strip() for word in str(subject.value("groupMembershipClaims") or "").split(",")}
        if words & ALL:
            message = f"tokens of people in many groups carry none for `{subject.key}`"
            yield Hit(subject.spot("groupMembershipClaims"), message, subject.key, "groups")


RULE = Rule(
    id="groups-claim-overage",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A token with all groups of a person.",
    why=(
        "Beyond 200 groups the claim is left out and a link stands in its place, which most code does not "
        "follow: the "
        "people in the most groups get in nowhere."
    ),
    fix="Write `groupMembershipClaims: ApplicationGroup` with assigned groups, or use app roles.",
    source="Microsoft Learn, access-token-claims-reference, groups overage",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    «groupMembershipClaims: SecurityGroup
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    groupMembershipClaims: ApplicationGroup
""",
    check=check,
)
