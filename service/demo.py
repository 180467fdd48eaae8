"""Serve an index, ask it one question over HTTP, print the answer with its proof, keep serving.

What `make run` shows. Knows the HTTP contract alone: it asks as any other client would.
"""

import json
import signal
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import typer

from indexer.errors import InvalidRequest, WenjuError

READY_WITHIN_S = 120.0
ANSWER_WITHIN_S = 120.0


def main(
    question: Annotated[str, typer.Argument(help="The question.")],
    index: Annotated[Path, typer.Option(help="The index folder.")] = Path(".index"),
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; another one if it is taken.")] = 8080,
) -> None:
    """Serve the index, ask it one question, print the answer, and go on serving."""
    from service.__main__ import fail, load_settings

    try:
        from service.serve import run

        port = free_port(host, port)
        settings = load_settings({"index": index, "host": host, "port": port})
        address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        threading.Thread(target=show, args=(address, question), daemon=True).start()
        try:
            run(settings)
        finally:
            # A second signal, such as the one that make sends on, has nothing left to end.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
    except WenjuError as error:
        fail(error)


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or a free one if it is taken. Raises: InvalidRequest for a wrong host."""
    from service.serve import listen

    try:
        listener = listen(host, wanted)
    except InvalidRequest as error:
        listener = listen(host, 0)
        tell(f"{error.message}: using port {listener.getsockname()[1]}")
    with listener:
        port: int = listener.getsockname()[1]
    return port


def show(address: str, question: str) -> None:
    """Wait until the service is ready, ask, and print. An error is told; the service goes on."""
    try:
        wait_until_ready(address)
        answer = fetch(f"{address}v1/ask", {"question": question})
    except HTTPError as error:
        tell(f"the question was not answered: {problem_line(error)}")
    except (URLError, TimeoutError) as error:
        tell(f"the question was not answered: {error}")
    else:
        sys.stdout.write(f"\n{lay_out(answer)}\n\n")
    sys.stdout.write(f"The page: {address}   (Ctrl-C ends the service)\n")
    sys.stdout.flush()


def wait_until_ready(address: str) -> None:
    """Return once /readyz says yes. Raises: HTTPError or URLError as it was at the end."""
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            fetch(f"{address}readyz")
            return
        except URLError as error:  # not listening yet, or (as an HTTPError) still loading
            if time.monotonic() > deadline:
                raise
            if isinstance(error, HTTPError):
                error.close()
        time.sleep(0.05)


def fetch(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """GET, or POST where there is a body. Raises: HTTPError, URLError, TimeoutError."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})
    # No proxy, whatever the environment says: the service is on this machine.
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=ANSWER_WITHIN_S) as response:
            found: dict[str, Any] = json.load(response)
    except (ConnectionError, HTTPException) as error:  # hung up on: urllib lets these through
        raise URLError(str(error)) from error
    return found


def problem_line(error: HTTPError) -> str:
    """What problem details say, on one line."""
    try:
        problem = json.load(error)
        return f"{problem['detail']} (hint: {problem['hint']})"
    except (ValueError, KeyError, TypeError):
        return str(error)


def lay_out(answer: dict[str, Any]) -> str:
    """The question, the answer, and for each citation where it stands and the words themselves."""
    lines = [f"问  {answer['question']}", f"答  {answer['answer']}"]
    for citation in answer["citations"]:
        date = f"，{citation['date']}" if citation["date"] else ""
        quote = " ".join(citation["quote"].split())
        lines.append(f"    [{citation['n']}] 《{citation['title']}》{date}")
        lines.append(f"        “{quote}”")
        lines.append(f"        {citation['source']}：{citation['start']}–{citation['end']}")
    return "\n".join(lines)


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    typer.run(main)
