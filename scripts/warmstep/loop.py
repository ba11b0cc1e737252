"""The loop of a warm interpreter: forks a child for each connection, reports how it ended, and decides when to leave.

Imported by warmstep.server, inside an environment: standard library only, Python 3.7 to today.
"""

import os
import select
import signal
import socket
import struct
import time

import child  # beside this file
from identity import identity

CREDENTIALS = struct.Struct("=3i")  # pid, uid, gid
#: if less than this share of memory is available, an idle interpreter waits at most this many seconds
SHORT, IMPATIENT = 0.25, 15


def patience(idle, meminfo="/proc/meminfo"):
    """Seconds to wait for work. A run with many runtimes returns to each after minutes, so wait if memory allows."""
    try:
        with open(meminfo) as lines:
            kilobytes = dict(line.split()[:2] for line in lines)
        short = int(kilobytes["MemAvailable:"]) < SHORT * int(kilobytes["MemTotal:"])
    except (OSError, KeyError, ValueError):
        return idle
    return min(idle, IMPATIENT) if short else idle


class Server:
    def __init__(self, listener, path, watch, idle):
        self.listener, self.path, self.watch, self.idle = listener, path, watch, idle
        self.inode = os.stat(path).st_ino
        self.children = {}  # pid -> connection
        self.leaving = False

    def run(self):
        """Serve until asked to leave, idle for too long, replaced, or outdated."""
        wake, wake_end = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(wake_end, False)
        signal.set_wakeup_fd(wake_end)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.ask_to_leave)
        self.private = [self.listener.fileno(), wake, wake_end]  # a child closes these
        self.poll = select.poll()
        self.poll.register(self.listener, select.POLLIN)
        self.poll.register(wake, select.POLLIN)
        busy = time.monotonic()
        while not self.leaving or self.children:
            events = {fd for fd, _ in self.poll.poll(1000)}
            if wake in events:
                os.read(wake, 4096)
            self.reap()
            for pid, connection in list(self.children.items()):
                if connection and connection.fileno() in events:  # an event means that the client went away
                    kill(pid)
                    self.forget(pid).close()
                    self.children[pid] = None
            if self.listener.fileno() in events:
                self.accept()
            now = time.monotonic()
            busy = now if self.children else busy
            if not self.leaving and (now - busy > patience(self.idle) or self.replaced() or self.outdated()):
                self.leaving = True
            if self.leaving and self.listener.fileno() >= 0:
                self.withdraw()

    def ask_to_leave(self, *_):
        self.leaving = True

    def replaced(self):
        """Whether the socket's file was removed, or replaced by that of another server."""
        try:
            return os.stat(self.path).st_ino != self.inode
        except OSError:
            return True

    def outdated(self):
        """Whether the environment or this source has changed since the import."""
        return any(identity(path) != was for path, was in self.watch.items())

    def withdraw(self):
        """Remove the socket's file, serve the clients that have connected already, and stop listening."""
        if not self.replaced():
            os.unlink(self.path)
        while self.accept():
            pass
        self.poll.unregister(self.listener)
        self.listener.close()

    def accept(self):
        """Fork a child for a waiting client; returns False if there is none."""
        try:
            connection, _ = self.listener.accept()
        except BlockingIOError:
            return False
        connection.setblocking(True)
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        trouble = threads()
        if CREDENTIALS.unpack(peer)[1] != os.geteuid():
            connection.close()
        elif trouble:
            child.refuse(connection, trouble)
            self.leaving = True
        else:
            parent = os.getpid()
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for fd in self.private:
                    os.close(fd)
                for other in self.children.values():
                    if other:
                        other.close()
                child.become(connection, parent)
            self.children[pid] = connection
            self.poll.register(connection, 0)
        return True

    def reap(self):
        """Report ended children to their clients, after killing the processes that they left running."""
        while self.children:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            kill(ended.si_pid)  # before reaping: until then the id is not reused
            _, status = os.waitpid(ended.si_pid, 0)
            connection = self.forget(ended.si_pid)
            if connection:
                child.send(connection, child.FRAME.pack(b"S", status))
                connection.close()

    def forget(self, pid):
        connection = self.children.pop(pid, None)
        if connection:
            self.poll.unregister(connection)
        return connection


def kill(pid):
    """Kill a child and its process group, which may not exist yet."""
    for function in (os.killpg, os.kill):
        try:
            function(pid, signal.SIGKILL)
        except OSError:
            pass


def threads():
    """Why this process must not fork (it has threads, which a fork would lose), or ''."""
    tasks = os.listdir("/proc/self/task")
    if len(tasks) == 1:
        return ""
    names = []
    for task in tasks:
        try:
            with open(f"/proc/self/task/{task}/comm") as f:
                names.append(f.read().strip())
        except OSError:
            pass
    return f"the import leaves {len(tasks)} threads ({', '.join(sorted(names))})"
