"""A WSGI application at a port of loopback."""

import ssl
from io import BytesIO
from traceback import format_exc
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app


def listen(
    port: int,
    app: Any,
    context: ssl.SSLContext | None = None,
    handler: type[WSGIRequestHandler] = WSGIRequestHandler,
) -> Any:
    """werkzeug's server, a thread for each connection; over TLS with a context."""
    kept = type("Kept", (_Kept, handler), {})
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=kept)
    if context is not None:
        # The handshake is the thread's: werkzeug has the listener do it, and a client that is slow
        # at it, or says nothing, keeps everybody else waiting.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.ssl_context = context
    return server


class _Kept(WSGIRequestHandler):
    """The connection is kept for the next request. werkzeug closes it after each, and a handshake
    takes twice as long as what is asked."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer's end waits 40 ms for its beginning
    wbufsize = -1  # one packet an answer

    def run_wsgi(self) -> None:
        self.wfile.flush()  # that it may go on, to who has asked whether
        environ = self.make_environ()
        # All of the body, or the rest would be read as the next request.
        ends = environ.get("wsgi.input_terminated")
        length = -1 if ends else int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except Exception:
            self.server.log("error", format_exc())
            chunks, status, headers = [], "500 Internal Server Error", {}
        answer = b"".join(chunks)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and code != "204":
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
