"""A client of a running service, as a program of its own would be one."""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from eval.bench.processes import Serving

Part = tuple[str, tuple[str, bytes]]


def part(name: str, data: bytes | str) -> Part:
    return ("file", (name, data.encode() if isinstance(data, str) else data))


@dataclass(frozen=True, slots=True)
class Client:
    http: httpx.Client

    @classmethod
    def of(cls, service: Serving) -> "Client":
        return cls(httpx.Client(base_url=service.url, timeout=120))

    def send(self, *parts: Part, **fields: str) -> dict[str, Any]:
        """Upload, and wait for the job; its files by name."""
        texts = [(name, (None, value)) for name, value in fields.items()]
        answer = self.http.post("/v1/documents", files=[*texts, *parts])
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == f"/v1/jobs/{answer.json()['job_id']}"
        return self.job(answer.json()["job_id"])

    def job(self, job_id: str, within_s: float = 300.0) -> dict[str, Any]:
        deadline = time.monotonic() + within_s
        while True:
            job: dict[str, Any] = self.http.get(f"/v1/jobs/{job_id}").json()
            if job["state"] in ("done", "failed"):
                return job
            assert time.monotonic() < deadline, job
            time.sleep(0.05)

    def ask(self, question: str, **more: Any) -> dict[str, Any]:
        answer = self.http.post("/v1/ask", json={"question": question, **more})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sources(self, collection: str = "default") -> dict[str, str]:
        """The ids of all documents by source."""
        answer = self.http.get("/v1/documents", params={"collection": collection, "limit": 500})
        if answer.status_code == 503:
            return {}
        return {each["source"]: each["document_id"] for each in answer.json()["documents"]}

    def read(self, source: str, collection: str = "default") -> dict[str, Any]:
        """The document of a source, with its text."""
        path = f"/v1/documents/{self.sources(collection)[source]}"
        answer = self.http.get(path, params={"collection": collection})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def states(job: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {each["name"]: (each["state"], each["reason"]) for each in job["files"]}
