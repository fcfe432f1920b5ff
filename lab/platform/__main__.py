"""`python -m lab.platform --kubeconfig FILE [--log FILE]`"""

import argparse
from pathlib import Path

from lightkube import Client, KubeConfig

from lab.loop import Loop, logger, run_until_signalled
from lab.platform.controller import MANAGER, WATCHED, Controller


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="lab.platform",
        description="Plays storage, scheduler, kubelet and router on a lab cluster until SIGTERM.",
    )
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--log", type=Path, help="default: standard output")
    arguments = parser.parse_args()
    if not arguments.kubeconfig.is_file():
        parser.error(f"no file {arguments.kubeconfig}")
    config = KubeConfig.from_file(arguments.kubeconfig)
    client = Client(config, field_manager=MANAGER, trust_env=False)
    log = logger("lab.platform", arguments.log)
    run_until_signalled(Loop(client, WATCHED, Controller(client, log).reconcile, log))


if __name__ == "__main__":
    main()
