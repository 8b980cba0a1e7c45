"""One declared secret, or generated certificate, in; its next one made, kept in its sink, proven and the last
one taken away after the overlap, out.

Each line may be the last: what follows finds what is there. Before 1 to 4 the mark of this run is looked for:
a run that came later, and took over, has written its own, and this one stops.

1 the application is marked, and read; the sink is proven writable, and says what it keeps
2 those of this label that never came to the sink (orphans) are removed; those whose overlap is over, once the
   sink's copy signed in
3 one more is made; its name says label, run and place
4 the sink keeps it; where another run removed it meanwhile, 3 again
5 the sink's copy signs in, tried again while replicas are behind
6 the one before stays for the overlap, until a later run's 2
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entra_config.credentials import life
from entra_config.credentials.holding import LostError, Made, Time
from entra_config.credentials.life import SecretKey, Stand
from entra_config.errors import GraphError, RefusedError, SinkError
from entra_config.graph.authority import SignInTry
from entra_config.hidden import Hidden
from entra_config.kinds.secret_names import SecretName
from entra_config.manifest.sinks import Content, DeclaredSecret, Keeper, Sink
from entra_config.manifest.until import format_end

LAG = 300.0  # seconds that a new secret may need until it signs in
STEP = 10.0
TRIES = 3


class Changed(Protocol):
    """The registration of one application, with the credentials of one type."""

    @property
    def app_id(self) -> str:
        """Return whose they are."""

    async def keys(self) -> list[SecretKey]:
        """Return them, as any replica knows them."""

    async def keys_since(self, mark: str) -> list[SecretKey]:
        """Return them in an answer that is no older than this call."""

    async def undisturbed(self) -> None:
        """Refuse to go on where somebody else marked it since."""

    async def add(self, name: str, end: datetime, known: list[SecretKey]) -> Made:
        """Make one more."""

    async def remove(self, key_id: str, known: list[SecretKey] | None = None) -> None:
        """Take one away."""


class SignInDoor(Protocol):
    """Where what a sink keeps signs in."""

    async def sign_in(self, app_id: str, secret: Hidden) -> SignInTry:
        """Ask for a token."""


@dataclass(frozen=True, slots=True)
class Rotating:
    """What is rotated: one secret, or certificate, of one application, the place that keeps it, and what the
    lock file adopts for it.
    """

    key: str
    declared: DeclaredSecret
    sink: Sink
    adopted: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.key}/{self.declared.label}"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of one secret: the key ids that are known to be its, the newest first; what was made and
    removed.

    Known are what this run made, what the sink keeps, and what the lock file had: a name alone proves
    nothing, as whoever owns the application can write it. `proven`: what the sink keeps signed in, in this
    run.
    """

    subject: Rotating
    key_ids: tuple[str, ...]
    made: str = ""
    removed: tuple[str, ...] = ()
    ends: datetime | None = None
    proven: bool = False


