"""A child of the warm interpreter: takes over the client's circumstances, and runs its script like a new interpreter.

Imported by warmstep.server, inside an environment: standard library only, Python 3.7 to today.
"""

import atexit
import ctypes
import importlib
import importlib.machinery
import io
import marshal
import os
import resource
import runpy
import signal
import socket
import struct
import sys
import threading
import types

import sandbox  # beside this file

FRAME = struct.Struct("=ci")  # a letter for the kind of message, and a number
LIMITS = range(16)  # RLIMIT_CPU to RLIMIT_RTTIME
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def send(connection, content):
    try:
        connection.sendall(content)
    except OSError:
        pass  # the client is gone, so nobody needs the message


def refuse(connection, reason):
    reason = reason.encode("utf-8", "replace")
    send(connection, FRAME.pack(b"E", len(reason)) + reason)
    connection.close()


def become(connection, parent):
    """Take over the client's circumstances, run its script, and exit. Never returns."""
    try:
        os.setsid()
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)  # killed when the server dies
        if os.getppid() != parent:
            os._exit(127)
        connection.settimeout(30)
        request = receive(connection)
        prepare(request)
        if request["plan"]:
            sandbox.restrict(request["plan"])
        connection.sendall(FRAME.pack(b"P", os.getpid()))
        connection.close()
    except BaseException as error:
        refuse(connection, f"the child cannot be prepared: {type(error).__name__}: {error}")
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
    """Take over the client's circumstances, and reset what this process inherited from the server."""
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
    importlib.invalidate_caches()  # modules may have been added since the server imported
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # a fork reseeds Python's generator, but not NumPy's
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None
    renew(sys.stdin, "r")
    renew(sys.stdout, "w")
    renew(sys.stderr, "w")


def renew(stream, mode):
    """Reopen a standard stream in the same object, because modules keep references to it (logging's handlers)."""
    encoding, errors, fd = stream.encoding, stream.errors, stream.fileno()
    unbuffered = stream.write_through  # PYTHONUNBUFFERED
    raw = io.FileIO(fd, mode, closefd=False)
    raw.name = stream.name
    if mode == "r":
        buffer = io.BufferedReader(raw)
    else:
        buffer = raw if unbuffered else io.BufferedWriter(raw)
    lines = not unbuffered and (os.isatty(fd) or (fd == 2 and sys.version_info >= (3, 9)))
    stream.__init__(
        buffer,
        encoding=encoding,
        errors=errors,
        newline="\n",
        line_buffering=lines,
        write_through=unbuffered,
    )


def run(command):
    """Run ``[python, script or -m module, arguments]`` as the interpreter would; returns the exit code."""
    main_module = types.ModuleType("__main__")
    main_module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main_module
    command = [os.fsdecode(word) for word in command]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = command
    try:
        if command[1] == "-m":
            sys.argv = ["-m"] + command[3:]
            find_first(os.getcwd())
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
        sys.stderr.write(f"{sys.executable}: can't open file {script!r}: {error}\n")
        raise SystemExit(2) from None
    find_first(os.path.dirname(os.path.realpath(script)))
    main_module.__file__ = os.path.abspath(script) if sys.version_info >= (3, 9) else script
    main_module.__cached__ = None
    main_module.__loader__ = importlib.machinery.SourceFileLoader("__main__", main_module.__file__)
    exec(compile(source, main_module.__file__, "exec", dont_inherit=True), main_module.__dict__)


def find_first(folder):
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, folder)


def failure():
    """Print the exception that ended the script, without the frames of this file; returns the exit code."""
    kind, error, trace = sys.exc_info()
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write(f"{error.code}\n")
        return 1
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.excepthook(kind, error.with_traceback(trace), trace)
    return -signal.SIGINT if isinstance(error, KeyboardInterrupt) and sys.version_info >= (3, 8) else 1


def finish(main_module, code):
    """Do what an interpreter does at its end, except the teardown of modules: os._exit follows."""
    threading._shutdown()
    atexit._run_exitfuncs()
    main_module.__dict__.clear()  # flushes files that the script left open
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
