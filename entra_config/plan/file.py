"""A plan in, a text that tells it apart from every other plan out; and whether a new plan is still that very
one.

The text is for comparing, never for sending: `apply FILE` plans again and carries out what it derived itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from entra_config.errors import StalePlanError, UsageError
from entra_config.moments import has_zone, parse_moment
from entra_config.plan import cut, rest
from entra_config.plan.content import Content, canonical, content
from entra_config.plan.model import Work
from entra_config.plan.options import NO_OPTIONS, Options
from entra_config.plan.rest import NOTHING, Remembered

VERSION = 3
SHOWN = 20
_TEXTS = ("project", "environment", "tenantId", "digest")
_MOMENTS = ("at", "overSince")
# The options that decide what a plan is about, so that `apply FILE` makes the same one.
_KEPT = ("targets", "purge_deleted", "strict", "expired")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a plan file says: what it is about, its digest, by object and field what it would do, the instant
    that it was made for, and the options that it was made with.
    """

    project: str
    environment: str
    tenant_id: str
    digest: str
    content: Content
    path: str = ""
    at: datetime | None = None
    kept: Remembered = NOTHING
    options: Options = NO_OPTIONS
    over_since: str = ""

    @property
    def changes(self) -> frozenset[str]:
        """Return the addresses of all that it would change, now and after a restore."""
        names = (name.removeprefix("following ") for name in self.content)
        return frozenset(name for name in names if " " not in name)

    def options_with(self, given: Options) -> Options:
        """Return the options that it was made with, and the limits that are lifted here; UsageError if others
        were given.
        """
        others = replace(given, allow=frozenset())
        if (words := " ".join(others.words())) and others != self.options:
            made = " ".join(self.options.words())
            raise UsageError(
                f"{self.path}: the plan was saved {f'with {made}' if made else 'without these options'}, but "
                f"this command has {words}. A saved plan is applied with the options that it was saved with. "
                f"Remove {words} from this command, or save a new plan with {words}."
            )
        return replace(self.options, allow=given.allow, saved=True)


def text(plan: Work, options: Options = NO_OPTIONS) -> str:
    """Return what a plan is saved as."""
    held = content(plan)
    data = {
        "version": VERSION,
        "project": plan.project,
        "environment": plan.environment,
        "tenantId": plan.tenant.id,
        **({"at": plan.at.astimezone(UTC).isoformat()} if plan.at is not None else {}),
        **({"overSince": _since(plan)} if plan.over_since is not None else {}),
        "digest": digest(plan),
        "content": held,
        "rest": _kept(digest(plan), _written(rest.kept(plan), options)),
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(data: bytes, path: str) -> Saved:
    """Read what was saved; whatever is wrong with it is an error with its place in the file that `path`
    names.
    """
    try:
        found = json.loads(data.decode())
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start}: not UTF-8; this is no plan of `plan --out`") from error
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{path}:{error.lineno}:{error.colno}: {error.msg}; this is no plan of `plan --out`"
        ) from error
    except (RecursionError, ValueError) as error:
        raise UsageError(
            f"{path}: nested too deep or numbers too long; this is no plan of `plan --out`"
        ) from error
    return _saved(path, found)


def compare(saved: Saved, plan: Work) -> None:
    """Raise StalePlanError with each object and field that moved, unless `plan` is the saved one."""
    for name, was, now in (
        ("project", saved.project, plan.project),
        ("environment", saved.environment, plan.environment),
        ("tenant", saved.tenant_id, plan.tenant.id),
    ):
        if was != now:
            raise StalePlanError(
                f"{saved.path}: made for {name} {was}, and this is {name} {now}; nothing was changed"
            )
    if saved.digest == digest(plan):
        return
    moved = list(_moved(saved.content, _as_loaded(content(plan))))
    more = [f"  and {len(moved) - SHOWN} more"] if len(moved) > SHOWN else []
    raise StalePlanError(
        "\n".join(
            [
                (
                    f"{saved.path}: the tenant or the manifest moved since this plan was made; nothing "
                    "was changed. Plan again:"
                ),
                *moved[:SHOWN],
                *more,
            ]
        )
    )


def beyond(saved: Saved, plan: Work) -> list[str]:
    """Return what a plan does that was not in the saved one, one line each; nothing where it is the rest of
    it.
    """
    if (saved.project, saved.environment, saved.tenant_id) != (
        plan.project,
        plan.environment,
        plan.tenant.id,
    ):
        return ["another project, environment or tenant"]
    return rest.beyond(saved.content, saved.kept, plan)


def digest(plan: Work) -> str:
    """Return what tells a plan from every other one: equal for two plans that would do the same, as long as
    nothing that the manifest says was over for one and not for the other.
    """
    about = (plan.project, plan.environment, plan.tenant.id)
    return _digest(about, _since(plan), _as_loaded(content(plan)))


def _since(plan: Work) -> str:
    return plan.over_since.isoformat() if plan.over_since is not None else ""


