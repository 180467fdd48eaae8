"""Who may do what: principals, their roles, and the API keys that identify them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.settings import Settings


def has_keys(settings: "Settings") -> bool:  # noqa: ARG001
    """Whether the service asks for keys. There is no way to make one yet."""
    return False