class Rotation:
    """Carries one secret through its life. Time, chance and what is told are arguments."""

    def __init__(
        self,
        subject: Rotating,
        registration: Changed,
        keeper: Keeper,
        authority: SignInDoor,
        *,
        time: Time,
        draw: Callable[[], str],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._subject, self._registration, self._keeper, self._authority = (
            subject,
            registration,
            keeper,
            authority,
        )
        self._time, self._draw, self._say = time, draw, say
        self._removed: list[str] = []

    async def run(self, *, only_due: bool) -> Rotated:
        """Make the next one where it is due, or asked for; take away what is left over."""
        keys = await self._registration.keys()
        content = await self._keeper.content()
        stand = self._stand(keys, content)
        if only_due and not (stand.why or stand.orphans or stand.done):
            return self._outcome(keys, stand)
        if not only_due:
            self._check_overlap(stand)
        # Whatever a run did that was killed a moment ago is in this answer, and one that is alive stops.
        keys = await self._registration.keys_since(self._draw())
        # A program is proven by what is kept already, so nobody may keep another meanwhile.
        await self._registration.undisturbed()
        await self._keeper.prove()
        stand = self._stand(keys, await self._keeper.content())
        if not only_due:
            self._check_overlap(stand)  # another run may have come to its end since
        keys, proven = await self._tidied(keys, stand)
        if only_due and not stand.why:
            return self._outcome(keys, stand, proven=proven)
        made, keys = await self._made_and_kept(keys)
        await self._prove(made, before=bool(stand.current or stand.overlapping))
        ends = self._subject.declared.end(self._time.now())
        return self._outcome(keys, stand, made=made.key_id, ends=ends, proven=True)

    def _check_overlap(self, stand: Stand) -> None:
        """Refuse to make another one that nothing asks for, while the one before is still accepted."""
        if stand.why or not stand.overlapping:
            return
        until = stand.current.start + self._subject.declared.overlap if stand.current else self._time.now()
        commands = " and ".join(
            f"`entra-config credentials remove {self._subject.key} {key.key_id}`" for key in stand.overlapping
        )
        remedy = f"{commands} {'take them' if len(stand.overlapping) > 1 else 'takes it'} away first"
        raise RefusedError(
            f"{self._subject.name}: the one before is in its overlap until {format_end(until)}; {remedy}"
        )

    def _stand(self, keys: list[SecretKey], content: Content) -> Stand:
        subject = self._subject
        return life.stand(
            subject.declared,
            subject.sink.digest,
            keys,
            content.kept,
            self._time.now(),
            adopted=subject.adopted,
        )

    async def _tidied(self, keys: list[SecretKey], stand: Stand) -> tuple[list[SecretKey], bool]:
        """Remove orphans, and what is done; return what is left, and whether the copy signed in."""
        for orphan in stand.orphans:
            keys = await self._without(keys, orphan, "it never came to its sink")
        if not stand.done:
            return keys, False
        copy = (await self._keeper.content()).copy
        if copy is not None:
            signed_in = await self._authority.sign_in(self._registration.app_id, copy)
            if signed_in.refused and not stand.why:
                what = f"what {self._subject.sink.reported} keeps does not sign in ({signed_in.refused})"
                raise SinkError(
                    f"{self._subject.name}: {what}: nothing was removed; `credentials rotate "
                    f"{self._subject.key}`"
                )
            if signed_in.refused:
                return keys, False
        for old in stand.done:
            why = "it has ended" if old.end <= self._time.now() else "its overlap is over"
            keys = await self._without(keys, old, why)
        return keys, copy is not None

    async def _without(self, keys: list[SecretKey], gone: SecretKey, why: str) -> list[SecretKey]:
        await self._registration.undisturbed()
        await self._registration.remove(gone.key_id, keys)
        self._removed.append(gone.key_id)
        self._say(f"{self._subject.name}: removed {gone.key_id}: {why}")
        return [key for key in keys if key.key_id != gone.key_id]

    async def _made_and_kept(self, keys: list[SecretKey]) -> tuple[Made, list[SecretKey]]:
        """Make one and have it kept; once more where another run took it away before its sink had it."""
        for _ in range(TRIES):
            made, keys = await self._made(keys)
            await self._keep(made)
            try:
                await self._registration.undisturbed()
            except RefusedError:
                keys = await self._registration.keys_since(self._draw())
                if all(key.key_id != made.key_id for key in keys):
                    self._say(f"{self._subject.name}: another run removed {made.key_id}: one more is made")
                    continue
            return made, keys
        raise RefusedError(
            f"{self._subject.name}: {TRIES} times another run removed what this one made; let one run alone"
        )

    async def _made(self, keys: list[SecretKey]) -> tuple[Made, list[SecretKey]]:
        """Make a secret; where the answer was lost, what it may have made goes before another is made."""
        subject = self._subject
        for _ in range(TRIES):
            run = self._draw()[:16]
            end = subject.declared.end(self._time.now())
            await self._registration.undisturbed()
            try:
                made = await self._registration.add(
                    str(SecretName(subject.declared.label, run, subject.sink.digest)), end, keys
                )
            except LostError:
                self._say(
                    f"{subject.name}: no response came to addPassword: what it may have made is "
                    "taken away first"
                )
                keys = await self._registration.keys_since(self._draw())
                for lost in [key for key in keys if key.made is not None and key.made.run == run]:
                    keys = await self._without(keys, lost, "nobody was told its value")
                continue
            self._say(f"{subject.name}: made {made.key_id}")
            return made, [SecretKey(made.key_id, "", self._time.now(), end), *keys]
        raise GraphError(
            f"{subject.name}: {TRIES} times no response came to addPassword; run the same again later"
        )

    async def _keep(self, made: Made) -> None:
        """Hand the secret to its sink; where that fails, ask what it keeps before it is tried again."""
        for attempt in range(1, TRIES + 1):
            # What another run found in no sink it may have taken away: a sink keeps nothing that is gone.
            await self._registration.undisturbed()
            try:
                await self._keeper.keep(made.value, made.key_id)
                return
            except SinkError:
                if attempt == TRIES:
                    raise
                await self._time.sleep(STEP * attempt)

    async def _prove(self, made: Made, *, before: bool) -> None:
        copy = (await self._keeper.content()).copy
        what = f"what {self._subject.sink.reported} keeps"
        if copy is None:
            what, copy = (
                f"what was sent to {self._subject.sink.reported}, which gives nothing back,",
                made.value,
            )
        await self.signs_in(copy, what, before=before)
        self._say(f"{self._subject.name}: {what} signs in")

    async def signs_in(self, copy: Hidden, what: str, *, before: bool) -> None:
        """Sign in with a copy, again and again while replicas are behind."""
        start = self._time.now()
        while True:
            signed_in = await self._authority.sign_in(self._registration.app_id, copy)
            if not signed_in.refused:
                return
            waited = (self._time.now() - start).total_seconds()
            if not signed_in.passes or waited >= LAG:
                message = f"{what} does not sign in: {signed_in.refused}"
                rest = "; the one before was not removed" if before else ""
                raise SinkError(f"{self._subject.name}: {message}{rest}")
            await self._time.sleep(STEP)

    def _outcome(
        self,
        keys: list[SecretKey],
        stand: Stand,
        *,
        made: str = "",
        ends: datetime | None = None,
        proven: bool = False,
    ) -> Rotated:
        known = {*self._subject.adopted, made}
        if stand.current is not None and stand.proven:
            known.add(stand.current.key_id)
        newest = sorted((key for key in keys if key.key_id in known), key=lambda key: key.start, reverse=True)
        return Rotated(
            self._subject, tuple(key.key_id for key in newest), made, tuple(self._removed), ends, proven
        )
