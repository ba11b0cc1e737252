"""The warm interpreter: imports modules, uses none of them, and forks a child for each connection.

Run by warmstep.client, inside an environment, as ``PYTHON server.py JSON``; docs/warm.md explains it.
Standard library only, Python 3.7 to today. A connection goes like this (all by the same user):

    client  4 bytes length, with the standard streams attached; then the request, marshalled (version 2)
    child   P and its process id, once it is all that the client asked for; or E, length and a reason why not
    server  S and the wait status, when the child has ended

A client that goes away has its child killed; the server does nothing but wait, so nothing can delay that.
"""
# ruff: noqa: UP

import sys

del sys.path[0]  # the modules beside this one are not for a step to find

import atexit
import ctypes
import gc
import importlib
import io
import json
import marshal
import os
import resource
import runpy
import select
import signal
import socket
import struct
import threading
import time
import types

FRAME = struct.Struct("=ci")  # what it is, and a number
CREDENTIALS = struct.Struct("=3i")  # pid, uid, gid
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
LIMITS = range(16)  # RLIMIT_CPU to RLIMIT_RTTIME


# ---------------------------------------------------------------------------------------------- the server


class Server:
    def __init__(self, listener, path, watch, idle):
        self.listener, self.path, self.watch, self.idle = listener, path, watch, idle
        self.inode = os.stat(path).st_ino
        self.children = {}  # pid -> connection
        self.leaving = False

    def run(self):
        """Serve until asked to leave, idle, replaced, or older than the environment."""
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
                if connection and connection.fileno() in events:  # registered for nothing but the client's going away
                    kill(pid)
                    self.forget(pid).close()
                    self.children[pid] = None
            if self.listener.fileno() in events:
                self.accept()
            now = time.monotonic()
            busy = now if self.children else busy
            if not self.leaving and (now - busy > self.idle or self.replaced() or self.outdated()):
                self.leaving = True
            if self.leaving and self.listener.fileno() >= 0:
                self.withdraw()

    def ask_to_leave(self, *_):
        self.leaving = True

    def replaced(self):
        """Whether another server took over the socket's name, or somebody removed it."""
        try:
            return os.stat(self.path).st_ino != self.inode
        except OSError:
            return True

    def outdated(self):
        """Whether the environment, or this source, is no longer what was imported."""
        return any(identity(path) != was for path, was in self.watch.items())

    def withdraw(self):
        """Take the name away, serve who found it before, and stop listening."""
        if not self.replaced():
            os.unlink(self.path)
        while self.accept():
            pass
        self.poll.unregister(self.listener)
        self.listener.close()

    def accept(self):
        """Fork a child for a client that waits; False where there is none."""
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
            refuse(connection, trouble)
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
                child(connection, parent)
            self.children[pid] = connection
            self.poll.register(connection, 0)
        return True

    def reap(self):
        """Tell the clients of children that ended, after killing what those left running."""
        while self.children:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            kill(ended.si_pid)  # before reaping: until then the id is not reused
            _, status = os.waitpid(ended.si_pid, 0)
            connection = self.forget(ended.si_pid)
            if connection:
                send(connection, FRAME.pack(b"S", status))
                connection.close()

    def forget(self, pid):
        connection = self.children.pop(pid, None)
        if connection:
            self.poll.unregister(connection)
        return connection


def kill(pid):
    """Kill a child and its process group, which it may not have made yet."""
    for function in (os.killpg, os.kill):
        try:
            function(pid, signal.SIGKILL)
        except OSError:
            pass


def send(connection, content):
    try:
        connection.sendall(content)
    except OSError:
        pass  # the client is gone, and with it whoever wanted to know


def refuse(connection, reason):
    reason = reason.encode("utf-8", "replace")
    send(connection, FRAME.pack(b"E", len(reason)) + reason)
    connection.close()


