"""Has a warm process do what this one was started for; see tests/warm/server.py.

Python runs it before anything else where this folder is on PYTHONPATH.
"""

import os
import sys

if os.environ.get("TESTS_WARM_PREFIX") == os.path.realpath(sys.prefix):
    command = [each for each in sys.orig_argv[1:] if each != "-u"]
    if command[:1] == ["-W"]:
        del command[:2]
    if command and (command[0] == "-m" or not command[0].startswith("-")):
        import json
        import signal
        import socket

        with socket.socket(socket.AF_UNIX) as warm:
            warm.connect(os.environ["TESTS_WARM_SOCKET"])
            # Whoever sends this process a signal means the one that does its work.
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, lambda got, _: warm.send(bytes([got])))
            asked = {
                "command": command,
                "warnings": sys.warnoptions,
                "environment": dict(os.environ),
                "folder": os.getcwd(),  # noqa: PTH109 - pathlib takes longer than all of this
                "path": sys.path,
            }
            text = json.dumps(asked).encode()
            socket.send_fds(warm, [len(text).to_bytes(4, "big")], [0, 1, 2])
            warm.sendall(text)
            code = warm.recv(1)
        os._exit(code[0] if code else 70)
