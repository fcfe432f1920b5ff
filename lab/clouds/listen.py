"""A WSGI application at a port of loopback."""

import ssl
from typing import Any


def listen(
    port: int, app: Any, context: ssl.SSLContext | None = None, handler: type | None = None
) -> Any:
    """werkzeug's server, a thread for each connection; over TLS with a context."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=handler)
    if context is not None:
        # The handshake is the thread's: werkzeug has the listener do it, and a client that is slow
        # at it, or says nothing, keeps everybody else waiting.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.ssl_context = context
    return server
