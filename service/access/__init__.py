"""Who may do what: principals, their roles, and the API keys that identify them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.settings import Settings


def has_keys(settings: "Settings") -> bool:
    """Whether the service asks for keys: one was made, be it revoked since.

    Raises: KeyStoreUnusable.
    """
    from service.access.keys import KeyStore

    return bool(KeyStore(settings.state).all())
