"""Read and write what the emulator remembers about a state folder, in a folder outside any checkout.

A checkout can contain a state folder that somebody planted. So the record decides which certificate and keys
the emulator made, and which process serves; nothing in the state folder does.
"""

import contextlib
import hashlib
import json
import os
import shlex
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from entra_emulator.program import program_name
from entra_emulator.state import processes, state_files
from entra_emulator.state.state_files import StateError, User

FOLDER = "entra-emulator"


class HeldError(StateError):
    """Another server has the state folder."""


@dataclass(frozen=True)
class Run:
    """A server: its process, where it answers, the secret that proves it, and who may deploy there."""

    pid: int
    # As `processes.find` reports it.
    started: str
    host: str
    port: int
    secret: str = field(repr=False)
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)

    @property
    def origin(self) -> str:
        """Return the URL under which all of it answers."""
        return f"https://localhost:{self.port}"

    def is_alive(self, user: User) -> bool:
        """Return True if the process still runs: its start time and user are those of the record."""
        return processes.find(self.pid) == processes.Process(self.started, user.uid)


@dataclass(frozen=True)
class StateRecord:
    """What the emulator made in a folder, by the SHA-256 of each file, and the server that runs on it."""

    folder: str
    made: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None


def users() -> list[User]:
    """Return the user of this process and, for root under sudo, the user who called sudo."""
    uid = os.geteuid()
    found = [User(uid, Path.home())]
    caller = os.environ.get("SUDO_UID", "")
    if uid == 0 and caller.isdecimal() and caller != "0":
        # Windows has no such module, and its Python imports this one.
        import pwd

        with contextlib.suppress(KeyError):
            found.append(User(int(caller), Path(pwd.getpwuid(int(caller)).pw_dir)))
    return found


def read(state: Path) -> tuple[User, StateRecord]:
    """Return whose emulator it is and its record, an empty one if there is none; StateError if the folder is
    not safe.
    """
    key = os.path.realpath(state)
    for user in users():
        found = _read(user, key)
        if found is not None:
            state_files.check_folder(state, user)
            return user, found
    state_files.check_folder(state, users()[0])
    return users()[0], StateRecord(key)


def read_made(state: Path, names: Iterable[str]) -> dict[str, bytes] | None:
    """Return what the files contain, or None unless the emulator made every one of them as it is."""
    user, record = read(state)
    found = {}
    for name in names:
        data = state_files.read_own(state / name, user)
        if data is None or record.made.get(name) != _digest(data):
            return None
        found[name] = data
    return found


def write_made(state: Path, made: Mapping[str, bytes]) -> None:
    """Write files into a state folder and remember that the emulator made them."""
    _, record = read(state)
    for name, data in made.items():
        state_files.write_private(state / name, data)
    known = {**record.made, **{name: _digest(data) for name, data in made.items()}}
    _write(replace(record, made=known))


def write_run(state: Path, run: Run | None) -> None:
    """Remember the server that runs on a folder, or that none does."""
    _write(replace(read(state)[1], run=run))


@contextlib.contextmanager
def hold(state: Path) -> Iterator[None]:
    """Hold a state folder for one server, at most until this process ends; HeldError if another has it."""
    read(state)  # refuses an unsafe folder
    path = _make_folder() / f"{_name(os.path.realpath(state))}.lock"
    with contextlib.ExitStack() as opened:
        with _report_unwritable(path):
            file = opened.enter_context(path.open("a", encoding="utf-8"))
        try:
            # Windows has no such module.
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except BlockingIOError as error:
            raise HeldError(f"another emulator serves {state}, or starts there") from error
        yield


def is_held(state: Path) -> bool:
    """Return True if a server has the state folder."""
    try:
        with hold(state):
            return False
    except HeldError:
        return True


def find_ca(state: Path) -> Path:
    """Return the CA file that clients may trust; StateError unless the emulator made it."""
    path = state / state_files.CA_FILE
    if read_made(state, [state_files.CA_FILE]) is None:
        what = (
            "there is none" if not path.exists() else "the emulator of this user did not make the one there"
        )
        raise StateError(
            f"{path} cannot be trusted as the emulator's certificate: {what}. Make a new one:\n"
            f"{program_name()} start --state {shlex.quote(str(state))}"
        )
    return path


def find_renamed(state: Path) -> StateRecord | None:
    """Return the record of the folder that was renamed to this one while its server runs, or None."""
    user, own = read(state)
    data = state_files.read_own(state / state_files.CA_FILE, user)
    if data is None or own.made:
        return None
    for _, record in _read_all(user):
        if record.made.get(state_files.CA_FILE) == _digest(data) and record.run and record.run.is_alive(user):
            return record
    return None


def _read(user: User, key: str) -> StateRecord | None:
    folder = _folder(user)
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise StateError(
            f"{folder} must be a folder of yours that no other user can open. Delete it, or run: "
            f"chmod 700 {shlex.quote(str(folder))}"
        )
    path = folder / _name(key)
    data = state_files.read_own(path, user)
    if data is None:
        return None
    try:
        record = _parse(data)
    except (ValueError, KeyError, TypeError) as error:
        raise StateError(
            f"{path} is damaged ({error}). Delete it: the emulator then makes a new certificate"
        ) from error
    return record if record.folder == key else None


def _parse(data: bytes) -> StateRecord:
    parsed = json.loads(data)
    run = Run(**parsed["run"]) if parsed["run"] is not None else None
    return StateRecord(str(parsed["folder"]), dict(parsed["made"]), run)


def _read_all(user: User) -> Iterator[tuple[Path, StateRecord]]:
    for path in _folder(user).glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            yield path, _parse(path.read_bytes())


def _write(record: StateRecord) -> None:
    folder = _make_folder()
    _forget_deleted_folders()
    with _report_unwritable(folder):
        state_files.write_private(folder / _name(record.folder), json.dumps(asdict(record)).encode())


def _make_folder() -> Path:
    folder = _folder(users()[0])
    with _report_unwritable(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _report_unwritable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StateError(
            f"The emulator cannot remember its certificate in {folder}: {error.strerror}. "
            "Set XDG_STATE_HOME to a folder that you can write to"
        ) from error


def _forget_deleted_folders() -> None:
    user = users()[0]
    for path, record in _read_all(user):
        # A server whose folder was renamed can be stopped as long as it has its record.
        if not Path(record.folder).exists() and not (record.run and record.run.is_alive(user)):
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.lock").unlink(missing_ok=True)


def _folder(user: User) -> Path:
    chosen = os.environ.get("XDG_STATE_HOME", "") if user.uid == os.geteuid() else ""
    # A relative path is invalid (XDG Base Directory Specification 0.8) and could lie in a checkout.
    home = Path(chosen) if Path(chosen).is_absolute() else user.home / ".local/state"
    return home / FOLDER


def _name(key: str) -> str:
    return f"{hashlib.sha256(os.fsencode(key)).hexdigest()[:32]}.json"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