def identity(path):
    """What changes when a file or folder is made anew; warmstep.client has the same."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_ino, found.st_mtime_ns]


def threads():
    """Why this process must not fork: it has threads, which a fork would lose; or ''."""
    tasks = os.listdir("/proc/self/task")
    if len(tasks) == 1:
        return ""
    names = []
    for task in tasks:
        try:
            with open("/proc/self/task/%s/comm" % task) as f:
                names.append(f.read().strip())
        except OSError:
            pass
    return "the import leaves %d threads (%s)" % (len(tasks), ", ".join(sorted(names)))


def main(config):
    """Import, listen, tell the client that started this (by a pipe) ``ok`` or the trouble, and serve."""
    for limit in LIMITS:  # the client's own limits are for the children; RLIMIT_STACK is part of the key
        if limit != resource.RLIMIT_STACK:
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (hard, hard))
    for name in config["preload"]:
        try:
            importlib.import_module(name)
        except BaseException as error:
            return tell(config, "cannot import %s: %s: %s" % (name, type(error).__name__, error))
    if threads():
        return tell(config, threads())
    os.chdir("/")  # whoever wants to remove the folder that this was started in may do so
    gc.collect()
    gc.freeze()  # a collection in a child would otherwise touch, and so copy, everything imported
    sys.stdout.flush()
    sys.stderr.flush()
    LIBC.fflush(None)
    listener = socket.socket(socket.AF_UNIX)
    try:
        os.unlink(config["path"])  # stale: the client holds the lock, and found nobody there
    except OSError:
        pass
    folder = os.open(os.path.dirname(config["path"]), os.O_DIRECTORY)
    listener.bind("/proc/self/fd/%d/%s" % (folder, os.path.basename(config["path"])))  # 107 bytes is the limit
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


# ----------------------------------------------------------------------------------------------- the child


def child(connection, parent):
    """Become what a new interpreter would be for the client, run its script, exit. Never returns."""
    try:
        os.setsid()
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)  # the server's death
        if os.getppid() != parent:
            os._exit(127)
        connection.settimeout(30)
        request = receive(connection)
        prepare(request)
        connection.sendall(FRAME.pack(b"P", os.getpid()))
        connection.close()
    except BaseException as error:
        refuse(connection, "the child cannot be prepared: %s: %s" % (type(error).__name__, error))
        os._exit(127)
    code = 120
    try:
        code = run(request["command"])
    finally:
        os._exit(code & 255)


def receive(connection):
    """The request; its three descriptors become the standard streams."""
    header, ancillary, _, _ = connection.recvmsg(4, socket.CMSG_SPACE(12))
    descriptors = [fd for level, kind, data in ancillary for fd in struct.unpack("=3i", data)]
    for number, fd in enumerate(descriptors):
        os.dup2(fd, number)
        os.close(fd)
    content = b""
    size = int.from_bytes(header, "little")
    while len(content) < size:
        part = connection.recv(size - len(content))
        if not part:
            raise EOFError("the client is gone")
        content += part
    return marshal.loads(content)


def prepare(request):
    """Take over the client's circumstances, and undo what this process was before."""
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(request["umask"])
    for limit in LIMITS:
        if resource.getrlimit(limit) != request["limits"][limit]:
            resource.setrlimit(limit, request["limits"][limit])
    os.sched_setaffinity(0, request["processors"])
    os.chdir(request["folder"])
    os.environb.clear()
    os.environb.update(request["environment"])
    importlib.invalidate_caches()  # files may have come since the import
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # Python's own generator is reseeded by the fork
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None
    renew(sys.stdin, "r")
    renew(sys.stdout, "w")
    renew(sys.stderr, "w")


def renew(stream, mode):
    """Open a standard stream anew in place, for modules hold on to the object, e.g. logging's handlers."""
    encoding, errors, fd = stream.encoding, stream.errors, stream.fileno()
    unbuffered = mode == "w" and os.environ.get("PYTHONUNBUFFERED")
    raw = io.FileIO(fd, mode, closefd=False)
    raw.name = stream.name
    if unbuffered:
        raw, options = io.BufferedWriter(raw), {"write_through": True}
    else:
        raw = io.BufferedWriter(raw) if mode == "w" else io.BufferedReader(raw)
        options = {"line_buffering": fd == 2 or os.isatty(fd)}
    stream.__init__(raw, encoding=encoding, errors=errors, newline="\n", **options)


def run(command):
    """Run ``[python, script or -m module, arguments]`` as the interpreter would; the exit code."""
    main_module = types.ModuleType("__main__")
    main_module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main_module
    command = [os.fsdecode(word) for word in command]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = command
    try:
        if command[1] == "-m":
            sys.argv = ["-m"] + command[3:]
            sys.path.insert(0, os.getcwd())
            runpy._run_module_as_main(command[2])
        else:
            run_script(main_module, command[1:])
        code = 0
    except BaseException:
        code = failure()
    return finish(main_module, code)


def run_script(main_module, argv):
    sys.argv, script = argv, argv[0]
    try:
        with open(script, "rb") as f:
            source = f.read()
    except OSError as error:
        sys.stderr.write("%s: can't open file %r: %s\n" % (sys.executable, script, error))
        raise SystemExit(2) from None
    sys.path.insert(0, os.path.dirname(os.path.realpath(script)))
    main_module.__file__ = os.path.abspath(script) if sys.version_info >= (3, 9) else script
    main_module.__cached__ = None
    exec(compile(source, main_module.__file__, "exec", dont_inherit=True), main_module.__dict__)


def failure():
    """Report the exception that ended the script, without this file's frames; the exit code."""
    kind, error, trace = sys.exc_info()
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write("%s\n" % (error.code,))
        return 1
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.excepthook(kind, error.with_traceback(trace), trace)
    return -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1


def finish(main_module, code):
    """End as the interpreter does, up to the teardown of modules, which os._exit leaves to the kernel."""
    threading._shutdown()
    atexit._run_exitfuncs()
    main_module.__dict__.clear()  # a file that the script left open is flushed
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 120
    LIBC.fflush(None)
    if code == -signal.SIGINT:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return code


if __name__ == "__main__":
    os._exit(main(json.loads(sys.argv[1])))
