"""What can be set from outside when an index is written: see `indexer/configuration.py`.

Read by `__main__` alone; everything else is handed the one value that it needs.
"""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexer.chunk import DEFAULT_MAX_CHARS, DEFAULT_OVERLAP_CHARS


class Settings(BaseSettings):
    """A wrong value is an error, and so is a name that resembles one of these and is none."""

    model_config = SettingsConfigDict(env_prefix="WENJU_", frozen=True, extra="forbid")

    embedder: str = "auto"  # e5 or builtin by size; or st:NAME-OR-PATH, remote:URL#MODEL
    embedder_url: str | None = None  # where a remote one is reached now, if it has moved
    embedder_timeout_s: float = Field(default=30.0, gt=0, le=3600)
    embedder_api_key: SecretStr | None = None
    online: bool = False  # may model names be looked up on a hub?

    max_file_mb: int = Field(default=64, ge=1, le=2000)
    chunk_chars: int = Field(default=DEFAULT_MAX_CHARS, ge=50, le=20_000)
    chunk_overlap: int = Field(default=DEFAULT_OVERLAP_CHARS, ge=0, le=5_000)
