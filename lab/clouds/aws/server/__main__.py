"""Serve one AWS account, or one object store of OpenShift Data Foundation, until SIGTERM.

The lab's administrator is an IAM user like any other, so that it goes on working once calls are
authorised: `POST /moto-api/reset-auth` with body `0` (text/plain) switches that on, `inf` off.
"""

import argparse
import json
import os
import signal
import ssl
import sys
import threading
from functools import cache
from pathlib import Path

from lab.clouds.listen import listen

ADMINISTRATOR = "lab-admin"
EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.clouds.aws.server", description=__doc__)
    parser.add_argument("--credentials", type=Path, required=True, help="written once it listens")
    parser.add_argument("--dialect", choices=("aws", "odf"), required=True, help="whose rules")
    parser.add_argument("--http", type=int, required=True)
    parser.add_argument(
        "--https",
        nargs=2,
        action="append",
        required=True,
        metavar=("PORT", "FILE"),
        help="certificate and key",
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    if arguments.dialect == "odf":
        # A dot in its host's name does not make it a bucket's. Read when moto is loaded.
        os.environ["S3_IGNORE_SUBDOMAIN_BUCKETNAME"] = "true"
    from moto.core import utils
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )

    from lab.clouds.aws.server.front import Front, look
    from lab.clouds.aws.server.rules import install, policies
    from lab.clouds.odf.look import Look

    if arguments.dialect == "aws":
        install()
        credentials, judge = administrator(), look
    else:
        policies()
        credentials = administrator()
        judge = Look(credentials["id"])
    moto = DomainDispatcherApplication(create_backend_app)
    # Each looks through hundreds of folders, again and again: of its services, and of botocore's.
    moto.get_backend_for_host = cache(moto.get_backend_for_host)
    utils.create_loader = cache(utils.create_loader)
    app = Front(moto, judge)
    servers = [
        listen(port, app, context, MotoRequestHandler)
        for port, context in (
            (arguments.http, None),
            *((int(port), secured(file)) for port, file in arguments.https),
        )
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    new = arguments.credentials.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(credentials))
    new.replace(arguments.credentials)
    threading.Event().wait()


def secured(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


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
