"""The rules of trust, each with what the engine is without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entra_config.actual import unique_names
from entra_config.checks.grants import GrantView
from entra_config.plan.steps import Looked
from entra_config.resource import State
from entra_emulator.embedded import AZURE_CLI
from tests.oracle.attack.switches import Off, Switch


def all_vouched(original: Any) -> Any:
    """Doubt nothing for want of a proof."""

    def doubts(manifest: Any, directory: Any) -> Any:
        return original(manifest, replace(directory, vouched=frozenset(manifest.applications)))

    return doubts


def whoever_made_it(_: Any) -> Any:
    """Let the name prove who made an application."""

    def proven(manifest: Any, responses: Any, signed_in: str, apps: Any) -> frozenset[str]:
        return frozenset(app["appId"] for app in apps if unique_names.is_of(manifest, app.get("uniqueName")))

    return proven


def made_by_a_person(original: Any) -> Any:
    """Let the client that all people share prove who made an application."""

    def proven(manifest: Any, responses: Any, signed_in: str, apps: Any) -> frozenset[str]:
        every = list(apps)
        people = [app for app in every if app.get("createdByAppId") == AZURE_CLI]
        named = {app["appId"] for app in people if unique_names.is_of(manifest, app.get("uniqueName"))}
        return frozenset(original(manifest, responses, signed_in, every)) | named

    return proven


def unseen(noun: str) -> Off:
    """Overlook what an undeclared owner or credential is called."""

    def without(original: Any) -> Any:
        return lambda *rest: [each for each in original(*rest) if not each.noun.startswith(noun)]

    return without


def given(type_: str) -> Off:
    """Give one sort of grant to whoever is doubted."""

    def without(original: Any) -> Any:
        def judge(stage: Any, view: Any) -> Any:
            if isinstance(view, GrantView) and view.grant.type == type_:
                view = replace(view, doubts={})
            return original(stage, view)

        return judge

    return without


def no_strangers(original: Any) -> Any:
    """Overlook who holds a role of a doubted API."""

    def judge(stage: Any, view: Any) -> Any:
        if isinstance(view, GrantView):
            doubts = {key: replace(doubt, external=()) for key, doubt in view.doubts.items()}
            view = replace(view, doubts=doubts)
        return original(stage, view)

    return judge


def never_cleaning(original: Any) -> Any:
    """Let no grant wait for a clean-up."""

    def ordered(*rest: Any) -> Any:
        step = original(*rest)
        return replace(step, order=replace(step.order, cleans=False))

    return ordered


def unlooked(original: Any) -> Any:
    """Read nothing again before a grant, unless a response was lost."""

    def once(watches: Any) -> Any:
        return tuple(replace(each, always=False) for each in watches)

    def looks(*rest: Any) -> Any:
        return {
            address: replace(found, owners=once(found.owners), others=once(found.others))
            for address, found in original(*rest).items()
        }

    return looks


def any_response(original: Any) -> Any:
    """Take any answer for one that is as new as the look at the owners."""

    def seen(probe: Any, response: Any, items: Any) -> Any:
        if isinstance(probe.expect, Looked) and response.ok:
            marked = {**response.body, "tags": [*response.body.get("tags", ()), probe.expect.tag]}
            response = replace(response, body=marked)
        return original(probe, response, items)

    return seen


def restored_unread(_: Any) -> Any:
    """Restore a service principal whatever can act as its application."""
    return lambda *_: frozenset()


def unpinned(_: Any) -> Any:
    """Take a name for whoever bears it."""
    return lambda named, _: named


def at_once(_: Any) -> Any:
    """Grant with the restore what can only be known after it."""
    return lambda _directory, desired, *_: (desired, State({}))


def pinned_as_found(original: Any) -> Any:
    """Let `lock` pin whatever is identified."""

    def one(manifest: Any, subject: Any, before: Any, watched: Any, found: Any, *, accepted: bool) -> Any:
        after = original(manifest, subject, before, watched, found, accepted=accepted)
        return replace(after, app_id=subject.application["appId"]) if subject.application else after

    return one


def accepted_for_ever(original: Any) -> Any:
    """Let what was accepted of one object count for any other."""

    class Everything(dict[str, frozenset[str]]):
        def get(self, _key: str, _default: Any = None) -> Any:
            return frozenset().union(*self.values())

    def manifest(*rest: Any) -> Any:
        found = original(*rest)
        return replace(found, accepted=Everything(found.accepted))

    return manifest


# Little that goes wrong by itself, a patient attacker, and time for him.
CALM = {
    "lag": 2,
    "list_lag": 2,
    "latency": 20,
    "lost": 0.0,
    "kill": 0,
    "rounds": 3,
    "patience": 6,
    "stuck": False,
    "quiet": False,
}
PROTECTED = {**CALM, "protected": True, "start": "api", "goal": "same", "compromised": False}
OPEN = {**PROTECTED, "protected": False}
WOUNDED = {**CALM, "start": "all", "goal": "same", "pinned": True, "compromised": True}
# He left our own long ago; nothing but what he left there tells.
LEFT = {**WOUNDED, "protected": False, "accepted": False}
# He owns one of ours until shortly before we look: his leaving can be read, and what he left behind cannot
# yet.
LEAVING = {
    **WOUNDED,
    "protected": True,
    "compromised": False,
    "lingering": True,
    "accepted": False,
    "latency": 200,
    "list_lag": 0,
    "lag": 0,
    "lags": (
        ("owners", 0),
        ("applications", 40),
        ("servicePrincipals", 40),
        ("federatedIdentityCredentials", 40),
    ),
}
# He owns one of ours, leaves a way in, and it is deleted.
DESERTED = {
    **WOUNDED,
    "protected": True,
    "compromised": False,
    "lingering": False,
    "accepted": False,
    "deserting": True,
}
PLANTING = ("sleeper", "sleeper", "plant", "vouch")

SWITCHES = (
    Switch(
        "what nothing proves is doubted where it is protected",
        {"checks.trust:doubts": all_vouched},
        PROTECTED,
        PLANTING,
    ),
    Switch("a deployer must have made it", {"actual.makers:proven": whoever_made_it}, PROTECTED, PLANTING),
    Switch(
        "its name must be of the series",
        {"actual.unique_names:is_of": lambda _: lambda *_: True},
        PROTECTED
        | {"start": "nothing", "goal": "destroy", "shared": True, "named": True, "deployer": "application"},
        ("mimic",),
    ),
    Switch(
        "nobody signs in through the deployer's application",
        {"actual.makers:_signs_in_alone": lambda _: lambda _: True},
        PROTECTED | {"open_door": True, "named": True, "deployer": "application"},
        PLANTING,
    ),
    Switch(
        "a person's sign-in proves nothing",
        {"actual.makers:proven": made_by_a_person},
        PROTECTED | {"deployer": "user", "open_door": False},
        PLANTING,
    ),
    *(
        Switch(f"an undeclared {noun} is a doubt", {"checks.trust:_undeclared": unseen(noun)}, LEFT)
        for noun in ("owner", "secret", "certificate")
    ),
    # One that is taken off still signs in for a while.
    Switch(
        "an undeclared federated credential is a doubt",
        {"checks.trust:_undeclared": unseen("federated credential")},
        OPEN | {"echo": 45},
        PLANTING,
    ),
    Switch(
        "a client is looked at again right before a grant",
        {"checks.watches:looks": unlooked},
        LEAVING,
        ("vanish",),
    ),
    Switch(
        "only an answer with this run's own mark counts",
        {"apply.probes:seen": any_response},
        LEAVING,
        ("vanish",),
    ),
    Switch(
        "what is taken off something unproven holds grants back until a later plan",
        {"checks.trust:doubts": all_vouched},
        OPEN | {"echo": 45},
        PLANTING,
    ),
    Switch("a doubted client gets no role", {"checks.rule:judge": given("application")}, PROTECTED, PLANTING),
    Switch(
        "a doubted client gets no consent",
        {"checks.rule:judge": given("delegated")},
        PROTECTED,
        PLANTING,
        150,
    ),
    Switch(
        "a doubted client gets no authorization",
        {"checks.rule:judge": given("authorization")},
        PROTECTED,
        PLANTING,
        150,
    ),
    Switch(
        "a doubted API of strangers gets no holder and no client",
        {"checks.rule:judge": no_strangers},
        PROTECTED | {"start": "nothing"},
        ("plant", "hold", "hold"),
    ),
    Switch(
        "a grant waits for the clean-up of its client",
        {"kinds.expansion:step_of": never_cleaning},
        WOUNDED | {"stuck": True, "owned": True},
    ),
    Switch(
        "what is restored is read before its first grant",
        {
            "states:until_restored": at_once,
            "checks.trust:kept_deleted": restored_unread,
            "checks.watches:looks": unlooked,
        },
        OPEN | {"start": "nothing"},
        ("hold", "hold", "delete"),
    ),
    Switch(
        "a service principal is restored only where nothing undeclared can act as its application",
        {"checks.trust:kept_deleted": restored_unread, "checks.watches:looks": unlooked},
        DESERTED,
        ("desert",),
    ),
    Switch(
        "lock pins nothing doubted",
        {"actual.lock:_one": pinned_as_found},
        PROTECTED | {"locks": True, "rounds": 3},
        PLANTING,
    ),
    Switch(
        "an application of others is who the lock file says, whoever bears its name or marks",
        {"manifest.environments.names:pinned": unpinned},
        OPEN | {"partner": "gone"},
        ("impersonate",),
    ),
    Switch(
        "what was accepted lapses with its application",
        {"manifest.loader:_manifest": accepted_for_ever},
        OPEN | {"start": "purged", "pinned": True, "accepted": True},
        ("entrust",),
    ),
)
