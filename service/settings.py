"""What can be set from outside: `WENJU_…` variables, a TOML file, flags; the last is strongest.

Read by `__main__`, the app factory, `Archive.open` and the `load_*` tables alone; everything else
is handed the one value that it needs. What index time and question time must agree on is not
here: it stands in the index's manifest.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.answer.abstain.refuse import REFUSE_AT


def _listed(value: object) -> object:
    """A variable and a line of TOML may hold several names with commas between them."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """The service's settings. A wrong value is an error, and so is a name that is none of them."""

    model_config = SettingsConfigDict(env_prefix="WENJU_", frozen=True, extra="forbid")

    index: Path = Path(".index")  # of the collection `default`
    # Further collections and their index folders, as JSON: {"hr": "/srv/hr.index"}.
    collections: dict[str, Path] = Field(default_factory=dict)
    state: Path = Path(".wenju")  # what the service keeps itself: keys, uploads, jobs, feedback
    reports: Path | None = None  # a folder of reports that `eval report` wrote, for the page
    audit_questions: bool = False  # are questions kept in the audit log?
    audit_max_bytes: int = Field(default=10_000_000, ge=10_000)  # of one file of it; ten are kept
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    without_keys: bool = False  # may whoever reaches an address that is not this machine's read?
    # Names that browsers reach the service by, beside localhost and the address itself.
    allowed_hosts: Names = ()
    allowed_origins: Names = ()  # sites whose pages may use it: https://intranet.example

    llm: str = "extractive"  # or local:NAME-OR-PATH, remote:URL#MODEL
    llm_timeout_s: float = Field(default=60.0, gt=0, le=3600)
    llm_total_s: float = Field(default=180.0, gt=0, le=3600)  # one text in all, silence included
    llm_max_tokens: int = Field(default=512, ge=16, le=32_768)
    llm_context_tokens: int = Field(default=8192, ge=512, le=2_000_000)
    llm_api_key: SecretStr | None = None

    # Below this confidence, the share of right answers among such ones, there is no answer.
    refuse_at: float = Field(default=REFUSE_AT, ge=0.0, le=1.0)

    rerank: str = "none"  # builtin, or st:NAME-OR-PATH, a cross-encoder for the best passages

    # Where a remote embedder is reached now, if not at the URL that the manifest names.
    embedder_url: str | None = None
    embedder_timeout_s: float = Field(default=30.0, gt=0, le=3600)
    embedder_api_key: SecretStr | None = None

    max_question_chars: int = Field(default=2000, ge=1, le=1_000_000)
    max_body_bytes: int = Field(default=1_048_576, ge=1024)  # but of an upload
    max_upload_bytes: int = Field(default=64 * 2**20, ge=1)  # a file
    max_upload_request_bytes: int = Field(default=2**30, ge=1024)  # all files of a request
    max_uploads: int = Field(default=4, ge=1, le=1000)  # requests that are received at once
    max_feedback_bytes: int = Field(default=64 * 2**20, ge=1024)  # what is kept of it in all
    heartbeat_s: float = Field(default=15.0, gt=0)  # silence after which a stream sends a comment
    shutdown_grace_s: int = Field(default=5, ge=0)  # what running requests get to end in

    # Requests under /v1 and /mcp for each key, or each address without one: 120/minute. Unset it
    # is that for all but callers on this machine without a key, who have no limit; "off" for none.
    rate_limit: str | None = None
    # Answers and searches at once. Unset: as many as there are cores, at least 2; with a remote
    # language model four times as many, as they wait for most of the time.
    max_answers: int | None = Field(default=None, ge=1, le=10_000)
    max_waiting: int = Field(default=64, ge=0, le=100_000)  # for their turn, beyond those
    max_wait_s: float = Field(default=20.0, gt=0, le=3600)
    stage_timeout_s: float = Field(default=30.0, gt=0, le=3600)  # to retrieve, to read
    answer_timeout_s: float = Field(default=240.0, gt=0, le=7200)  # the answer in all
    max_connections: int = Field(default=400, ge=1, le=100_000)
    head_timeout_s: float = Field(default=10.0, gt=0, le=3600)  # until a request's head is there
    body_timeout_s: float = Field(default=10.0, gt=0, le=3600)  # until its body is, if it is small

    log_format: Literal["text", "json"] | None = None  # unset: only what is wrong, as text

    online: bool = False  # may model names be looked up on a hub?

    @field_validator("rate_limit")
    @classmethod
    def _rate(cls, given: str | None) -> str | None:
        if given is not None and given != "off":
            from limits import parse

            try:
                parse(given)
            except ValueError:
                raise ValueError("write a rate such as 120/minute, or off") from None
        return given

    @property
    def answers_at_once(self) -> int:
        if self.max_answers is not None:
            return self.max_answers
        return max(2, os.cpu_count() or 1) * (4 if self.llm.startswith("remote:") else 1)

    @property
    def all_collections(self) -> dict[str, Path]:
        """Every collection with its index folder, the default one first."""
        return {"default": self.index} | self.collections
