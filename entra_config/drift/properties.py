"""A finding about a property in, the question for each audit record out: the table of what the log calls
Graph's properties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from entra_config.drift.audit import Event, entries
from entra_config.drift.model import Finding
from entra_config.kinds.table import TRACES
from entra_config.kinds.trace import Part

Answer = Literal["made", "unmade", "may", "kept", "no"]

# Graph path → the audit log's property, from exported records and Microsoft's lists of tracked attributes. Of
# what is not here the log may call nothing, or something else: nobody is named for it.
PROPERTIES: Mapping[str, str] = {
    "displayName": "DisplayName",
    "identifierUris": "AppIdentifierUri",
    "signInAudience": "SignInAudience",
    "web.redirectUris": "AppAddress",
    "spa.redirectUris": "AppAddress",
    "publicClient.redirectUris": "AppAddress",
    "web.logoutUrl": "AppAddress",
    "web.homePageUrl": "WwwHomepage",
    "isFallbackPublicClient": "PublicClient",
    "web.implicitGrantSettings.enableAccessTokenIssuance": "OauthOidcResponsePolicyBitmap",
    "web.implicitGrantSettings.enableIdTokenIssuance": "OauthOidcResponsePolicyBitmap",
    "requiredResourceAccess": "RequiredResourceAccess",
    "api.oauth2PermissionScopes": "Entitlement",
    "appRoles": "Entitlement",
    "api.preAuthorizedApplications": "PreAuthorizedApplications",
    "api.knownClientApplications": "KnownClientApplications",
    "api.requestedAccessTokenVersion": "AccessTokenAcceptedVersion",
    "api.acceptMappedClaims": "AcceptMappedClaims",
    "optionalClaims": "OptionalClaims",
    "groupMembershipClaims": "GroupMembershipClaims",
    "notes": "Notes",
    "description": "Description",
    "passwordCredentials": "KeyDescription",
    "keyCredentials": "KeyDescription",
    "federatedIdentityCredentials": "FederatedIdentityCredentials",
    "appRoleAssignmentRequired": "ExplicitAccessGrantRequired",
    "accountEnabled": "AccountEnabled",
    "servicePrincipalNames": "ServicePrincipalName",
}
# What the log calls the same on a service principal; of the rest its records are mirrors.
OF_PRINCIPAL = frozenset(
    {"AccountEnabled", "ExplicitAccessGrantRequired", "KeyDescription", "ServicePrincipalName"}
)
# Of these the log is known to write the very text that Graph shows: another text is another value.
_VERBATIM = frozenset({"DisplayName", "WwwHomepage"})
_CLIENT_TYPES = {"web.redirectUris": "1", "publicClient.redirectUris": "2", "spa.redirectUris": "3"}
_ENTITLEMENT = {
    "displayName": "Name",
    "adminConsentDisplayName": "Name",
    "description": "Description",
    "adminConsentDescription": "Description",
    "value": "ClaimValue",
    "isEnabled": "IsDisabled",
    "userConsentDisplayName": "UserConsentDisplayName",
    "userConsentDescription": "UserConsentDescription",
}
_WRITES = (
    "Update ",
    "Add application",
    "Create application",
    "Add service principal",
    "Remove service principal cred",
)

Judge = Callable[[Any, Any], Answer]


def asked(finding: Finding) -> Callable[[Event], Answer] | None:
    """Return the question about a property, an entry of it, or a part that the log keeps in a property."""
    found = _judge(finding)
    if found is None:
        return None
    names, judge = found
    objects = {finding.ends.get("object", ""), finding.ends.get("principalObject", "")} - {""}
    mirror = finding.ends.get("principalObject", "")

    def answer(event: Event) -> Answer:
        if not objects & set(event.targets[:1]) or not event.activity.startswith(_WRITES):
            return "no"
        for name in names:
            if name in event.old or name in event.new:
                # What a service principal mirrors of its application loses a part on the way.
                said = _moved if event.targets[0] == mirror and name not in OF_PRINCIPAL else judge(name)
                return said(event.old.get(name), event.new.get(name))
        return "may" if event.is_stub or set(names) & event.named else "no"

    return answer


def _judge(finding: Finding) -> tuple[tuple[str, ...], Callable[[str], Judge]] | None:
    """Return the log's names of what a finding is about, and how a record's two values of each tell."""
    reported = TRACES[finding.address.kind].reported
    if isinstance(reported, Part):
        return _part(finding, reported)
    name = PROPERTIES.get(finding.path, "")
    match name:
        case "":
            return None
        case "AppAddress":
            return (name,), lambda _: _address(finding)
        case "Entitlement":
            element = finding.element[0] if isinstance(finding.element, tuple) else finding.element
            return (name,), lambda _: _entry(finding, name, element, _fields(_ENTITLEMENT), sort=finding.path)
        case "FederatedIdentityCredentials":
            return (name,), lambda _: _federated(str(finding.element))
        case "RequiredResourceAccess" | "KeyDescription" | "KnownClientApplications":
            return (name,), lambda _: _entry(finding, name, finding.element, _untold)
        case "AppIdentifierUri":
            # Identifier URIs are often recorded on the service principal only.
            return (name, "ServicePrincipalName"), lambda each: _entry(
                finding, each, finding.element, _untold
            )
        case "OauthOidcResponsePolicyBitmap":
            return (name,), lambda _: _bit(finding)
        case "SignInAudience":
            # The older records say only whether other tenants may sign in.
            return (
                name,
                "AvailableToOtherTenants",
            ), lambda each: _value(finding, each) if each == name else _bit(finding)
        case _:
            return (name,), lambda each: _value(finding, each)


def _part(finding: Finding, part: Part) -> tuple[tuple[str, ...], Callable[[str], Judge]]:
    """Return the same of what stands in a property of its application: known by its own id, its name, or
    its other end.
    """
    name = part.property
    if part.id and finding.sign == "added" and finding.ends.get(part.id):
        return (name,), lambda _: _federated(finding.ends[part.id])
    element = finding.ends.get(part.element, "").casefold() if part.element else finding.part
    if part.element and finding.path:
        return (name,), lambda _: _scope(finding, element)
    return (name,), lambda _: _entry(finding, name, element, _fields(part.fields) if part.fields else _untold)


def _entry(
    finding: Finding,
    name: str,
    element: Any,
    compare: Callable[[Finding, Any, Any], Answer],
    *,
    sort: str = "",
) -> Judge:
    """Return how the values of a list tell about one entry of it; `sort` is which of two collections in
    one list it is of.
    """

    def judge(old: Any, new: Any) -> Answer:
        was, now = (entries(name, _of_sort(side, sort) if sort else side) for side in (old, new))
        if not element or (element not in was and element not in now):
            # Of a certificate that is gone the manifest knows no key id: any that went may be it.
            return (
                "may"
                if name == "KeyDescription" and finding.sign == "removed" and was.keys() - now.keys()
                else "kept"
            )
        if element in was and element in now:
            return compare(finding, was[element], now[element]) if finding.sign == "changed" else "kept"
        if finding.sign == "changed":
            # It came anew, under the same name or id: with what it has now, or with something else.
            return compare(finding, {}, now[element]) if element in now else "unmade"
        return "made" if (element in now) == (finding.sign == "added") else "unmade"

    return judge


def _of_sort(value: Any, path: str) -> Any:
    """Return the scopes or the roles of the one list that has both: a role and a scope may share an id
    (azure-docs#81899).
    """
    return [item for item in value if _sort(item) in {path, ""}] if isinstance(value, list) else value


def _sort(item: Any) -> str:
    if not isinstance(item, Mapping):
        return ""
    return (
        "api.oauth2PermissionScopes"
        if item.get("ImpersonationAccessGrantTypes")
        else ("appRoles" if item.get("DirectAccessGrantTypes") else "")
    )


def _fields(table: Mapping[str, str]) -> Callable[[Finding, Any, Any], Answer]:
    """Return how two states of one entry tell about the fields of it that differ from the manifest."""

    def compare(finding: Finding, was: Any, now: Any) -> Answer:
        said = {_field(name, value, table, was, now) for name, value in _differing(finding)}
        if said <= {"kept"}:
            return "kept"
        return said.pop() if len(said) == 1 else "may"

    return compare


def _field(
    name: str, live: Any, table: Mapping[str, str], was: Mapping[str, Any], now: Mapping[str, Any]
) -> Answer:
    known = table.get(name)
    if known is None or (known not in was and known not in now):
        return "may"
    before, after = was.get(known), now.get(known)
    if before == after:
        return "kept"
    shown = not live if name == "isEnabled" else live
    return "made" if (after or None) == (shown or None) else "unmade"


def _differing(finding: Finding) -> Iterator[tuple[str, Any]]:
    if isinstance(finding.live, Mapping) and isinstance(finding.declared, Mapping):
        yield from finding.live.items()
    else:
        yield finding.path, finding.live


def _scope(finding: Finding, client: str) -> Judge:
    """Return how the list of authorized clients tells of one scope of one of them: its spelling is not
    known, its ids are.
    """

    def judge(old: Any, new: Any) -> Answer:
        sides = [entries("PreAuthorizedApplications", side).get(client, {}) for side in (old, new)]
        was, now = (str(finding.element).casefold() in _ids(side) for side in sides)
        if was == now:
            return "kept"
        return "made" if now == (finding.sign == "added") else "unmade"

    return judge


def _ids(entry: Mapping[str, Any]) -> set[str]:
    lists = (part for key, part in entry.items() if key != "appid" and isinstance(part, list))
    return {str(each).casefold() for part in lists for each in part}


def _untold(_: Finding, was: Any, now: Any) -> Answer:
    return "kept" if was == now else "may"


def _address(finding: Finding) -> Judge:
    """Return how the one list of redirect URIs and of the logout URL tells about one of them."""
    client = _CLIENT_TYPES.get(finding.path)

    def judge(old: Any, new: Any) -> Answer:
        was, now = (entries("AppAddress", side) for side in (old, new))
        if client is None:
            before, after = ({key[0] for key in side if key[1] == "4"} for side in (was, now))
            if before == after:
                return "kept"
            return "made" if after == ({finding.live} if finding.live else set()) else "unmade"
        element = str(finding.element)
        kinds_before, kinds_after = ({key[2] for key in side if key[0] == element} for side in (was, now))
        if (client in kinds_before) == (client in kinds_after):
            return "kept"
        return "made" if (client in kinds_after) == (finding.sign == "added") else "unmade"

    return judge


def _federated(credential: str) -> Judge:
    """Return how the list tells that a credential came: by its id, for another may bear its name later."""

    def judge(old: Any, new: Any) -> Answer:
        was, now = (
            {entry.get("Id") for entry in entries("FederatedIdentityCredentials", side).values()}
            for side in (old, new)
        )
        if (credential in was) == (credential in now):
            return "kept"
        return "made" if credential in now else "unmade"

    return judge


def _value(finding: Finding, name: str) -> Judge:
    """Return how the values of a property with one value tell."""

    def judge(old: Any, new: Any) -> Answer:
        before, after = (
            side[0] if isinstance(side, list) and len(side) == 1 else side or None for side in (old, new)
        )
        if before == after:
            return "kept"
        if finding.live is not None and not isinstance(finding.live, str | bool | int):
            return "may"
        if (after if after is not None else "") == (finding.live if finding.live is not None else ""):
            return "made"
        return "unmade" if name in _VERBATIM else "may"

    return judge


def _bit(finding: Finding) -> Judge:
    """Return how a number of bits, or one for several values, tells: which bit is which flag no fact says,
    but none is none.
    """
    live = finding.live not in {None, False, "AzureADMyOrg"}

    def judge(old: Any, new: Any) -> Answer:
        was, now = (bool(side) and side not in ([0], [False]) and side for side in (old, new))
        if was == now:
            return "kept"
        return "unmade" if live and not now else "may"

    return judge


def _moved(old: Any, new: Any) -> Answer:
    return "kept" if old == new else "may"
