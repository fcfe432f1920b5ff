"""`python -m lab.clouds.openstack.server.identity FOLDER HTTP HTTPS CERTIFICATE`: Keystone.

By plain HTTP for Swift and by TLS for everybody else, until SIGTERM.
"""

import os
import sqlite3
import ssl
import sys
import threading
from pathlib import Path

from lab.clouds.listen import listen
from lab.clouds.openstack.server import configuration


def main() -> None:
    folder, (http, https), certificate = Path(sys.argv[1]), map(int, sys.argv[2:4]), sys.argv[4]
    configuration.write(folder)
    with sqlite3.connect(folder / configuration.DATABASE) as database:
        # Where Swift finds it, which looks at the catalog.
        change = "UPDATE endpoint SET url = ? WHERE interface = 'internal'"
        database.execute(change, (f"http://127.0.0.1:{http}/v3",))
    database.close()
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(folder)
    sys.argv = ["keystone"]  # it reads the arguments too, and ends over those that it doesn't know
    from keystone.server.wsgi import initialize_public_application

    app = initialize_public_application()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    threading.Thread(target=listen(http, app).serve_forever, daemon=True).start()
    listen(https, app, context).serve_forever()


if __name__ == "__main__":
    main()
