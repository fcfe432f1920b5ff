"""Serve one AWS account on loopback, http and https, until SIGTERM.

The lab's administrator is an IAM user like any other, so that it goes on working once calls are
authorised: `POST /moto-api/reset-auth` with body `0` (text/plain) switches that on, `inf` off.
"""

import argparse
import json
import signal
import ssl
import sys
import threading
from pathlib import Path

ADMINISTRATOR = "lab-admin"
EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.clouds.aws.server", description=__doc__)
    parser.add_argument("--credentials", type=Path, required=True, help="written once it listens")
    parser.add_argument("--certificate", type=Path, required=True, help="with its key")
    parser.add_argument("--http", type=int, required=True)
    parser.add_argument("--https", type=int, required=True)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from lab.clouds.aws.server.front import Front
    from lab.clouds.aws.server.rules import install

    install()
    credentials = administrator()
    app = Front(DomainDispatcherApplication(create_backend_app))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(arguments.certificate)
    servers = [
        make_server(
            "127.0.0.1",
            port,
            app,
            threaded=True,
            ssl_context=context,
            request_handler=MotoRequestHandler,
        )
        for port, context in ((arguments.http, None), (arguments.https, tls))
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    new = arguments.credentials.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(credentials))
    new.replace(arguments.credentials)
    threading.Event().wait()


def administrator() -> dict[str, str]:
    """Make the user; its access key."""
    from moto.iam.models import iam_backends

    from lab.clouds.aws import ACCOUNT

    backend = iam_backends[ACCOUNT]["aws"]
    backend.create_user("us-east-1", ADMINISTRATOR)
    backend.put_user_policy(ADMINISTRATOR, "administrator", EVERYTHING)
    key = backend.create_access_key(ADMINISTRATOR)
    return {"id": key.access_key_id, "secret": key.secret_access_key}


if __name__ == "__main__":
    main()
