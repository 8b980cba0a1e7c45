"""What Graph is asked while a tenant is read: each question a value, by which its answer is found again, and
its items typed.

`Json` are bodies as Graph sends them: which properties they have, the request selects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from entra_config.kinds.details import Detail, RoleHolding, Row

Item = TypeVar("Item")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question(Generic[Item]):
    """One list, or one object: its answer are items, none where Graph says 404."""

    def read(self, item: Json) -> Item:
        """Return what an item of Graph's answer says; its body as it is, where nothing else is said."""
        return item  # type: ignore[return-value]  # questions whose items are no bodies say how they are read


@dataclass(frozen=True, slots=True)
class Only(Question[Json]):
    """What there is but one of in a tenant, in words."""

    what: str


ORGANIZATION = Only("the tenant: its name and domains")
OUR_APPLICATIONS = Only("live applications with this owner's mark")
OUR_PRINCIPALS = Only("live service principals with this owner's mark")
DELETED_APPLICATIONS = Only("the tenant's deleted applications")
DELETED_PRINCIPALS = Only("the tenant's deleted service principals")
MARKED_APPLICATIONS = Only("applications with any owner's mark")
DELETED_URIS = Only("the identifier URIs of deleted applications")
DEFAULT_APP_POLICY = Only("the app management policy of applications that have none of their own")
APP_POLICIES = Only("the app management policies that applications may have of their own")
AUTHORIZATION_POLICY = Only("what people may do without a directory role")
DOMAINS = Only("the tenant's domains, verified or not")
SUBSCRIPTIONS = Only("what the tenant subscribes to")
GRAPH_PERMISSIONS = Only("the permissions that Microsoft Graph's own service principal offers in this tenant")
DIRECTORY_QUOTA = Only("how many objects the tenant has, and how many it may have")


@dataclass(frozen=True, slots=True)
class Of(Question[Json]):
    """What is asked of one name, id or address, or of a number of them; each type of question is a class
    of its own.
    """

    of: str


class ApiOfOthers(Of):
    """The service principals that the manifest's name for an application of others may mean."""


@dataclass(frozen=True, slots=True)
class NameBearers(Question[Json]):
    """Who bears a name: `type` is user, group or servicePrincipal, or marks, of which the name is
    project/environment/key.
    """

    type: str
    name: str


class ByIds(Of):
    """The directory objects of a number of ids, told from another such question by its number."""


class ApplicationByAppId(Of):
    """The live application with an appId."""


class PrincipalByAppId(Of):
    """The live service principal with an appId."""


class UniqueNameHolder(Of):
    """The live application that holds a uniqueName."""


class GroupMembers(Of):
    """The direct members of a group, without service principals (known issues of v1.0)."""


class GroupFacts(Of):
    """A group by itself, without who is in it."""


class GroupOwners(Of):
    """The owners of a group."""


class HeldAt(Of):
    """Who holds application permissions of an API, by its appId."""


class DirectoryRoles(Of):
    """The directory roles of a tenant: their definitions, or who is assigned to which, by the list's name."""


class ExpandedGroup(Of):
    """A group with up to 20 of its members, service principals among them."""


class DeployerRegistration(Of):
    """The registration behind a deployer: how one signs in through it."""


class OthersRegistration(Of):
    """The registration, in this tenant, of what the manifest names as others': its marks."""


class Certificates(Of):
    """The certificates of an application or service principal that was read without them."""


class AllCertificates(Of):
    """The certificates of all objects of a collection."""


@dataclass(frozen=True, slots=True)
class HeldBy(Question[RoleHolding]):
    """The roles that an application of others holds, by its id."""

    of: str

    def read(self, item: Json) -> RoleHolding:
        """Return the item as an assignment."""
        return RoleHolding.read(item)


class ExternalPrincipal(Of):
    """A service principal that the manifest does not know, for its name; or a number of them."""


class UriHolders(Of):
    """Live applications that hold an identifier URI, which is in lower case."""


class AppPolicyObjects(Of):
    """The applications and service principals that have an app management policy of their own, by its id."""


class EditedPins(Of):
    """The objects that edited pins lead to, told from another such question by its number."""


class Bearers(NameBearers):
    """Who else bears the name of an edited pin."""


class EditedApplication(Of):
    """The application that an edited pin leads to."""


class Lookup(Of):
    """Who or what somebody means by what he typed, by the property that the text is looked for in."""


class GroupsOf(Of):
    """The groups that a person is in, directly or through other groups, by the person's id."""


@dataclass(frozen=True, slots=True)
class About(Question[Row]):
    """What a kind asks about an application that was found, by its key."""

    key: str
    detail: Detail[Row]

    def read(self, item: Json) -> Row:
        """Return the item as its kind reads it."""
        return self.detail.read(item)
