"""`entra-config bootstrap github`: from a manifest to its pipeline in GitHub Actions; running it again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import typer

from entra_config.cli import apply as applying
from entra_config.cli import bootstrap_options as options
from entra_config.cli import bootstrapping, wiring
from entra_config.cli.github_hub import HubName
from entra_config.cli.github_look import Asked, Survey, look
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.report import escape
from entra_config.report.lines import Line, line


def command(
    context: typer.Context,
    *,
    repository: options.RepositoryName = "",
    repository_id: options.RepositoryId = "",
    owner_id: options.OwnerId = "",
    reviewer: options.Reviewers = None,
    title: options.Title = "",
    wheel: options.Wheel = None,
    apply: options.Apply = False,
    allow: Allow = None,
    auto_approve: options.AutoApprove = False,
    check: options.Check = False,
) -> int:
    """Make the pipeline of a project in GitHub Actions: identities, `deployers`, workflows, owners,
    settings.
    """
    common = Common.of(context)
    bootstrapping.of_all_environments(common)
    lifted = wiring.words(allow)
    asked = Asked(HubName(repository, repository_id, owner_id), tuple(reviewer or ()), title, wheel)
    found = wiring.run(look(common, asked))
    _show(common, found)
    own = bootstrapping.pipeline_of(common, found.place)
    if check:
        is_open = bootstrapping.still_open(own, found.lacking, lifted, drafted=found.drafted)
        return 2 if is_open or found.writes else 0
    if not _carry_out(common, found, auto_approve=auto_approve):
        return 1
    if not apply:
        waits = bootstrapping.still_open(own, found.lacking, lifted, drafted=False)
        _next(common, own, applied=not waits)
        return 0
    code = applying.run(own, auto_approve=auto_approve, allow=lifted)
    if code in {0, 3}:
        # Who they are is known now: their pins, and the variables with their client ids.
        found = wiring.run(look(common, replace(asked, title="", wheel=None)))
        _show(common, found)
        _do(common, found)
        _lacking(common, found)
        _next(common, own, applied=True)
    return code


def _show(common: Common, found: Survey) -> None:
    bootstrapping.show(common, found.place, found.files)
    common.output.lines(_settings(found))


def _settings(found: Survey) -> Iterator[Line]:
    if found.settings:
        yield line(("GitHub", "bold"), f" {found.hub.repository.name}")
    for each in found.settings:
        yield (
            line("  ", ("+", "green"), f" {escape.text(each.says)}")
            if found.hub.admin
            else line("  ", each.line)
        )
    for note in found.notes:
        yield line("  ", ("!", "magenta"), f" {escape.text(note)}")
    if found.settings or found.notes:
        yield line()


def _carry_out(common: Common, found: Survey, *, auto_approve: bool) -> bool:
    """Write and set what is shown, once somebody said yes."""
    if not found.writes:
        return True
    sets = " and set this in GitHub" if found.hub.admin and found.settings else ""
    question = f"Write these files{sets}? Only `yes` is taken for an answer:"
    if not bootstrapping.approve(common, question, auto_approve=auto_approve):
        return False
    _do(common, found)
    return True


def _do(common: Common, found: Survey) -> None:
    bootstrapping.write(common, found.place, found.files)
    for each in found.settings if found.hub.admin else ():
        assert found.hub.admin is not None
        found.hub.admin.run(each.words)
        common.output.say(f"set: {each.says}")


def _lacking(common: Common, found: Survey) -> None:
    for said in found.lacking:
        common.output.say(said)


def _next(common: Common, own: Common, *, applied: bool) -> None:
    """Say what is left for people."""
    if applied:
        common.output.say(
            f"next: commit and push; {common.next('doctor', '--pipeline')} checks that all of it stands"
        )
    else:
        bootstrapping.next_apply(common, own)
