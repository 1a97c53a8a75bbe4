"""Pages and live streams on one port: Granian calls this over RSGI, and it calls the WSGI application in threads.

Django's ASGI handler makes a page cost two to three times as much, so pages stay on WSGI. A view that wants to stay in
touch with a page puts an object with `run(send)` on the request (`core/streams.py`); that runs in the event loop and
holds no thread. See docs/decisions/0010-live-pages.md for what was measured.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

import structlog

from kring.core.streams import ENVIRON_KEY, Stream

SMALL = 65_536  # bytes of a body that is read before a thread is given to the request
PATIENCE = 60.0  # seconds a browser may stay silent in the middle of an upload or a download
log = structlog.get_logger(__name__)
Headers = list[tuple[str, str]]


class Upload(io.RawIOBase):
    """The body of a request, read in a thread while it comes in: never more of it in memory than is being read."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._chunks = aiter(protocol)
        self._loop = loop
        self._rest = b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with what has come in, waiting for it. Raises OSError when the browser is gone or silent."""
        while not self._rest:
            chunk = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result(PATIENCE)
            if chunk is None:
                return 0
            self._rest = chunk
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    async def _next(self) -> bytes | None:
        try:
            return bytes(await anext(self._chunks))
        except StopAsyncIteration:
            return None
        except Exception as problem:
            raise OSError("The upload broke off.") from problem


class Answer:
    """What the application answered: status and headers, and its body as an iterable that must be closed."""

    def __init__(self) -> None:
        self.status, self.headers = 500, [("Content-Type", "text/plain")]
        self.first = b""
        self.rest: Iterator[bytes] | None = None
        self.stream: Stream | None = None
        self.close: Callable[[], None] = lambda: None

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        """Take status and headers (PEP 3333)."""
        self.status, self.headers = int(status[:3]), headers


class Bridge:
    """Serves a WSGI application and its streams to Granian's RSGI interface."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.loop: asyncio.AbstractEventLoop
        self.streams: set[Stream] = set()
        self.stopping = False

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Remember the loop; when the process is asked to stop, end what would keep it waiting."""
        self.loop = loop
        for number in (signal.SIGTERM, signal.SIGINT):
            # The loop's own handler is woken by a file descriptor, whatever Python function stands here.
            signal.signal(number, self._stop)
        send_at_once()

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Let the threads go."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.loop.call_soon_threadsafe(self._end_streams)

    def _end_streams(self) -> None:
        self.stopping = True
        for stream in list(self.streams):
            stream.end()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(404)
            return
        environ = environ_of(scope)
        await self._add_body(environ, scope, protocol)
        answer = await self.loop.run_in_executor(self.pool, self._call, environ)
        if answer.stream is not None:
            await self._run(answer, protocol)
        elif answer.rest is not None:
            transport = protocol.response_stream(answer.status, answer.headers)
            await self.loop.run_in_executor(self.pool, self._send_rest, answer, transport)
        elif answer.first:
            protocol.response_bytes(answer.status, answer.headers, answer.first)
        else:
            protocol.response_empty(answer.status, answer.headers)

    async def _add_body(self, environ: dict[str, Any], scope: Any, protocol: Any) -> None:
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdecimal() or length == "0":
            environ["wsgi.input"] = io.BytesIO()
        elif int(length) <= SMALL:
            environ["wsgi.input"] = io.BytesIO(await protocol())
        else:
            environ["wsgi.input"] = io.BufferedReader(Upload(protocol, self.loop), SMALL)

    def _call(self, environ: dict[str, Any]) -> Answer:
        """Run the application, in a thread. A body of one piece is complete afterwards."""
        answer = Answer()
        body = self.application(environ, answer.start)
        answer.close = getattr(body, "close", answer.close)
        answer.stream = environ.get(ENVIRON_KEY)
        whole = False
        try:
            if answer.stream is None and isinstance(body, list):
                answer.first, whole = b"".join(body), True
            elif answer.stream is None:
                pieces = iter(body)
                answer.first = next(pieces, b"")
                second = next(pieces, None) if answer.first else None
                if second is None:
                    whole = True
                else:
                    answer.rest = _chain(answer.first, second, pieces)
        finally:
            if whole or answer.stream is not None or sys.exc_info()[0] is not None:
                answer.close()
        return answer

    def _send_rest(self, answer: Answer, transport: Any) -> None:
        """Send a body piece by piece, from a thread, as fast as the browser takes it."""
        try:
            for piece in answer.rest or ():
                asyncio.run_coroutine_threadsafe(_send(transport, piece), self.loop).result(PATIENCE)
        except (OSError, RuntimeError, TimeoutError):
            log.info("answer.broken_off")
        finally:
            answer.close()

    async def _run(self, answer: Answer, protocol: Any) -> None:
        stream = answer.stream
        if stream is None or self.stopping:
            protocol.response_empty(503, [("Retry-After", "5")])
            return
        self.streams.add(stream)
        headers = [pair for pair in answer.headers if pair[0].lower() != "content-length"]
        transport = protocol.response_stream(answer.status, headers)
        try:
            await stream.run(transport.send_bytes)
        except (OSError, RuntimeError):
            pass  # the page is gone
        finally:
            self.streams.discard(stream)
            stream.end()


def send_at_once() -> None:
    """Let no connection wait for more to send (TCP_NODELAY): a hint is a few bytes, and would wait for 40 ms.

    The server has no setting for it. A connection takes the option over from the socket that listens.
    """
    for number in map(int, filter(str.isdecimal, os.listdir("/dev/fd"))):
        try:
            kept = socket.socket(fileno=os.dup(number))
        except OSError:
            continue  # no socket
        with kept:
            try:
                if kept.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    kept.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                continue  # a socket of another kind


async def _send(transport: Any, piece: bytes) -> None:
    await transport.send_bytes(piece)


def _chain(first: bytes, second: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from others


def environ_of(scope: Any) -> dict[str, Any]:
    """Return the environ (PEP 3333) of a request, without its body."""
    host, _colon, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host or "localhost",
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        ENVIRON_KEY: None,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # else X_Forwarded_For could pass for X-Forwarded-For
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ
