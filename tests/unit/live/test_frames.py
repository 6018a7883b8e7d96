"""How messages look on the wire, read as RFC 6455 and RFC 9112 say."""

import json
from typing import Any

import pytest

from chat_gateway.live.messages import Wire, frame, retry_frame

SEAL = b"s" * 16


def chunks(data: bytes) -> bytes:
    """The body of a chunked message; every chunk must be as long as it says."""
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16)
        body, end, data = body + data[:length], data[length : length + 2], data[length + 2 :]
        assert end == b"\r\n"
    return body


@pytest.mark.parametrize("size", [0, 1, 100, 125, 126, 200, 65_400, 65_535, 65_600, 70_000])
@pytest.mark.parametrize("where", [None, b"w" * 90])
def test_a_websocket_frame_is_as_long_as_it_says(size: int, where: bytes | None) -> None:
    data = json.dumps({"x": "n" * size}).encode()
    sent = frame(Wire.WEBSOCKET, "change", data, where).whole(SEAL)
    length = sent[1]
    head = 2 if length < 126 else 4 if length == 126 else 10
    if length >= 126:
        length = int.from_bytes(sent[2:head], "big")
    assert sent[0] == 0x81
    assert len(sent) - head == length
    message = json.loads(sent[head:])
    wanted: dict[str, Any] = {"event": "change", "data": {"x": "n" * size}}
    if where is not None:
        wanted["cursor"] = (where + b"." + SEAL).decode()
    assert message == wanted


@pytest.mark.parametrize("where", [None, b"w" * 90])
def test_a_chunk_holds_one_whole_event(where: bytes | None) -> None:
    sent = frame(Wire.CHUNKS, "change", b"{}", where).whole(SEAL)
    text = chunks(sent)
    assert text == frame(Wire.BARE, "change", b"{}", where).whole(SEAL)
    last = b"" if where is None else b"id: " + where + b"." + SEAL + b"\n"
    assert text == b"event: change\ndata: {}\n" + last + b"\n"


def test_the_pause_is_said_in_milliseconds_and_only_where_there_is_a_line_for_it() -> None:
    assert chunks(retry_frame(Wire.CHUNKS, 1500)) == retry_frame(Wire.BARE, 1500) == b"retry: 1500\n\n"
    assert retry_frame(Wire.WEBSOCKET, 1500) == b""