def _digest(about: tuple[str, str, str], since: str, held: Content) -> str:
    """Return the digest. Of the instant it has what that decides, the last day that was over then: between
    two such days the same plan is the same, whenever it was made.
    """
    text = canonical([VERSION, *about, held, *([since] if since else [])])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _as_loaded(held: Content) -> dict[str, dict[str, Any]]:
    """Return content as it comes out of a file."""
    plain: dict[str, dict[str, Any]] = json.loads(canonical(held))
    return plain


def _saved(path: str, data: object) -> Saved:
    if not isinstance(data, dict):
        raise _wrong(path, "the file", "an object")
    if type(data.get("version")) is not int:
        raise _wrong(path, "version", f"{VERSION}")
    if data["version"] != VERSION:
        raise UsageError(
            f"{path}: this plan was saved by another version of entra-config. Save a new one:\n"
            "  entra-config plan -e ENV --out FILE"
        )
    texts = {**data, **{name: data.get(name, "") for name in _MOMENTS}}
    for name in (*_TEXTS, *_MOMENTS):
        if not isinstance(texts.get(name), str):
            raise _wrong(path, name, "a string")
    held = _held(path, data.get("content"))
    if unknown := data.keys() - {"version", "content", "rest", *_TEXTS, *_MOMENTS}:
        raise _wrong(path, min(unknown), "no such key")
    about = (data["project"], data["environment"], data["tenantId"])
    if data["digest"] != _digest(about, texts["overSince"], held):
        raise _wrong(path, "digest", "the digest of the content")
    kept, options = _read_kept(path, data["digest"], data.get("rest"))
    return Saved(
        *about, data["digest"], held, path, _moment(path, data.get("at")), kept, options, texts["overSince"]
    )


def _written(held: Remembered, options: Options) -> dict[str, Any]:
    made_with = {name: getattr(options, name) for name in _KEPT} | {"targets": [*options.targets]}
    made_with |= {} if options.revert is None else {"revert": options.revert}
    return {**rest.written(held), "madeWith": made_with}


def _kept(digest_: str, held: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept for the rest of a plan, with what shows that it is whole and this plan's."""
    sealed = hashlib.sha256(canonical([digest_, held]).encode("utf-8", "surrogatepass")).hexdigest()
    return {**held, "digest": sealed}


def _read_kept(path: str, digest_: str, data: Any) -> tuple[Remembered, Options]:
    try:
        found = rest.read(data)
        options = Options(**{**data["madeWith"], "targets": tuple(data["madeWith"]["targets"])})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong(path, "rest", "what `plan --out` keeps there") from error
    if data != _kept(digest_, _written(found, options)):
        raise _wrong(path, "rest", "what `plan --out` keeps there")
    return found, options


def _held(path: str, held: object) -> Content:
    if not isinstance(held, dict):
        raise _wrong(path, "content", "an object")
    for name, fields in held.items():
        if not isinstance(fields, dict):
            raise _wrong(path, f"content[{name!r}]", "an object")
    return held


def _moment(path: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        zoned, moment = has_zone(text), parse_moment(text)
    except ValueError as error:
        raise _wrong(path, "at", "a time") from error
    if not zoned:
        raise _wrong(path, "at", "a time with its zone")
    return moment


def _wrong(path: str, place: str, expected: str) -> UsageError:
    return UsageError(
        f"{path}: {place}: expected {expected}; this is no plan of `plan --out`, or it was edited"
    )


def _moved(was: Content, now: Content) -> Iterator[str]:
    """Yield what differs; the requests behind it only where nothing else does."""
    names = sorted(was.keys() | now.keys(), key=lambda name: (name.startswith("step "), name))
    reported = False
    for name in names:
        if reported and name.startswith("step "):
            return
        before, after = was.get(name), now.get(name)
        if before is None or after is None:
            reported = True
            yield f"  {name}: {'is new' if before is None else 'is no longer to be done'}"
            continue
        for field in sorted(before.keys() | after.keys()):
            if before.get(field) != after.get(field):
                reported = True
                was_shown, is_shown = _apart(before.get(field), after.get(field))
                yield f"  {name}: {field or 'what is done'}: was {was_shown}, is {is_shown}"


def _apart(was: Any, now: Any) -> tuple[str, str]:
    """Return what differs of two values: of objects the keys, of lists the entries, of long texts the
    part.
    """
    match was, now:
        case dict(), dict():
            differing = [key for key in sorted(was.keys() | now.keys()) if was.get(key) != now.get(key)]
            if len(differing) == 1 and all(
                isinstance(side.get(differing[0]), dict | list) for side in (was, now)
            ):
                return _apart(was[differing[0]], now[differing[0]])
            was, now = ({key: side[key] for key in differing if key in side} for side in (was, now))
        case list(), list():
            was, now = (
                [item for item in side if item not in other] for side, other in ((was, now), (now, was))
            )
            if len(was) == len(now) == 1:
                return _apart(was[0], now[0])
    return cut.around(canonical(was), canonical(now))
