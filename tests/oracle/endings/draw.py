"""A seed in; a manifest of which some entries end, as plain data, and instants around their ends, out.

What is over at an instant is deleted here by a reading of its own: the days as text, compared with the text
of the instant's day.
"""

from __future__ import annotations

import copy
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from entra_emulator.seed import CONTOSO

Data = dict[str, Any]
USERS = ("alice", "bob", "carol", "dave")
GROUPS = ("Audit", "On call", "MyApp Writers")
APPLICATIONS = ("Billing", "Partner")
DELEGATED = ("User.Read", "Mail.Read", "Group.Read.All")
ROLES = ("User.Read.All", "Group.Read.All", "Mail.Read")
# A leap day, the end of a year, an ordinary day: what a calendar may get wrong.
ANCHORS = (date(2028, 2, 29), date(2027, 12, 31), date(2027, 1, 31), date(2027, 2, 28))
CERTIFICATES = {
    "one": (
        "MIIBCDCBr6ADAgECAgEHMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMMA29uZTAeFw0y\n"
        "NjAxMDEwMDAwMDBaFw0zNjAxMDEwMDAwMDBaMA4xDDAKBgNVBAMMA29uZTBZMBMG\n"
        "ByqGSM49AgEGCCqGSM49AwEHA0IABNfyd49n/IzWhW/b3ItJC+RQcNrFyH83P3Lm\n"
        "IQ4ahRLpMGntqctJPb+vDGeT0E654+sknFFfnpsUMb2y4L/KjocwCgYIKoZIzj0E\n"
        "AwIDSAAwRQIhAPMFEJ5O/cMXyMp6yZVjRn6iKrjvMgJrkURfIgba4e1rAiAZIWLm\n"
        "FfsAmXaPNYIDpBM1/uXGDIUmJg1IkhudF+g56Q==\n"
    ),
    "two": (
        "MIIBCTCBr6ADAgECAgEHMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMMA3R3bzAeFw0y\n"
        "NjAxMDEwMDAwMDBaFw0zNjAxMDEwMDAwMDBaMA4xDDAKBgNVBAMMA3R3bzBZMBMG\n"
        "ByqGSM49AgEGCCqGSM49AwEHA0IABF9TZzmGuilwwqyvgFx8r9GiAxJoG/zDFk3l\n"
        "lUitvmcJ6lguKgDZHvhwpcQH+FKSelHN+gehTwiBdN9J601Z0vYwCgYIKoZIzj0E\n"
        "AwIDSQAwRgIhAInS/Tjmg2fcfyiCOPHRTmHHokA12ZIK3q0JyYpM5/xqAiEA+Bdo\n"
        "ZB/XN07DC+9rsH5zMsQJSjyeTKm+7n6qL4zfHMM=\n"
    ),
}


