"""Sign-in: discovery, authorize, token and what belongs to them, as Entra answers."""
