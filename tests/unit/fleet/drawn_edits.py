"""Edits of a fleet, at random: of its files, flags or tool, each with the shards that it may touch."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from entra_emulator import seed

Texts = dict[str, str]
MYAPP = frozenset({"contoso/myapp", "fabrikam/myapp"})
CONTOSO = frozenset({"contoso/myapp", "contoso/platform"})
EVERY = MYAPP | CONTOSO
# What is edited beside files, as if it were one.
ALLOWED, TOOL = "--allow", "the tool"
Edit = Callable[[Texts, Random], frozenset[str]]


def _variable(texts: Texts, random: Random) -> frozenset[str]:
    tenant = random.choice(["contoso", "fabrikam"])
    said = f"title: T{random.randrange(10**6)}"
    texts[f"tenants/{tenant}.yaml"] = f"tenants: {{ {tenant}: {{ variables: {{ {said} }} }} }}\n"
    return frozenset({f"{tenant}/myapp"})


def _layer(texts: Texts, random: Random) -> frozenset[str]:
    texts["fleet.yaml"] = texts["fleet.yaml"].replace(
        "region: westeurope", f"region: r{random.randrange(10**6)}"
    )
    return CONTOSO


def _override(texts: Texts, random: Random) -> frozenset[str]:
    over = f"overrides: {{ myapp: {{ applications: {{ api: {{ notes: n{random.randrange(10**6)} }} }} }} }}, "
    texts["fleet.yaml"] = texts["fleet.yaml"].replace(f"{seed.FABRIKAM}, ", f"{seed.FABRIKAM}, {over}")
    return frozenset({"fabrikam/myapp"})


def _manifest(texts: Texts, random: Random) -> frozenset[str]:
    name, before, moved = random.choice([
        ("platform", "notes: before", frozenset({"contoso/platform"})),
        ("myapp", "Reader: Reads.", MYAPP),
        ("myapp", "groups: [MyApp Admins]", MYAPP),
    ])  # fmt: skip
    after = {"notes: before": "notes: after", "Reader: Reads.": "Reader: Reads all."}.get(
        before, "groups: []"
    )
    path = f"{name}/entra-config.yaml"
    texts[path] = texts[path].replace(before, after)
    return moved


def _pin(texts: Texts, random: Random) -> frozenset[str]:
    tenant = random.choice(["contoso", "fabrikam"])
    app_id = f"00000000-0000-4000-8000-{random.randrange(10**12):012d}"
    id_ = seed.CONTOSO if tenant == "contoso" else seed.FABRIKAM
    texts[f"myapp/locks/customer/{tenant}.lock.yaml"] = f"tenantId: {id_}\nrejected: [{app_id}]\n"
    return frozenset({f"{tenant}/myapp"})


def _policy(texts: Texts, random: Random) -> frozenset[str]:
    said = f"policy: {{ limits: {{ maxPeople: {random.randrange(1, 9)} }} }}"
    path = "myapp/entra-config.yaml"
    texts[path] = texts[path].replace("fleet: true", f"fleet: true, {said}")
    return MYAPP


def _newcomer(texts: Texts, random: Random) -> frozenset[str]:
    id_ = f"99999999-0000-4000-8000-{random.randrange(10**12):012d}"
    row = f"  aaa: {{ tenantId: {id_}, projects: [platform] }}\n"
    texts["fleet.yaml"] = texts["fleet.yaml"].replace("tenants:\n  contoso", f"tenants:\n{row}  contoso")
    return frozenset()


def _unseen(texts: Texts, random: Random) -> frozenset[str]:
    path = random.choice(sorted(path for path in texts if not path.endswith(".lock.yaml")))
    texts[path] = "# a comment\n\n" * random.randrange(1, 4) + texts[path]
    return frozenset()


def _flags(texts: Texts, random: Random) -> frozenset[str]:
    texts[ALLOWED] = random.choice(["many", "last", "delete", "many last"])
    return EVERY


def _tool(texts: Texts, random: Random) -> frozenset[str]:
    texts[TOOL] = f"{random.randrange(10**6)}"
    return EVERY


EDITS: tuple[Edit, ...] = (
    _variable, _layer, _override, _manifest, _pin, _policy, _newcomer, _unseen, _flags, _tool,
)  # fmt: skip
