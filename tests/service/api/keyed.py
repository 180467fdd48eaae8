"""Keys for tests, and the heads that show them."""

from datetime import UTC, datetime
from typing import Any

from service.access.keys import KeyStore
from service.access.principal import Role

ASKED = {"question": "每户多少钱？"}


def new_key(keys: KeyStore, name: str = "甲", role: Role = Role.READER, **more: Any) -> str:
    return keys.add(name, role, now=datetime.now(UTC), **more)[1]


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}