class Drawn:
    """One manifest, and when it is looked at."""

    def __init__(self, seed: int, ids: dict[str, str]) -> None:
        self._chance, self._ids = random.Random(seed), ids
        self.anchor = self._chance.choice(ANCHORS)
        self.manifest = self._manifest()

    def instants(self) -> list[datetime]:
        """Return instants near the ends: the last and the first second of days, and any."""
        days = [self.anchor + timedelta(days=self._chance.randint(-3, 4)) for _ in range(2)]
        moments = ("23:59:59", "00:00:00", "23:59:59.999999", f"{self._chance.randint(0, 23):02}:30:00")
        return sorted(
            datetime.fromisoformat(f"{day} {self._chance.choice(moments)}").replace(tzinfo=UTC)
            for day in days
        )

    def _day(self) -> str | date:
        day = self.anchor + timedelta(days=self._chance.randint(-3, 3))
        return self._chance.choice([day, day.isoformat()])

    def _ends(self) -> bool:
        return self._chance.random() < 0.5

    def _named(self, name: str) -> Any:
        """Return one entry: a name, an id, both, each perhaps for a time."""
        known = self._ids.get(name)
        entry: Data = {"name": name}
        if known is not None and self._chance.random() < 0.3:
            entry = self._chance.choice([{"id": known}, {"name": name, "id": known}])
        if self._ends():
            return {**entry, "until": self._day()}
        return name if entry == {"name": name} and self._chance.random() < 0.7 else entry

    def _names(self, names: tuple[str, ...]) -> list[Any]:
        chosen = self._chance.sample(names, self._chance.randint(0, len(names)))
        entries = [self._named(name) for name in chosen]
        for name in chosen:
            known = self._ids.get(name)
            if known is not None and self._chance.random() < 0.25 and _plainly(name, entries):
                # Nobody pinned the name: that both are one person is known by the tenant alone.
                entries.append({"id": known, **({"until": self._day()} if self._ends() else {})})
        return entries

    def _lasting(self, names: tuple[str, ...]) -> list[Any]:
        chosen = self._chance.sample(names, self._chance.randint(0, len(names)))
        return [{"name": name, "until": self._day()} if self._ends() else name for name in chosen]

    def _labelled(self, values: dict[str, Data]) -> dict[str, Data]:
        return {
            label: {**value, **({"until": self._day()} if self._ends() else {})}
            for label, value in values.items()
            if self._chance.random() < 0.8
        }

    def _manifest(self) -> Data:
        roles = {"Reader": ["User"], "Writer": ["User", "Application"], "Job": ["Application"]}
        people = {
            role: {"users": self._names(USERS), "groups": self._names(GROUPS)}
            for role in ("Reader", "Writer")
        }
        for role in ("Writer", "Job"):
            if self._chance.random() < 0.7:
                people.setdefault(role, {})["servicePrincipals"] = self._names(APPLICATIONS)
        subjects = {
            name: {"issuer": f"https://{name}.example.com", "subject": name} for name in ("red", "blue")
        }
        certificates = {
            name: {"pem": f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"}
            for name, body in CERTIFICATES.items()
        }
        consents = {"delegated": self._lasting(DELEGATED), "application": self._lasting(ROLES)}
        return {
            "project": "p",
            "environments": {
                "dev": {
                    "tenantId": CONTOSO,
                    "policy": {
                        # Nothing lifts `many` for what is over.
                        "limits": {"maxPeople": 99, "maxApplications": 99, "maxRemovedPercent": 100},
                        "consent": {"Microsoft Graph": {"delegated": [*DELEGATED], "application": [*ROLES]}},
                    },
                }
            },
            "applications": {
                "api": {
                    "type": "api",
                    "displayName": "API",
                    "appRoles": {
                        role: {"description": f"{role}.", "allowedMemberTypes": members}
                        for role, members in roles.items()
                    },
                    "owners": self._names(USERS),
                },
                "job": {
                    "type": "application",
                    "displayName": "Job",
                    "apiPermissions": {
                        "Microsoft Graph": {
                            "delegated": [*DELEGATED],
                            "application": [*ROLES],
                            "adminConsent": consents,
                        },
                        "api": {
                            "application": ["Job", "Writer"],
                            "adminConsent": self._lasting(("Job", "Writer")),
                        },
                    },
                    "federatedCredentials": self._labelled(subjects),
                    "certificates": self._labelled(certificates),
                    "enterpriseApplication": {"owners": self._names(USERS[:2])},
                },
            },
            "appRoleAssignments": {"api": people},
            "grants": {"Billing": {"Microsoft Graph": {"application": self._lasting(ROLES) or [ROLES[0]]}}},
        }


def forever(manifest: Data) -> Data:
    """Return a manifest in which nothing ends."""
    return _mapped(manifest, lambda entry: {key: value for key, value in entry.items() if key != "until"})


def deleted(manifest: Data, at: datetime) -> Data:
    """Return a manifest without what is over at an instant. What `grants` only adds goes by `absent`."""
    today = at.astimezone(UTC).strftime("%Y-%m-%d")
    left = copy.deepcopy(manifest)
    for apis in left["grants"].values():
        for fields in apis.values():
            over = [each["name"] for each in fields["application"] if _over(each, today)]
            if over:
                fields["absent"] = over
    kept: Data = _without(left, today)
    return forever(kept)


def _over(entry: Any, today: str) -> bool:
    return isinstance(entry, dict) and "until" in entry and str(entry["until"]) < today


def _without(value: Any, today: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, today) for key, item in value.items() if not _over(item, today)}
    if isinstance(value, list):
        return [_without(item, today) for item in value if not _over(item, today)]
    return value


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in change(value).items()}
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    return value


def _plainly(name: str, entries: list[Any]) -> bool:
    return any(
        entry == name
        or (isinstance(entry, dict) and entry.keys() <= {"name", "until"} and entry.get("name") == name)
        for entry in entries
    )
