"""`python -m lab.operator --kubeconfig FILE [--clouds FOLDER] [--log FILE] [--inertia SECONDS]`"""

import argparse
from pathlib import Path

from lightkube import Client, KubeConfig

from lab.cached import Cached
from lab.clouds.lab import Clouds
from lab.loop import Loop, logger, run_until_signalled
from lab.operator import names
from lab.operator import pruner as image_pruner
from lab.operator.controller import Controller
from lab.operator.world import REFERRING, WATCHED


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="lab.operator",
        description="Plays the image registry operator on a lab cluster until SIGTERM.",
    )
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--clouds", type=Path, help="what the lab has of them; default: none")
    parser.add_argument("--log", type=Path, help="default: standard output")
    parser.add_argument(
        "--inertia",
        type=float,
        default=2.0,
        help="seconds of being unavailable until Degraded (default: 2; the real operator: 60)",
    )
    arguments = parser.parse_args()
    if not arguments.kubeconfig.is_file():
        parser.error(f"no file {arguments.kubeconfig}")
    config = KubeConfig.from_file(arguments.kubeconfig)
    client = Cached(Client(config, field_manager=names.FIELD_MANAGER, trust_env=False), REFERRING)
    log = logger("lab.operator", arguments.log)
    clouds = Clouds(arguments.clouds) if arguments.clouds else None
    controller = Controller(client, log, arguments.inertia, clouds)
    pruner = image_pruner.Pruner(client, log)
    run_until_signalled(
        Loop(client, WATCHED, controller.reconcile, log),
        Loop(client, image_pruner.WATCHED, pruner.reconcile, log),
    )


if __name__ == "__main__":
    main()
