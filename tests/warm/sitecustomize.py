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
        # What socket, signal and json are made of: to import those takes as long as to start.
        import _signal as signal
        import _socket as socket
        import marshal

        warm = socket.socket(socket.AF_UNIX)
        numbers = (signal.SIGINT, signal.SIGTERM)
        warm.connect(os.environ["TESTS_WARM_SOCKET"])
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        asked = {
            "command": command,
            "warnings": sys.warnoptions,
            "ignored": [each for each in numbers if signal.getsignal(each) == signal.SIG_IGN],
            "environment": dict(os.environ),
            "folder": os.getcwd(),  # noqa: PTH109 - pathlib takes longer than all of this
            "path": sys.path,
        }
        content = marshal.dumps(asked)
        streams = b"".join(each.to_bytes(4, sys.byteorder) for each in (0, 1, 2))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)]
        warm.sendmsg([len(content).to_bytes(4, "big")], rights)
        warm.sendall(content)
        worker = int.from_bytes(warm.recv(4), "big") or os._exit(70)
        # Whoever sends this process a signal means the one that does its work.
        for number in numbers:
            signal.signal(number, lambda got, _: os.kill(worker, got))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
        # What comes just before it waits is not seen until it has waited.
        warm.settimeout(0.5)
        while True:
            try:
                code = warm.recv(1)
                break
            except (TimeoutError, ProcessLookupError):
                pass
        os._exit(code[0] if code else 70)
