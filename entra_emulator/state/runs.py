"""Find the server of a state folder. A server counts only if it proves that it knows the record's secret."""

import hmac
import http.client
import json
import os
import secrets
import shlex
import ssl
from pathlib import Path
from typing import Any

from entra_emulator.program import program_name
from entra_emulator.state import records, state_files
from entra_emulator.state.records import Run

# A server with a large directory is busy for seconds while it saves.
ANSWER_SECONDS = 10.0


def find_run(state: Path) -> Run | None:
    """Return the server that runs on a folder, or None."""
    _, record = records.read(state)
    return record.run if record.run is not None and is_proven(state, record.run) else None


def is_proven(state: Path, run: Run) -> bool:
    """Return True if the server of a run answers and knows its secret."""
    nonce = secrets.token_hex(16)
    answer = _post(state, run, "/_emulator/prove", {"nonce": nonce})
    given = answer.get("proof") if answer else None
    return isinstance(given, str) and hmac.compare_digest(given.encode(), prove(run.secret, nonce).encode())


def ask_to_stop(state: Path, run: Run) -> None:
    """Ask a proven server to save and end."""
    _post(state, run, "/_emulator/stop", {"proof": prove_stop(run.secret)})


def find_process(state: Path) -> Run | None:
    """Return the server that the record names, if the process has its start time and user; it may hang."""
    user, record = records.read(state)
    return record.run if record.run is not None and record.run.is_alive(user) else None


def explain_absence(state: Path) -> str:
    """Return why `find_run` finds no server for a folder, and the commands that fix it."""
    ca = state / state_files.CA_FILE
    is_replaced = os.path.lexists(ca) and records.read_made(state, [state_files.CA_FILE]) is None
    found = find_process(state)
    if found is not None:
        reason = f"process {found.pid} does not answer"
        if is_replaced:
            reason = f"another program replaced {ca}, so process {found.pid} cannot be checked"
        elif not ca.exists():
            reason = f"{ca} is missing, so process {found.pid} cannot be checked"
        return f"the emulator of {state} cannot be used: {reason}. End it and start a new one:\n" + "\n".join(
            f"{program_name()} {command} --state {shlex.quote(str(state))}" for command in ("stop", "start")
        )
    if renamed := explain_rename(state):
        return renamed
    warning = f", and {ca} is not a file of this user's emulator, so a start replaces it"
    return (
        f"no emulator runs on {state}{warning if is_replaced else ''}. Start one:\n"
        f"{program_name()} start --state {shlex.quote(str(state))}"
    )


def explain_rename(state: Path) -> str:
    """Return where the server of a folder runs that was renamed while it ran, and how to stop it; "" for any
    other folder.
    """
    record = records.find_renamed(state)
    if record is None or record.run is None:
        return ""
    return (
        f"no emulator runs on {state}, but the one of {record.folder} (process {record.run.pid}) serves with "
        "this folder's certificate. Did you rename the folder? Rename it back, or stop that emulator:\n"
        f"{program_name()} stop --state {shlex.quote(record.folder)}"
    )


def prove(secret: str, nonce: str) -> str:
    """Return what shows a client who chose the nonce that the server knows the secret."""
    return _sign(secret, f"server {nonce}")


def prove_stop(secret: str) -> str:
    """Return what shows the server that the client who asks it to end knows the secret."""
    return _sign(secret, "stop")


def _sign(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()


def _post(state: Path, run: Run, path: str, body: dict[str, str]) -> dict[str, Any] | None:
    """Return what the server answers, or None if it does not; no proxy is asked."""
    made = records.read_made(state, [state_files.CA_FILE])
    if made is None or not 0 < run.port < 65536:
        return None
    trust = ssl.create_default_context(cadata=made[state_files.CA_FILE].decode("ascii"))
    connection = http.client.HTTPSConnection("localhost", run.port, timeout=ANSWER_SECONDS, context=trust)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        data = response.read(65536)
        answer = json.loads(data) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else None
