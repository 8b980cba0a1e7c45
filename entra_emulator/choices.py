"""What a tenant's administrators chose: plain data in, the switches that the rules of Graph and sign-in
ask out.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_emulator.clock import is_stamp
from entra_emulator.durations import duration

_POLICY = re.compile(r"[A-Za-z0-9_-]{1,200}")
POLICY_PARTS = frozenset({"isEnabled", "applicationRestrictions", "servicePrincipalRestrictions"})
_RESTRICTED = ("passwordCredentials", "keyCredentials", "identifierUris", "audiences")
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


def _domains(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(
        isinstance(name, str) and _DOMAIN.fullmatch(name.casefold()) for name in value
    ):
        raise ValueError("is not a list of domain names")
    return tuple(dict.fromkeys(name.casefold() for name in value))


def _policy_ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(
        isinstance(name, str) and _POLICY.fullmatch(name) for name in value
    ):
        raise ValueError("is not a list of ids of permission grant policies")
    return tuple(dict.fromkeys(value))


def _people(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and "@" in name for name in value):
        raise ValueError("is not a list of user principal names")
    return tuple(dict.fromkeys(value))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")  # noqa: TRY004  # the value is wrong, not the program
    return value


def _policy_object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not set(value) <= POLICY_PARTS:
        raise ValueError(f"is no default app management policy; it has {', '.join(sorted(POLICY_PARTS))}")
    for name in ("applicationRestrictions", "servicePrincipalRestrictions"):
        for part, restrictions in _object(value.get(name)).items():
            entries = restrictions if isinstance(restrictions, list) else [*_object(restrictions).values()]
            if part not in _RESTRICTED or not all(
                isinstance(each, dict) for each in entries if each is not None
            ):
                raise ValueError(
                    f"restricts {part}; what can be restricted is {', '.join(_RESTRICTED)}, each by objects"
                )
    _restrictions(value)
    return dict(value)


def _object(value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise ValueError(f"has {value!r} where an object belongs")
    return value or {}


def _restrictions(value: Any) -> None:
    """Refuse what would be kept and never hold: a moment or a length that is none."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _restrictions(item)
    if isinstance(value, dict):
        since, longest = value.get("restrictForAppsCreatedAfterDateTime"), value.get("maxLifetime")
        if since is not None and not is_stamp(str(since)):
            raise ValueError(f"has a restrictForAppsCreatedAfterDateTime that is no time: {since!r}")
        if longest is not None and duration(str(longest)) is None:
            raise ValueError(f"has a maxLifetime that is not an ISO 8601 duration: {longest!r}")


def _quota(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ValueError("is no number of objects")


def _plan(value: Any) -> Any:
    if value not in ("P1", "free"):
        raise ValueError("is neither 'P1' nor 'free'")
    return value


def _policy(value: Any) -> Any:
    if value not in ("default", "off"):
        raise ValueError("is neither 'default' nor 'off'")
    return value


@dataclass(frozen=True)
class Choices:
    """The choices of one tenant; the defaults are a new tenant's. A later policy is one field more, with
    its line below.
    """

    # The first one is the tenant's from the beginning, the last its default domain.
    verified_domains: tuple[str, ...] = ()
    unverified_domains: tuple[str, ...] = ()
    # Whether new identifier URIs need the tenant's id, the application's, or a verified domain.
    identifier_uri_policy: Literal["default", "off"] = "default"
    # authorizationPolicy: allowedToCreateApps, and what permissionGrantPoliciesAssigned lets users grant.
    users_may_register: bool = True
    users_may_consent: bool = True
    # Permission grant policies, by id, one of which has to cover what people consent to.
    user_consent_policies: tuple[str, ...] = ("microsoft-user-default-legacy",)
    # adminConsentRequestPolicy: whether people may ask an administrator.
    users_may_request_consent: bool = False
    # Who registered no second factor, by UPN.
    users_without_mfa: tuple[str, ...] = ()
    # The default app management policy besides the restriction that identifierUriPolicy switches, as Graph's
    # beta has it.
    app_management_policy: Mapping[str, Any] = field(default_factory=dict, hash=False)
    # directorySizeQuota: how many objects the tenant holds at most, a deleted one counting as a quarter; None
    # counts nothing.
    object_quota: int | None = None
    # What the tenant subscribes to: groups are assigned to applications with P1 only (login-facts: who may
    # sign in).
    entra_plan: Literal["P1", "free"] = "P1"
    # Whether a user name and any password sign in by the password grant; else each password is wrong.
    any_password_signs_in: bool = False

    def changed(self, data: Mapping[str, Any]) -> "Choices":
        """Return these choices with those that `data` names; ValueError says what is not known or not
        possible.

        A domain that is named in one of the two lists leaves the other, but for the tenant's first.
        """
        new = dataclasses.replace(self, **read(data))
        first = self.verified_domains[:1]
        verified = (*first, *(name for name in new.verified_domains if name not in first))
        unverified = new.unverified_domains
        if "verifiedDomains" not in data:
            verified = (*first, *(name for name in verified[len(first) :] if name not in unverified))
        elif "unverifiedDomains" not in data:
            unverified = tuple(name for name in unverified if name not in verified)
        if both := set(verified) & set(unverified):
            message = f"a domain is verified or not: {', '.join(sorted(both))}"
            raise ValueError(message)
        return dataclasses.replace(new, verified_domains=verified, unverified_domains=unverified)

    def with_domain(self, domain: str) -> "Choices":
        """Return these choices with one more verified domain; the default domain stays it."""
        known = self.verified_domains
        if domain in known:
            return self
        place = max(1, len(known) - 1)
        unverified = tuple(name for name in self.unverified_domains if name != domain)
        return dataclasses.replace(
            self, verified_domains=(*known[:place], domain, *known[place:]), unverified_domains=unverified
        )

    def describe(self) -> dict[str, Any]:
        """Return the choices as plain data, as `changed` reads them."""
        values = {name: getattr(self, attribute) for name, (attribute, _) in NAMES.items()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


NAMES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "verifiedDomains": ("verified_domains", _domains),
    "unverifiedDomains": ("unverified_domains", _domains),
    "identifierUriPolicy": ("identifier_uri_policy", _policy),
    "usersMayRegister": ("users_may_register", _boolean),
    "usersMayConsent": ("users_may_consent", _boolean),
    "userConsentPolicies": ("user_consent_policies", _policy_ids),
    "usersMayAskForConsent": ("users_may_request_consent", _boolean),
    "usersWithoutMfa": ("users_without_mfa", _people),
    "defaultAppManagementPolicy": ("app_management_policy", _policy_object),
    "objectQuota": ("object_quota", _quota),
    "entraPlan": ("entra_plan", _plan),
    "anyPasswordSignsIn": ("any_password_signs_in", _boolean),
}


def read(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of Choices that `data` sets; ValueError names what is not known or not
    possible.
    """
    if unknown := set(data) - set(NAMES):
        message = f"no such choice: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}"
        raise ValueError(message)
    found = {}
    for name, value in data.items():
        attribute, parse = NAMES[name]
        try:
            found[attribute] = parse(value)
        except ValueError as error:
            message = f"{name} {error}: {value!r}"
            raise ValueError(message) from error
    return found
