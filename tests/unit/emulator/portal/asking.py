"""The question before a change as a text: what is asked, which request it makes, and what comes of it."""

import textwrap
from collections.abc import Iterator, Mapping

from entra_emulator.portal.proposal import DRIFT, NotThereError, Proposal
from entra_emulator.portal.proposals import PROPOSALS
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, plain, visit

_NOTES = {DRIFT: "DRIFT"}


def asked(browser: Browser, edit: str, given: Mapping[str, str]) -> str:
    """Return the question of a change, or why there is none; names stand for ids, in what is given too."""
    known = names(browser.world)
    ids = {name: row_id for row_id, name in known.items()}
    try:
        resolved = {
            key: ids.get(one) or "/".join(ids.get(part, part) for part in one.split("/"))
            for key, one in given.items()
        }
        proposal = PROPOSALS[edit](visit(browser), resolved)
    except NotThereError as error:
        return f"refused: {plain(str(error), known)}"
    lines = (plain(line, known) for line in _lines(proposal))
    return "\n".join(textwrap.fill(line, 100, subsequent_indent="  ") for line in lines)


def _lines(proposal: Proposal) -> Iterator[str]:
    yield f"{proposal.question} [{proposal.verb} | {proposal.harmless}] {proposal.look}"
    yield f"{proposal.method} {proposal.path} {'' if proposal.body is None else dict(proposal.body)}".strip()
    if proposal.first is not None:
        yield f"first {' '.join(map(str, proposal.first))}"
    for sign, lines in (("−", proposal.lost), ("+", proposal.gained), ("=", proposal.kept)):
        yield from (f"{sign} {line}" for line in lines)
    if proposal.note:
        yield "note: " + _NOTES.get(proposal.note, proposal.note.replace(DRIFT, "DRIFT"))
    for one in proposal.inputs:
        options = ", ".join((*(f"{key}: {words}" for key, words in one.options), *one.known))
        sort = "boxes" if one.boxes else "field"
        yield f"{sort} {one.name}={one.value} ({one.words}) of {options}".removesuffix(" of ")
    yield f"back to {proposal.back}" + (f", or to {proposal.made}/ID" if proposal.made else "")
