"""`python -m lab.clouds.openstack.server.objects FOLDER KEYSTONE HTTP HTTPS CERTIFICATE`: all of
Swift in one process, until SIGTERM. KEYSTONE and HTTP are ports: of who knows a token, and of its
proxy by plain HTTP.

As on a machine of its own (swift, doc/source/development_saio.rst), but for one device instead of
four, and a dict instead of memcached.
"""

import sys
from array import array
from pathlib import Path

import eventlet

from lab.clouds.openstack.names import DOMAIN, KEYSTONE, MEMBER, REGION, SERVICE

eventlet.monkey_patch()

BACKENDS = ("account", "container", "object")
DEVICE = "d1"
PARTITION_POWER = 4
PIPELINE = (
    *("catch_errors", "gatekeeper", "healthcheck", "proxy-logging", "cache", "listing_formats"),
    *("bulk", "tempurl", "authtoken", "keystoneauth", "copy", "slo", "dlo"),
    *("versioned_writes", "symlink", "proxy-logging", "proxy-server"),
)
"""In Swift's own order (etc/proxy-server.conf-sample)."""
LOG = "log_custom_handlers = lab.clouds.openstack.server.log.to_stderr\nlog_level = WARNING"
OF_SWIFT = {
    *("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "tempurl"),
    *("copy", "slo", "dlo", "symlink"),
}


def main() -> None:
    folder, (keystone, http, https) = Path(sys.argv[1]), map(int, sys.argv[2:5])
    certificate = sys.argv[5]
    from swift.common.storage_policy import reload_storage_policies
    from swift.common.utils import set_swift_dir

    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_prefix = lab\nswift_hash_path_suffix = lab\n"
    )
    set_swift_dir(str(folder))
    reload_storage_policies()
    (folder / "devices" / DEVICE).mkdir(parents=True, exist_ok=True)
    sockets = {each: eventlet.listen(("127.0.0.1", 0)) for each in BACKENDS}
    for each, socket in sockets.items():
        _ring(folder, each, socket.getsockname()[1])
    for each, socket in sockets.items():
        eventlet.spawn(_serve, socket, _backend(folder, each))
    proxy = _proxy(folder, keystone)
    eventlet.spawn(_serve, eventlet.listen(("127.0.0.1", http)), proxy)
    secured = eventlet.listen(("127.0.0.1", https))
    wrapped = eventlet.wrap_ssl(secured, certfile=certificate, server_side=True)
    _serve(wrapped, proxy)


def _serve(socket: object, app: object) -> None:
    from eventlet import wsgi
    from swift.common.http_protocol import SwiftHttpProtocol

    wsgi.server(socket, app, protocol=SwiftHttpProtocol, log_output=False)


def _ring(folder: Path, kind: str, port: int) -> None:
    """Where everything of that kind is: there."""
    from swift.common.ring.ring import RingData

    device = {
        **{"id": 0, "region": 1, "zone": 1, "weight": 1.0, "device": DEVICE, "meta": ""},
        **{"ip": "127.0.0.1", "port": port},
        **{"replication_ip": "127.0.0.1", "replication_port": port},
    }
    everywhere = [array("H", [0] * 2**PARTITION_POWER)]
    data = RingData(everywhere, [device], 32 - PARTITION_POWER)
    data.save(str(folder / f"{kind}.ring.gz"))


def _backend(folder: Path, kind: str) -> object:
    return _loaded(
        folder / f"{kind}-server.conf",
        f"""[DEFAULT]
devices = {folder / "devices"}
mount_check = false
swift_dir = {folder}
{LOG}
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
""",
    )


def _proxy(folder: Path, keystone: int) -> object:
    plain = "".join(f"[filter:{each}]\nuse = egg:swift#{each}\n" for each in sorted(OF_SWIFT))
    return _loaded(
        folder / "proxy-server.conf",
        f"""[DEFAULT]
swift_dir = {folder}
{LOG}
[pipeline:main]
pipeline = {" ".join(PIPELINE)}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
{plain}
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, {MEMBER}
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:cache]
paste.filter_factory = lab.clouds.openstack.server.memory:remembering
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = https://{KEYSTONE}
auth_url = http://127.0.0.1:{keystone}
auth_type = password
project_domain_name = {DOMAIN}
user_domain_name = {DOMAIN}
project_name = {SERVICE.projects[0]}
username = {SERVICE.user}
password = {SERVICE.password}
region_name = {REGION}
delay_auth_decision = true
include_service_catalog = true
service_type = object-store
service_token_roles_required = true
# Asking Keystone each time would take longer than all else.
token_cache_time = 30
""",
    )


def _loaded(file: Path, text: str) -> object:
    from swift.common.wsgi import loadapp

    file.write_text(text)
    return loadapp(str(file))


if __name__ == "__main__":
    main()
