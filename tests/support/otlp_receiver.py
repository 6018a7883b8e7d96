"""Somebody who takes traces, as a collector does: OTLP over HTTP, protobuf. Keeps every span."""

import gzip
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

ENCODED = ("Content-Type", "Content-Encoding")


class ReceivedSpan(NamedTuple):
    """`parent` is empty for a root."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, str]


class OtlpReceiver:
    """`with OtlpReceiver() as receiver:` listens on a port of its own; `endpoint` is for OTEL_…."""

    def __init__(self) -> None:
        self.spans: list[ReceivedSpan] = []
        self.forward_to: str | None = None  # the address of another collector, which gets all as it comes
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.forward_to is not None:
                    told = {name: self.headers[name] for name in ENCODED if self.headers[name]}
                    request = urllib.request.Request(f"{receiver.forward_to}{self.path}", body, told)
                    urllib.request.urlopen(request, timeout=10).close()
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.take(ExportTraceServiceRequest.FromString(body))
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "OtlpReceiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, request: ExportTraceServiceRequest) -> None:
        for group in request.resource_spans:
            about = {one.key: one.value.string_value for one in group.resource.attributes}
            for scope in group.scope_spans:
                self.spans += [
                    ReceivedSpan(
                        about.get("service.name", ""),
                        span.name,
                        span.trace_id.hex(),
                        span.span_id.hex(),
                        span.parent_span_id.hex(),
                        {one.key: one.value.string_value for one in span.attributes},
                    )
                    for span in scope.spans
                ]

    def trace(self, id: str) -> list[ReceivedSpan]:
        return [span for span in list(self.spans) if span.trace == id]

    def wait_for(
        self, id: str, complete: Callable[[list[ReceivedSpan]], bool], timeout: float
    ) -> list[ReceivedSpan]:
        """The spans of a trace, once they are all there; the processes send them in batches."""
        deadline = time.monotonic() + timeout
        while not complete(found := self.trace(id)):
            assert time.monotonic() < deadline, sorted((span.service, span.name) for span in found)
            time.sleep(0.2)
        return found
