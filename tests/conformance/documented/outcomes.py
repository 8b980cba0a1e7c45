"""What the emulator does otherwise than a page shows, by row: what is not built, and which keys are not answered, and why."""

TOKEN_POLICIES = "policies on the issuing and lifetime of tokens: the tokens here have the default policy's shape"
CLAIMS_POLICIES = "claims-mapping policies: optional claims are built, mapped ones are not"
PUBLISHER = "verified publishers: there is no partner centre to ask"
TEMPLATES = "application templates: the gallery is Microsoft's"
ROLES = "directory roles as objects: who holds which is set at the start"
SIGNING = "certificates that sign SAML tokens: there is no SAML"

NOT_BUILT: dict[str, str] = {
    "application-delete-tokenissuancepolicies-1": TOKEN_POLICIES,
    "application-delete-tokenlifetimepolicies-1": TOKEN_POLICIES,
    "application-post-tokenissuancepolicies-1": TOKEN_POLICIES,
    "application-post-tokenlifetimepolicies-1": TOKEN_POLICIES,
    "application-setverifiedpublisher-1": PUBLISHER,
    "application-unsetverifiedpublisher-1": PUBLISHER,
    "applicationtemplate-get-1": TEMPLATES,
    "applicationtemplate-instantiate-1": TEMPLATES,
    "applicationtemplate-list-1": TEMPLATES,
    "claimsmappingpolicy-delete-1": CLAIMS_POLICIES,
    "claimsmappingpolicy-get-1": CLAIMS_POLICIES,
    "claimsmappingpolicy-list-appliesto-1": CLAIMS_POLICIES,
    "claimsmappingpolicy-post-claimsmappingpolicies-1": CLAIMS_POLICIES,
    "claimsmappingpolicy-update-1": CLAIMS_POLICIES,
    "rbacapplication-list-roleassignments-1": ROLES,
    "rbacapplication-list-roleassignments-2": ROLES,
    "rbacapplication-list-roleassignments-3": ROLES,
    "rbacapplication-list-roleassignmentscheduleinstances-1": ROLES,
    "rbacapplication-list-roleassignmentschedulerequests-1": ROLES,
    "rbacapplication-list-roleassignmentschedulerequests-2": ROLES,
    "rbacapplication-list-roleassignmentschedules-1": ROLES,
    "serviceprincipal-addtokensigningcertificate-1": SIGNING,
    "serviceprincipal-delete-claimsmappingpolicies-1": CLAIMS_POLICIES,
    "serviceprincipal-post-claimsmappingpolicies-1": CLAIMS_POLICIES,
}
# Row to the keys that the page shows and the answer has not.
NOT_ANSWERED: dict[str, tuple[frozenset[str], str]] = {
    "application-delta-1": (
        frozenset({"allowPublicClient", "applicationAliases", "installedClients"}),
        "no properties of the schema of 2026",
    ),
    "domain-list-domainnamereferences-1": (
        frozenset({"accountEnabled", "facsimileTelephoneNumber", "mailNickname", "mobile", "objectId", "objectType"}),
        "the page shows names of the retired Azure AD Graph",
    ),
    "directoryobject-getbyids-1": (frozenset({"accountEnabled"}), "no property of a user's default set in recorded traffic"),
    "group-get-2": (frozenset({"id"}), "not selected"),
    "group-list-transitivemembers-2": (frozenset({"@odata.id", "organizationId"}), "neither stands in a recorded list"),
    "organization-get-1": (frozenset({"value"}), "the page shows the list; the path names one object"),
    "serviceprincipal-get-1": (
        frozenset({"endpoints", "publisherName"}),
        "a relationship, and no property of the schema of 2026",
    ),
    "serviceprincipal-post-serviceprincipals-1": (frozenset({"publisherName"}), "no property of the schema of 2026"),
    "user-list-1": (
        frozenset({"mailNickname", "otherMails", "proxyAddresses"}),
        "no properties of a user's default set in recorded traffic",
    ),
    "user-list-7": (frozenset({"displayName"}), "not selected"),
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
