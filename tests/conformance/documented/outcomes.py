"""What the emulator does otherwise than a page shows, by row: what is not built, and which keys are not
answered, and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PUBLISHER = "verified publishers: there is no partner centre to ask"
TEMPLATES = "application templates: the gallery is Microsoft's"
ROLES = "directory roles as objects: who holds which is set at the start"
SIGNING = "certificates that sign SAML tokens: there is no SAML"

NOT_BUILT: dict[str, str] = {
    "application-setverifiedpublisher-1": PUBLISHER,
    "application-unsetverifiedpublisher-1": PUBLISHER,
    "applicationtemplate-get-1": TEMPLATES,
    "applicationtemplate-instantiate-1": TEMPLATES,
    "applicationtemplate-list-1": TEMPLATES,
    "rbacapplication-list-roleassignments-2": ROLES,
    "rbacapplication-list-roleassignments-3": ROLES,
    "rbacapplication-list-roleassignmentscheduleinstances-1": ROLES,
    "rbacapplication-list-roleassignmentschedulerequests-1": ROLES,
    "rbacapplication-list-roleassignmentschedulerequests-2": ROLES,
    "rbacapplication-list-roleassignmentschedules-1": ROLES,
    "serviceprincipal-addtokensigningcertificate-1": SIGNING,
}


@dataclass(frozen=True)
class Absent:
    """Keys that the page shows and the answer has not: where else they are, or that nobody has them."""

    # Come where they are selected.
    selected: frozenset[str] = frozenset()
    # Of no property of the schema: who selects them is refused.
    unknown: frozenset[str] = frozenset()
    # Shown by the answer to this path instead.
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    # Annotations that come with full metadata, of which no answer has any.
    metadata: frozenset[str] = frozenset()
    note: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Give all of them."""
        return self.selected | self.unknown | self.metadata | frozenset(self.elsewhere)

    @property
    def why(self) -> str:
        """Say where they are."""
        reported = [
            ("on $select alone", self.selected),
            ("no property of the schema of 2026", self.unknown),
            ("with full metadata alone", self.metadata),
        ]
        reported += [(f"in {path} alone", frozenset({key})) for key, path in self.elsewhere.items()]
        parts = [f"`{'`, `'.join(sorted(keys))}` {text}" for text, keys in reported if keys]
        return "; ".join([*parts, *([self.note] if self.note else [])])


NOT_RESPONDED: dict[str, Absent] = {
    "application-delta-1": Absent(
        unknown=frozenset({"allowPublicClient", "applicationAliases", "installedClients"})
    ),
    "domain-list-domainnamereferences-1": Absent(
        selected=frozenset({"accountEnabled", "mailNickname"}),
        unknown=frozenset({"facsimileTelephoneNumber", "mobile", "objectId", "objectType"}),
        note="the page shows names of the retired Azure AD Graph",
    ),
    "directoryobject-getbyids-1": Absent(selected=frozenset({"accountEnabled"})),
    "group-get-2": Absent(selected=frozenset({"id"}), note="the page's request does not select it"),
    "group-list-transitivemembers-2": Absent(
        selected=frozenset({"organizationId"}), metadata=frozenset({"@odata.id"})
    ),
    "organization-get-1": Absent(
        elsewhere={"value": "/v1.0/organization"}, note="the page shows the list; the path names one object"
    ),
    "serviceprincipal-get-1": Absent(unknown=frozenset({"endpoints", "publisherName"})),
    "serviceprincipal-post-serviceprincipals-1": Absent(unknown=frozenset({"publisherName"})),
    "user-list-1": Absent(selected=frozenset({"mailNickname", "otherMails", "proxyAddresses"})),
    "user-list-7": Absent(selected=frozenset({"displayName"}), note="the page's request does not select it"),
}
_EXAMPLE_SAYS_200 = "the page says 201 where it describes the answer, and 200 in its example"
# Row to the status that is answered instead of the page's.
OTHER_STATUS: dict[str, tuple[int, str]] = {
    **{
        f"permissiongrantpolicy-post-{tail}-1": (201, _EXAMPLE_SAYS_200)
        for tail in ("excludes", "includes", "permissiongrantpolicies")
    },
    "user-post-approleassignments-1": (201, _EXAMPLE_SAYS_200),
}
