"""The warm interpreter: imports modules, uses none of them, and forks a child for each connection.

Run by warmstep.start, inside an environment, as ``PYTHON server.py JSON``; docs/warm.md explains it.
Standard library only, Python 3.7 to today. The messages of a connection (all processes belong to one user):

    client  4 bytes length, with the standard streams attached; then the request, marshalled (version 2)
    child   P and its process id, when it is ready to run; or E, a length and the reason why it cannot run
    server  S and the wait status, when the child has ended

If a client goes away, its child is killed. The server does nothing but wait, so nothing delays that.
"""

import gc
import importlib
import json
import os
import resource
import socket
import sys

import child  # beside this file; removed from sys.modules below, so that a step cannot import it
from loop import Server, threads


def main(config):
    """Import, listen, report ``ok`` or a problem to the client that started this (by a pipe), and serve."""
    for limit in child.LIMITS:  # a child takes over its client's limits; RLIMIT_STACK is part of the key
        if limit != resource.RLIMIT_STACK:
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (hard, hard))
    for name in config["preload"]:
        try:
            importlib.import_module(name)
        except BaseException as error:
            return tell(config, f"cannot import {name}: {type(error).__name__}: {error}")
    if threads():
        return tell(config, threads())
    os.chdir("/")  # so that the folder in which this was started can be removed
    gc.collect()
    gc.freeze()  # otherwise a garbage collection in a child would copy the memory of all imported modules
    sys.stdout.flush()
    sys.stderr.flush()
    child.LIBC.fflush(None)
    listener = socket.socket(socket.AF_UNIX)
    try:
        os.unlink(config["path"])  # stale: the client holds the lock, and no server answered
    except OSError:
        pass
    folder = os.open(os.path.dirname(config["path"]), os.O_DIRECTORY)
    listener.bind(f"/proc/self/fd/{folder}/{os.path.basename(config['path'])}")  # 107 bytes is the limit
    os.close(folder)
    listener.listen(1024)
    listener.setblocking(False)
    server = Server(listener, config["path"], config["watch"], config["idle"])
    tell(config, "ok")
    server.run()
    if not os.path.exists(config["path"]):
        os.unlink(config["log"])
    return 0


def tell(config, text):
    os.write(config["ready"], text.encode("utf-8", "replace"))
    os.close(config["ready"])
    return 1


if __name__ == "__main__":
    # A step must not import the modules beside this file, nor find their names taken.
    sys.path[:] = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
    for name in ("loop", "child", "sandbox", "identity"):
        del sys.modules[name]
    os._exit(main(json.loads(sys.argv[1])))
