"""Serve one Google Cloud until SIGTERM. The key files of its projects' owners, who are service
accounts like any other, are written once it listens."""

import argparse
import json
import signal
import ssl
import sys
import threading
from pathlib import Path

from lab.clouds.google import ADMINISTRATOR, email


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.clouds.google.server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", type=Path, required=True, help="and its key")
    parser.add_argument("--credentials", type=Path, required=True, help="written once it listens")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    from lab.clouds.google.server.accounts import new_key
    from lab.clouds.google.server.front import Server
    from lab.clouds.google.server.state import State

    state = State()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments.certificate)
    server = Server(arguments.port, state, context)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = {}
    for project in state.projects:
        owner = email(ADMINISTRATOR, project)
        state.owners[owner] = project
        found[project] = json.loads(new_key(state, owner, server.here)[1])
    new = arguments.credentials.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(found))
    new.replace(arguments.credentials)
    threading.Event().wait()


if __name__ == "__main__":
    main()
