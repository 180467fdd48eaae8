"""`"explain": true` shows how an answer came about, streamed or not."""

import json

from starlette.testclient import TestClient


def test_over_http(client: TestClient) -> None:
    asked = {"question": "金野以匹村的贫困户每户分到多少钱？"}
    assert "explanation" not in client.post("/v1/ask", json=asked).json()
    explained = client.post("/v1/ask", json=asked | {"explain": True}).json()["explanation"]
    assert explained["analysis"]["asks"] == "number"
    assert explained["candidates"][0]["value"]


def test_the_last_event_of_a_stream_has_it(client: TestClient) -> None:
    asked = {"question": "金野以匹村的贫困户每户分到多少钱？", "explain": True, "stream": True}
    events = client.post("/v1/ask", json=asked).text.strip().split("\n\n")
    data = next(line for line in events[-1].split("\n") if line.startswith("data: "))
    assert json.loads(data.removeprefix("data: "))["explanation"]["checked"]
