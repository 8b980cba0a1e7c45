"""Find the server of a state folder. A server counts only if it proves that it knows the record's secret."""

import hmac
import http.client
import json
import secrets
import ssl
from pathlib import Path
from typing import Any

from entra_config.emulator_state import processes, records, state_files
from entra_config.emulator_state.records import Run

# A server with a large directory is busy for seconds while it saves.
ANSWER_SECONDS = 10.0


def find(state: Path) -> Run | None:
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


def find_process(state: Path) -> tuple[Run, processes.Process] | None:
    """Return the process that the record names, if its start time and user are those of the record."""
    user, record = records.read(state)
    if record.run is None:
        return None
    expected = processes.Process(record.run.started, user.uid)
    return (record.run, expected) if processes.find(record.run.pid) == expected else None


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
