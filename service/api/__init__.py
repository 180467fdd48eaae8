"""The HTTP edge: the only place with async, pydantic models and status codes."""
