"""A seed in; files of a manifest in any hand, each line with the labels that it is about, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

TENANT = "11111111-1111-1111-1111-111111111111"
LABELS = ("Reader", "Writer", "Admin", "Billing.Read", "Auditor")
TEAM = ("Team.Read", "Team.Write", "Team.Admin")
GROUPS = ("All Staff", "Others", "Contractors")
BOM = "\ufeff"


@dataclass
class Drawn:
    """One file. A line belongs to no label, to one, or (in braces) to several."""

    name: str
    newline: str
    bom: bool
    ended: bool
    lines: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def add(self, line: str, *labels: str) -> None:
        """Add a line."""
        self.lines.append((line, frozenset(labels)))

    def write(self, folder: Path) -> None:
        """Write the file."""
        text = self.newline.join(line for line, _ in self.lines) + (self.newline if self.ended else "")
        (folder / self.name).write_bytes(((BOM if self.bom else "") + text).encode())


@dataclass
class Drawing:
    """A manifest: its files, the labels of its roles with who holds them."""

    random: Random
    files: list[Drawn]
    holders: dict[str, list[str]]
    anchored: frozenset[str] = frozenset()
    root: Path = Path("entra-config.yaml")


def draw(seed: int) -> Drawing:
    """Draw a manifest of a root file and a fenced one."""
    random = Random(seed)
    root, team = (
        Drawn(name, random.choice(("\n", "\r\n")), random.random() < 0.3, random.random() < 0.8)
        for name in ("entra-config.yaml", "team.yaml")
    )
    drawing = Drawing(random, [root, team], {})
    root.add("# the root file")
    root.add("project: shop   # its name")
    root.add(f"environments: {{ dev: {{ tenantId: {TENANT} }} }}")
    path_restriction = "[applications/api/appRoles/Team.*, appRoleAssignments/api/Team.*]"
    root.add(f"files: [{{ path: team.yaml, mayDeclare: {path_restriction} }}]")
    root.add("")
    root.add("applications:")
    root.add("  api:")
    root.add("    type: api")
    root.add("    displayName: API")
    _roles(drawing, root, random.sample(LABELS, random.randint(2, 4)))
    if random.random() < 0.5:
        team.add("# of the team")
    team.add("applications:")
    team.add("  api:")
    _roles(drawing, team, random.sample(TEAM, random.randint(2, 3)))
    return drawing


def _roles(drawing: Drawing, file: Drawn, labels: list[str]) -> None:
    random = drawing.random
    if random.random() < 0.25:
        roles = ", ".join(f"{label}: {_flow(random, label)}" for label in labels)
        file.add(f"    appRoles: {{ {roles} }}   # in braces", *labels)
    else:
        file.add("    appRoles:   # by label")
        if random.random() < 0.3:
            file.add("      # all of them")
            file.add("")
        anchor = random.random() < 0.3
        for number, label in enumerate(labels):
            members = f" {'&' if number == 0 else '*'}members_{file.name[:-5]}" if anchor else ""
            drawing.anchored |= {label} if anchor else set()
            _role(random, file, label, members)
            if random.random() < 0.3:
                file.add("")
    file.add("appRoleAssignments:")
    file.add("  api:")
    for label in labels:
        _holders(drawing, file, label)


def _role(random: Random, file: Drawn, label: str, members: str) -> None:
    if random.random() < 0.5:
        file.add(f"      # about {label}", label)
    comment = f"   # {label}, in short" if random.random() < 0.4 else ""
    if members or random.random() < 0.5:
        file.add(f"      {label}:{comment}", label)
        if random.random() < 0.3:
            file.add("        description: >-", label)
            file.add(f"          What {label}", label)
            file.add("          does.", label)
        else:
            file.add(f"        description: {_text(random, label)}{comment}", label)
        file.add(
            f"        allowedMemberTypes:{members}{'' if members.startswith(' *') else ' [User]'}", label
        )
        if random.random() < 0.2:
            file.add(f"        # inside {label}", label)
    else:
        file.add(f"      {label}: {_flow(random, label)}{comment}", label)


def _flow(random: Random, label: str) -> str:
    short = _text(random, label)
    return random.choice(
        (short, f"{{ description: {short} }}", f"{{description: {short},  allowedMemberTypes: [ User ] }}")
    )


def _text(random: Random, label: str) -> str:
    return random.choice((f"Does {label}.", f'"it\'s {label}: # {{no}} comment"', f"'{label}''s'"))


def _holders(drawing: Drawing, file: Drawn, label: str) -> None:
    random = drawing.random
    groups = random.sample(GROUPS, random.randint(2, 3))
    drawing.holders[label] = groups
    if random.random() < 0.4:
        file.add(f"    {label}: {{ groups: [{', '.join(groups)}] }}   # who", label)
        return
    if random.random() < 0.3:
        file.add(f"    # who has {label}", label)
    file.add(f"    {label}:", label)
    file.add("      groups:", label)
    for group in groups:
        if random.random() < 0.2:
            file.add(f"        # {group}", label, group)
        file.add(
            f"        - {random.choice((group, repr(group)))}{'   # listed' if random.random() < 0.3 else ''}",
            label,
            group,
        )
