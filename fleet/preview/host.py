"""The program of one stack, served to the engine as the official language host does it."""

import asyncio
import json
import os
import runpy
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import grpc
from pulumi import RunError, log
from pulumi.automation._server import LanguageServer
from pulumi.runtime import Settings, configure, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

TOLD_THE_USER = 32
"""Exit code of a program that has said what is wrong: the engine adds nothing."""


class Host(LanguageServer):
    """Automation API's server for inline programs, which leaves out what a program in a folder
    has: its configuration in the environment, the project's folder, and an exit code.

    pulumi sdk/python/cmd/pulumi-language-python-exec is what it has to be like.
    """

    def __init__(self, project: Path) -> None:
        super().__init__(lambda: None)
        self.project = project

    def Run(self, request: Any, context: Any) -> Any:
        os.environ["PULUMI_CONFIG"] = json.dumps(dict(request.config))
        os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps([*request.configSecretKeys])
        configure(
            Settings(
                project=request.project,
                stack=request.stack,
                monitor=request.monitor_address,
                engine=request.args[0] if request.args else "",
                parallel=request.parallel,
                dry_run=request.dryRun,
                organization=request.organization or "organization",
                root_directory=str(self.project),
            )
        )
        set_all_config(dict(request.config), [*request.configSecretKeys])
        return self._run(max(request.parallel, 1) * 4)

    def _run(self, workers: int) -> Any:
        with _loop(workers) as loop:
            try:
                loop.run_until_complete(run_in_stack(self._program))
            except SystemExit as end:
                if end.code == TOLD_THE_USER:
                    return language_pb2.RunResponse(bail=True)
                if end.code:
                    return language_pb2.RunResponse(error=f"the program exited with {end.code}")
            except RunError as error:
                log.error(str(error))
                return language_pb2.RunResponse(error="the program has failed")
            except Exception:
                log.error(f"Program failed with an unhandled exception:\n{traceback.format_exc()}")
                return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse()

    def _program(self) -> None:
        runpy.run_path(str(self.project / "__main__.py"), run_name="__main__")


@contextmanager
def _loop(workers: int) -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(workers))
    # What is left of a program that has ended early is nobody's concern.
    loop.set_exception_handler(lambda *_: None)
    try:
        yield loop
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                loop.run_until_complete(task)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()


@contextmanager
def served(project: Path) -> Iterator[str]:
    """The address at which the project's program is served meanwhile."""
    server = grpc.server(ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(project), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0)
