"""The AADSTS codes that the emulator answers: their OAuth error, text and where they appear."""

from entra_emulator.login.catalogue_credentials import CREDENTIALS
from entra_emulator.login.catalogue_requests import REQUESTS
from entra_emulator.login.entry import AadstsEntry

CATALOGUE: dict[int, AadstsEntry] = {**REQUESTS, **CREDENTIALS}
