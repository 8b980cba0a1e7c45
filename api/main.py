"""`uvicorn api.main:app`: the settings of this process in, its ASGI application out."""

from api.app import create
from api.logs import configure
from api.settings import load

settings = load()
configure(settings.server.log_level)
app = create(settings)
