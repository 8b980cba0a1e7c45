"""Each command and each option that `--help` shows is run here, as it is typed: lines in one folder on one
tenant in, the exit code of each out.

Whether they do what they say is for the tests of each; here none may be unknown, dead or a bug.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from entra_config.cli import main
from entra_emulator import trust
from tests.unit.cli.ran import Run

# Of all commands alike: it is enough that some command is given each.
COMMON = frozenset(
    {"-e", "-f", "--no-color", "-v", "--quiet", "--cloud", "--credential", "--fleet", "--tenant"}
)

# What is typed in a new folder, and then on the worked example; the code is 0 where none stands behind `#`.
ANEW = """
init --project shop --tenant-id 22222222-2222-2222-2222-222222222222 -f shop --kind web
init --with-apps --project shop # 1
validate -f shop --format text
demo --quiet
completion bash
"""
STORY = """
validate -e dev --format github
schema --tests
schema --fleet
validate --fleet fleet.yaml --tenant contoso # 1
schema --write
schema --check
lint --min-severity E --persona regular --format json
lint --live --resolve -e dev # 1
lint --fix --dry-run
plan -e dev --base HEAD --format json # 1
plan -e dev --out plan.json --format text --detailed-exitcode --show-requests --tests --names # 2
plan -e dev --allow many --target application.api --purge-deleted --strict
plan -e dev --at 2027-01-01 --expired
apply -e dev plan.json --auto-approve --no-wait --events json --journal j.jsonl --pins skip
apply -e dev --auto-approve --digest 0000 # 1
apply -e dev --auto-approve --snapshots kept --expired
snapshot -e dev --out snapshot.json --redact
apply -e dev --auto-approve --pins pins.json --allow many --target application.api --purge-deleted --strict
apply -e dev --auto-approve --expired
export -e dev --terraform hcl
drift -e dev --since 2026-01-01 --unmanaged --names --format json --write drift
drift -e dev --last drift/drift.json --history drift
drift -e dev --base HEAD # 1
drift -e dev --revert application.api --out revert.json --allow many
access -e dev --user alice@contoso.com --role api/Reader --explain --format json
access -e dev --potential
test -k strangers --format json
test --base HEAD # 1
lock -e dev --check --accept api=00000000-0000-0000-0000-000000000000 # 1
lock -e dev --renew --reject 00000000-0000-0000-0000-000000000000 # 1
lock -e dev --renew
lock -e dev --pins pins.json
list --owner myapp/dev --format json -e dev
settings --values --output out -e dev # 1
settings --check # 2
permissions -e dev --for-plan --format json
doctor -e dev
doctor -e dev --pipeline # 1
import --app-id 00000000-0000-0000-0000-000000000000 # 1
import --name Nobody --check # 1
import --terraform-state fleet.yaml # 1
import --all --group --project all --output all -e dev
app-role add api/Auditor --description D --display-name A --for User --no-test --dry-run --no-plan -e dev
app-role add api/Auditor --description D --test --plan -e dev
app-role add api/Other --description D --all # 1
app-role add api/Other --description D --only-here # 1
app-role rename api/Reader Other --all # 1
app-role remove api/Reader --all # 1
app-role rename api/Auditor Looker --keep-value --dry-run --no-plan -e dev
app-role assign api/Auditor --user alice@contoso.com --group Audit --until 2027-12-31 --no-plan -e dev
app-role assign api/Writer --application Payroll --dry-run --plan -e dev
app-role assign api/Auditor --user alice@contoso.com --all # 1
app-role assign api/Auditor --user alice@contoso.com --only-here # 1
app-role unassign api/Auditor --user alice@contoso.com --all # 1
app-role unassign api/Auditor --user alice@contoso.com --only-here # 1
app-role unassign api/Auditor --user alice@contoso.com --group Audit --dry-run --no-plan -e dev
app-role unassign api/Writer --application devClient --dry-run --plan -e dev # 1
app-role remove api/Auditor --dry-run --no-plan -e dev
app-role list --format json -e dev
credentials list --format json --ending 30 --sinks -e dev
credentials rotate api --due --secret s --allow sink --pins p.json --format json -e dev # 1
credentials remove api 00000000-0000-0000-0000-000000000000 --auto-approve -e dev # 1
credentials adopt api 00000000-0000-0000-0000-000000000000 --secret s -e dev # 1
disable spa --auto-approve --format json -e dev
enable spa --auto-approve --format json -e dev
move project shop --unpinned --dry-run
move environment dev test --unpinned --dry-run
move key spa page --dry-run
move key spa page --all --dry-run # 1
move application spa --to elsewhere --dry-run # 1
offboard alice@contoso.com --dry-run --no-plan
bootstrap github --repository e/m --repository-id 1 --owner-id 2 --reviewer u --title T --wheel \
w.whl --replace --calling x --apply --allow many --auto-approve --check # 1
bootstrap gitlab --project e/m --url https://gitlab.example.com --image i --title T --wheel w.whl \
--replace --apply --allow many --auto-approve --check # 1
fleet list --fleet none.yaml --tag t --project p --wave 1 --chunks 2 --chunk 1 --allow many \
--base HEAD --names --json # 1
fleet github --fleet none.yaml --wheel w.whl --replace --check # 1
fleet explain a/b path # 1
fleet run a/b --fleet none.yaml --do plan --results r --base HEAD --run x --approval a --approval-id i \
--allow many --shard-timeout 9 # 1
fleet run --all --fleet none.yaml --do plan --results r --scheduler tls://x --parallel 2 --from-wave 2 # 1
fleet report r --fleet none.yaml --run x --approval a --tenant a --names --base HEAD --format html # 1
fleet lock r --fleet none.yaml --class c --report r --run x # 1
fleet doctor --fleet none.yaml --tenant t # 1
fleet check r --approval none.json --approval-id i --wave 1 # 1
fleet add n --fleet none.yaml --tenant-id t --tag t --project p # 1
fleet approve r --fleet none.yaml --class c --report r --run x --for 1h --out a.json # 1
emulator status --state s # 1
emulator start --port 0 --public-port 9443 --host 127.0.0.1 --state s --fault x --latency 0 --seed s \
--issuer-keys k --managed-identity --as-of 2022-06 --foreground --snapshot x --for manifests --choice c \
--log-size 1 --i-know-this-is-insecure-on-a-network # 1
emulator env --state s --app-id x # 1
emulator env --state s --managed-identity n --machine # 1
emulator token --state s --app-id x --scope y --user z --tenant t # 1
emulator seed az x --state s --user u --tenant t # 1
emulator rotate-keys --state s --retire # 1
emulator trust --state s --yes --remove
emulator snapshot export x.json --state s --name n --with-keys # 1
emulator snapshot save n --state s # 1
emulator snapshot restore n --state s # 1
emulator diff n now --state s # 1
emulator reset --state s # 1
emulator stop --state s
destroy -e dev --auto-approve --no-wait --events json --journal j.jsonl --allow delete
"""


def commands() -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each command with the spellings of each of its options."""
    waiting = [((name,), main.load(name)) for name in main.COMMANDS]
    while waiting:
        words, command = waiting.pop(0)
        below = getattr(command, "commands", {})
        waiting += [((*words, name), each) for name, each in below.items()]
        if not below:
            options = [
                each for each in command.params if each.param_type_name == "option" and not each.hidden
            ]
            yield " ".join(words), [[*each.opts, *each.secondary_opts] for each in options]


