"""What Graph is asked while a tenant is read: each question a value, by which its answer is found again, and its items typed.

`Json` are bodies as Graph sends them: which properties they have, the request selects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from entra_config.kinds.details import Detail, Row

Item = TypeVar("Item")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question(Generic[Item]):
    """One list, or one object: its answer are items, none where Graph says 404."""

    def read(self, item: Json) -> Item:
        """Return what an item of Graph's answer says; its body as it is, where nothing else is said."""
        return item  # type: ignore[return-value]  # questions whose items are no bodies say how they are read


@dataclass(frozen=True, slots=True)
class Organization(Question[Json]):
    """The tenant: its name and domains."""


@dataclass(frozen=True, slots=True)
class OurApplications(Question[Json]):
    """Live applications with this owner's mark."""


@dataclass(frozen=True, slots=True)
class OurPrincipals(Question[Json]):
    """Live service principals with this owner's mark."""


@dataclass(frozen=True, slots=True)
class DeletedApplications(Question[Json]):
    """The tenant's deleted applications."""


@dataclass(frozen=True, slots=True)
class DeletedPrincipals(Question[Json]):
    """The tenant's deleted service principals."""


@dataclass(frozen=True, slots=True)
class MarkedApplications(Question[Json]):
    """Applications with any owner's mark."""


@dataclass(frozen=True, slots=True)
class ApiOfOthers(Question[Json]):
    """The service principals that the manifest's name for an application of others may mean."""

    name: str


@dataclass(frozen=True, slots=True)
class NameBearers(Question[Json]):
    """Who bears a name: `sort` is user, group or servicePrincipal."""

    sort: str
    name: str


@dataclass(frozen=True, slots=True)
class ByIds(Question[Json]):
    """The directory objects of a number of ids: `chunk` tells one such question from another."""

    chunk: str


@dataclass(frozen=True, slots=True)
class ApplicationByAppId(Question[Json]):
    """The live application with an appId."""

    app_id: str


@dataclass(frozen=True, slots=True)
class PrincipalByAppId(Question[Json]):
    """The live service principal with an appId."""

    app_id: str


@dataclass(frozen=True, slots=True)
class UniqueNameHolder(Question[Json]):
    """The live application that holds a uniqueName."""

    name: str


@dataclass(frozen=True, slots=True)
class GroupMembers(Question[Json]):
    """The direct members of a group, without service principals (known issues of v1.0)."""

    group: str


@dataclass(frozen=True, slots=True)
class ExpandedGroup(Question[Json]):
    """A group with up to 20 of its members, service principals among them."""

    group: str


@dataclass(frozen=True, slots=True)
class DeployerRegistration(Question[Json]):
    """The registration behind a deployer: how one signs in through it."""

    app_id: str


@dataclass(frozen=True, slots=True)
class OthersRegistration(Question[Json]):
    """The registration, in this tenant, of what the manifest names as others': its marks."""

    app_id: str


@dataclass(frozen=True, slots=True)
class Certificates(Question[Json]):
    """The certificates of an application that was read without them."""

    id: str


@dataclass(frozen=True, slots=True)
class Stranger(Question[Json]):
    """A service principal that the manifest does not know, for its name; or a number of them."""

    of: str


@dataclass(frozen=True, slots=True)
class UriHolders(Question[Json]):
    """Live applications that hold an identifier URI; `uri` in lower case."""

    uri: str


@dataclass(frozen=True, slots=True)
class DeletedUris(Question[Json]):
    """The identifier URIs of deleted applications."""


@dataclass(frozen=True, slots=True)
class DefaultAppPolicy(Question[Json]):
    """The app management policy of applications that have none of their own."""


@dataclass(frozen=True, slots=True)
class AppPolicies(Question[Json]):
    """The app management policies that applications may have of their own."""


@dataclass(frozen=True, slots=True)
class AppPolicyObjects(Question[Json]):
    """The applications and service principals that have an app management policy of their own, by its id."""

    policy: str


@dataclass(frozen=True, slots=True)
class AuthorizationPolicy(Question[Json]):
    """What people may do without a directory role."""


@dataclass(frozen=True, slots=True)
class Domains(Question[Json]):
    """The tenant's domains, verified or not."""


@dataclass(frozen=True, slots=True)
class Subscriptions(Question[Json]):
    """What the tenant subscribes to."""


@dataclass(frozen=True, slots=True)
class DirectoryQuota(Question[Json]):
    """How many objects the tenant has, and how many it may have."""


@dataclass(frozen=True, slots=True)
class EditedPins(Question[Json]):
    """The objects that edited pins lead to: `chunk` tells one such question from another."""

    chunk: str


@dataclass(frozen=True, slots=True)
class Bearers(Question[Json]):
    """Who else bears the name of an edited pin."""

    sort: str
    name: str


@dataclass(frozen=True, slots=True)
class EditedApplication(Question[Json]):
    """The application that an edited pin leads to."""

    app_id: str


@dataclass(frozen=True, slots=True)
class Lookup(Question[Json]):
    """Who or what somebody means by what he typed: `by` is the property that the text is looked for in."""

    by: str


@dataclass(frozen=True, slots=True)
class About(Question[Row]):
    """What a kind asks about an application that was found, by its key."""

    key: str
    detail: Detail[Row]

    def read(self, item: Json) -> Row:
        """Return the item as its kind reads it."""
        return self.detail.read(item)
