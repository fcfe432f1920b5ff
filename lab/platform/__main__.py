"""`python -m lab.platform --kubeconfig FILE --registry FILE --directory FOLDER [--clouds FOLDER]
[--log FILE]`"""

import argparse
import signal
from pathlib import Path

from lightkube import Client, KubeConfig

from lab.cached import Cached
from lab.clouds.lab import Clouds
from lab.loop import Loop, logger, run_until_signalled
from lab.platform.controller import MANAGER, REFERRING, WATCHED, Controller
from lab.platform.registry import Registry


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="lab.platform",
        description="Plays storage, scheduler, kubelet and router on a lab cluster until SIGTERM.",
    )
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--registry", type=Path, required=True, help="its binary")
    parser.add_argument("--registry-3", type=Path, help="its binary where it is on Azure")
    parser.add_argument(
        "--directory", type=Path, required=True, help="for its volumes, its log and its address"
    )
    parser.add_argument("--clouds", type=Path, help="what the lab has of them; default: none")
    parser.add_argument("--log", type=Path, help="default: standard output")
    arguments = parser.parse_args()
    if not arguments.kubeconfig.is_file():
        parser.error(f"no file {arguments.kubeconfig}")
    config = KubeConfig.from_file(arguments.kubeconfig)
    client = Cached(Client(config, field_manager=MANAGER, trust_env=False), REFERRING)
    log = logger("lab.platform", arguments.log)
    # A registry that ended is buried by the system: nobody here waits for it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    clouds = Clouds(arguments.clouds or arguments.directory / "clouds")
    binaries = {"azure": arguments.registry_3} if arguments.registry_3 else {}
    registry = Registry(arguments.registry, arguments.directory, clouds, log, binaries)
    loops = [Loop(client, WATCHED, Controller(client, log, registry).reconcile, log)]
    if clouds.stores:
        # Only such a cluster has the kinds.
        from lab.platform import bucket_claims

        claims = bucket_claims.BucketClaims(client, clouds.stores, log)
        loops.append(Loop(client, bucket_claims.WATCHED, claims.reconcile, log))
    run_until_signalled(*loops)
    registry.stop()


if __name__ == "__main__":
    main()
