"""One request for a page of the portal: the tenant it is about, what it asks, and how its answer is made."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from entra_emulator.app import Emulator
from entra_emulator.callers import Caller
from entra_emulator.clock import SystemClock
from entra_emulator.labels import TenantLabels
from entra_emulator.login.service import SignIn
from entra_emulator.portal import assets, words
from entra_emulator.portal.actor import ChangesAs, actors, chosen
from entra_emulator.portal.banner import lines
from entra_emulator.portal.done import DoneChange
from entra_emulator.portal.door import FIELD, PortalDoor
from entra_emulator.portal.navigation import places
from entra_emulator.tenant import Tenant

# By which the traffic shows the portal's own requests of Graph.
AGENT = "entra-emulator portal"


class PortalHolds(Protocol):
    """What every page draws on."""

    service: SignIn
    emulator: Emulator
    door: PortalDoor
    # The last changes that were made in the portal, by their keys: the address of the next page has one.
    done: dict[str, DoneChange]

    def token_of(self, caller: Caller) -> str:
        """Return a Graph token of a caller, signed as sign-in signs it."""
        ...


@dataclass
class Visit:
    """One request, in one tenant."""

    held: PortalHolds
    request: Request
    tenant: Tenant
    form: Mapping[str, str] = field(default_factory=dict)
    # What was chosen in fields for files: the file's name and its bytes.
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    # The change that this very request made.
    done_key: str = ""

    @property
    def now(self) -> dt.datetime:
        """Return the emulator's time."""
        return self.held.service.now()

    @cached_property
    def labels(self) -> TenantLabels:
        """Return the labels that programs sent for this tenant."""
        return self.held.emulator.labels.of(self.tenant.tenant_id)

    @cached_property
    def actor(self) -> ChangesAs:
        """Return as whom changes are made."""
        return chosen(self.tenant, self.request.cookies.get(self.actor_cookie, ""))

    @property
    def actor_cookie(self) -> str:
        """Return the name of the cookie that remembers the person."""
        return f"{self.held.door.cookie_name}-as"

    def param(self, name: str, *known: str) -> str:
        """Return a parameter of the address; of some `known` ones, the first for any other."""
        value = self.request.query_params.get(name, "").strip()
        return value if not known or value in known else known[0]

    def path(self, *parts: str, **query: Any) -> str:
        """Return the address of a page of this tenant."""
        text = "/".join(quote(part, safe="") for part in (self.tenant.initial_domain, *parts))
        given = {name: value for name, value in query.items() if value not in ("", None)}
        return f"/portal/{text}" + (f"?{urlencode(given)}" if given else "")

    def render(self, template: str, *, status: int = 200, here: str = "", **values: Any) -> Response:
        """Render a page inside the frame."""
        now = self.now
        text = (
            _templates()
            .get_template(template)
            .render(
                visit=self,
                nav=places(self.tenant, self.path, len(self.banner)),
                tenant=self.tenant,
                here=here,
                door=self.held.door,
                field=FIELD,
                link=self.path,
                when=partial(words.when, now=now, machine=self._machine),
                age=partial(words.age, now=now),
                ends=partial(words.ends, now=now),
                count=words.count,
                brief=words.brief,
                done=self.done_change(self.done_key or self.param("done")),
                short=words.short,
                **values,
            )
        )
        return protected(self.held.door, HTMLResponse(text, status))

    @property
    def _machine(self) -> dt.datetime:
        clock = self.held.emulator.clock
        return clock.now() - clock.offset if isinstance(clock, SystemClock) else clock.now()

    @property
    def tenants(self) -> list[Tenant]:
        """Return all tenants."""
        return list(self.held.service.directory.tenants.values())

    @property
    def actors(self) -> list[ChangesAs]:
        """Return as whom changes may be made."""
        return actors(self.tenant)

    @property
    def banner(self) -> list[tuple[str, str]]:
        """Return which faults are on, each with the name by which it is switched off."""
        return lines(self.held.emulator.faults.plan, self.held.emulator.clock)

    def done_change(self, key: str) -> DoneChange | None:
        """Return a change that was made in this tenant; None if the portal does not know it any more."""
        found = self.held.done.get(key)
        return found if found and found.tenant_id == self.tenant.tenant_id else None

    def go(self, address: str) -> Response:
        """Lead the browser to another page after a change."""
        return protected(self.held.door, RedirectResponse(address, 303))

    def missing(self, what: str, name: str, here: str) -> Response:
        """Say that there is no such object, and where it is."""
        others = [t.display_name for t in self.tenants if t is not self.tenant and _holds(t, name)]
        parked = self.tenant.deleted_items.get(name)
        return self.render(
            "missing.html", status=404, here=here, what=what, name=name, others=others, parked=parked
        )


def protected(door: PortalDoor, response: Response) -> Response:
    """Let a page load this portal's own style and script, and nothing else; nobody frames or reads it."""
    own = f"{door.origin}{assets.PATH}/"
    policy = [
        "default-src 'none'",
        f"style-src {own}",
        f"script-src {own}",
        f"connect-src {door.origin}/portal/",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    response.headers["Content-Security-Policy"] = "; ".join(policy)
    for name, value in (
        ("Cache-Control", "no-store"),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ):
        response.headers[name] = value
    return response


def refusal(door: PortalDoor, reason: str, status: int = 403) -> Response:
    """Refuse a request with its reason, to a person or a program."""
    text = _templates().get_template("refused.html").render(door=door, reason=reason)
    return protected(door, HTMLResponse(text, status))


def render_part(template: str, **values: Any) -> str:
    """Render a piece of a page."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.PackageLoader("entra_emulator.portal", "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _holds(tenant: Tenant, name: str) -> bool:
    return any(name in table for table in tenant.tables.values())
