"""Start a warm interpreter, once for all who want it at the same time; and ask those of a run to leave."""

import json
import os
import select
import signal
import socket
import time

from warmstep import plain, processes, waiting
from warmstep.address import SERVER, Unavailable, of_imports, open_folder, peer, prefix

FAILED_FOR = 60  # seconds for which a server that could not start is not tried again


def server(address):
    """Have a server listen at the address (warmstep.address.Address). Raises Unavailable where it cannot."""
    lock = waiting.locked(address.path + ".lock")
    try:
        connection = address.attempt()
        if connection:  # somebody else started it while we waited
            connection.close()
            return
        recent_failure(address.path + ".failed")
        sweep(address.folder)
        trouble = launch(address)
        if trouble:
            with open(address.path + ".failed", "w") as f:
                f.write(trouble)
            raise Unavailable(trouble)
    finally:
        os.unlink(address.path + ".lock")  # while it is held, see waiting.locked
        os.close(lock)


def recent_failure(path):
    """Raise Unavailable where the server could not start a short time ago: not every step waits to see it."""
    try:
        age = time.time() - os.stat(path).st_mtime
        with open(path) as f:
            reason = f.read()
    except OSError:
        return
    if 0 <= age < FAILED_FOR:
        raise Unavailable(f"{reason} (found {age:.0f} s ago)")
    os.unlink(path)


def launch(address):
    """Start the server and wait until it listens. What is wrong with it, or None."""
    log = address.path + ".log"
    ready, ready_end = os.pipe()
    config = {"path": address.path + ".sock", "log": log, "preload": address.preload, "watch": address.watch,
              "idle": address.idle, "ready": ready_end}  # fmt: skip
    command = [address.python, SERVER, json.dumps(config)]
    pid = os.fork()
    if pid == 0:
        environment = dict(of_imports(address.environment), PATH=address.environment.get("PATH", os.defpath))
        detach(command, environment, log, ready_end)
    os.close(ready_end)
    poll = select.poll()
    poll.register(ready, select.POLLIN)
    try:
        if not waiting.answered(poll):
            os.kill(pid, signal.SIGKILL)
            return f"the import takes longer than {waiting.LIMIT} s"
        answer = os.read(ready, 4096).decode("utf-8", "replace")
    except BaseException:  # cancelled: nobody else knows of this server yet
        os.kill(pid, signal.SIGKILL)
        remove(log)
        raise
    finally:
        os.close(ready)
    if answer == "ok":
        return None
    try:
        with open(log, "rb") as f:
            output = f.read()[-400:].decode("utf-8", "replace").strip()
        os.unlink(log)
    except OSError:
        output = ""
    return answer or f"the interpreter died: {output}"


def detach(command, environment, log, keep):
    """In the forked child: become the server, out of reach of the terminal. Never returns."""
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        for fd, number in ((null, 0), (sink, 1), (sink, 2)):
            os.dup2(fd, number)
        os.set_inheritable(keep, True)
        os.closerange(3, keep)
        os.closerange(keep + 1, 65536)
        for number in (signal.SIGPIPE, *plain.CANCEL):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execve(command[0], command, environment)
    except BaseException as error:
        os.write(2, str(error).encode())
    finally:
        os._exit(127)


def sweep(folder):
    """Remove what servers and clients that were killed left in the folder."""
    for name in sorted(os.listdir(folder)):
        path, ending = os.path.splitext(os.path.join(folder, name))
        try:
            old = time.time() - os.stat(path + ending).st_mtime > 2 * waiting.LIMIT
        except OSError:
            continue
        if ending == ".sock" and old and not leader(path + ending):
            remove(path + ".sock", path + ".log")
        elif ending == ".failed" and old:
            remove(path + ending)


def remove(*paths):
    for path in paths:
        try:
            os.unlink(path)
        except OSError:
            pass


def leader(path):
    """The id of the process that listens at a socket, or None."""
    folder = os.open(os.path.dirname(path), os.O_DIRECTORY)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(f"/proc/self/fd/{folder}/{os.path.basename(path)}")
        pid, uid, _ = peer(connection)
        return pid if uid == os.geteuid() and pid else None
    except OSError:
        return None
    finally:
        connection.close()
        os.close(folder)


def stop(everyone=False, wait=5.0):
    """Ask this checkout's servers (all of this user's, if ``everyone``) to leave when their steps have ended.

    Returns the number of those asked; waits at most so many seconds until they have gone.
    """
    folder, fd = open_folder(dict(os.environ))
    os.close(fd)
    leaving = []
    for name in sorted(os.listdir(folder)):
        path, ending = os.path.splitext(os.path.join(folder, name))
        if not everyone and not name.startswith(prefix()):
            continue
        if ending == ".sock":
            pid = leader(path + ending)
            if pid:
                os.kill(pid, signal.SIGTERM)
                leaving.append(pid)
            else:
                remove(path + ".sock", path + ".log")
        elif ending == ".failed":
            remove(path + ending)  # the next run may try again
    until = time.monotonic() + wait
    while any(map(processes.stat, leaving)) and time.monotonic() < until:
        time.sleep(0.02)
    return len(leaving)