def lines(text: str) -> list[tuple[list[str], int]]:
    """Return the words of each line, and the exit code that it says."""
    found = [line.partition(" # ") for line in text.strip().splitlines()]
    return [(shlex.split(line), int(code or 0)) for line, _, code in found]


def test_each_command_and_option_of_help_is_typed_here() -> None:
    """Whoever adds an option types it into a line above."""
    typed = [words for words, _ in lines(ANEW + STORY)]
    for name, options in commands():
        words = name.split()
        given = {word for each in typed if each[: len(words)] == words for word in each}
        assert given, name
        for spellings in options:
            assert set(spellings) & (given | COMMON), f"{name} {spellings[0]}"
    assert {*COMMON} - {"-v", "--no-color", "--cloud", "--credential"} <= {w for each in typed for w in each}


@pytest.mark.parametrize("text", [ANEW, STORY], ids=["anew", "story"])
def test_each_line_ends_as_it_says(run: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """The exit code of each, in order; no option is unknown, and nothing is a bug."""
    # What this would do to the machine has tests of its own.
    monkeypatch.setattr(trust, "apply", lambda *_, **__: iter(()))
    for words, code in lines(text):
        ran = run(*words)
        said = f"{' '.join(words)}: exit code {ran.code}, not {code}\n{ran.out[-500:]}\n{ran.err[-800:]}"
        assert ran.code == code, said
        assert "This is a bug" not in ran.err, said
        assert "No such option" not in ran.err, said
        assert "No such command" not in ran.err, said
