"""An empty FastAPI route, on the server that ours runs on: what HTTP costs alone.

`python -m eval.bench.peers.empty_route --index DIR --host HOST --port PORT`, as the service is
started; the index is not looked at.
"""

from argparse import ArgumentParser


def main() -> None:
    import uvicorn
    from fastapi import FastAPI

    parser = ArgumentParser()
    for name in ("--index", "--host", "--port"):
        parser.add_argument(name, required=True)
    told = parser.parse_args()
    app = FastAPI(openapi_url=None)

    @app.get("/readyz")
    @app.post("/v1/search")
    def nothing() -> dict[str, str]:
        return {}

    uvicorn.run(app, host=told.host, port=int(told.port), log_level="warning")


if __name__ == "__main__":
    main()
