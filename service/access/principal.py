"""Who asks: a role and the collections that it covers. Knows no key, no HTTP."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a caller may do; each role may do what those before it may."""

    READER = "reader"  # search, ask, read documents
    EDITOR = "editor"  # upload, delete, reindex
    ADMIN = "admin"  # see metrics and the audit log

    def covers(self, needed: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `collections` is None for one that may see all of them."""

    name: str
    role: Role
    collections: frozenset[str] | None = None
    key_id: str | None = None  # None for a caller without a key

    def may_see(self, collection: str) -> bool:
        return self.collections is None or collection in self.collections


ANYONE = Principal("", Role.ADMIN)
"""Every caller of a service that has no keys; such a service listens on this machine alone."""

NOBODY = Principal("", Role.READER, frozenset())
"""A caller without a key where the service has keys; what is open to everybody is all it gets."""
