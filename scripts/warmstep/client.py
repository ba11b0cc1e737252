"""The client of a warm interpreter: finds it, or starts it, and has it fork the step. docs/warm.md explains it."""

import _signal as signal
import _socket as socket
import marshal
import os
import resource
import select
import sys
from _blake2 import blake2b

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.py")
SOURCES = (SERVER, os.path.join(os.path.dirname(SERVER), "child.py"))
START_LIMIT = 180  # seconds that importing may take
FAILED_FOR = 60  # seconds for which a server that could not start is not tried again
FOLDER_VARIABLE = "KERAS_ROUNDTRIP_WARM_DIR"

#: Variables that decide what an import does, or what an interpreter is: another value, another server.
KEY_PREFIXES = ("PYTHON", "KERAS_", "TF_", "XLA_", "CUDA_", "NVIDIA_", "OMP_", "OPENBLAS_", "MKL_", "KMP_", "LD_",
                "NPY_", "NUMPY_", "ONEDNN_", "DNNL_", "PROTOCOL_BUFFERS_", "ABSL_", "GRPC_", "JAX_", "TORCH_",
                "MALLOC_", "GLIBC_", "LC_")  # fmt: skip
KEY_SUFFIXES = ("_NUM_THREADS",)
#: HOME for ~/.keras/keras.json; the schedulers' job ids, for a step belongs to its own job's limits and accounts.
KEY_NAMES = ("HOME", "LANG", "LANGUAGE", "TZ", "SLURM_JOB_ID", "SLURM_STEP_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


class Unavailable(Exception):
    """There is no warm interpreter for this step; says why."""


class Gone(Exception):
    """The server left before it forked; another try may find a new one."""


class Job:
    """A running step, like plain.Job; ``pid`` leads its session and process group."""

    how = "warm"

    def __init__(self, command, environment, preload, idle):
        self.status = None
        if not command[1:] or (command[1].startswith("-") and command[1] != "-m"):
            raise Unavailable("only a script or -m MODULE can be forked")
        try:
            request = marshal.dumps(circumstances(command, environment), 2)
            server = Address(which(command[0], environment), preload, environment, idle)
            for _ in range(5):
                try:
                    self.connection = server.connect()
                    self.pid = self.ask(request)
                    return
                except Gone:
                    continue
        except OSError as error:
            raise Unavailable(str(error)) from error
        raise Unavailable("every server left before it forked")

    def ask(self, request):
        """Send the request with the standard streams; the id of the child that is ready to run."""
        streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)]
        try:
            self.connection.sendmsg([len(request).to_bytes(4, "little")], rights)
            self.connection.sendall(request)
            kind, number = self.frame()
            if kind == b"E":
                reason = b""
                while len(reason) < number:
                    part = self.connection.recv(number - len(reason))
                    if not part:
                        break
                    reason += part
                raise Unavailable(reason.decode("utf-8", "replace"))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise Gone from None
        if kind != b"P":
            raise Unavailable("the child died before it was ready")
        return number

    def frame(self):
        """(what, number) as the server or the child sent them. Raises EOFError where the server is gone."""
        content = b""
        while len(content) < 5:
            part = self.connection.recv(5 - len(content))
            if not part:
                raise EOFError
            content += part
        return content[:1], int.from_bytes(content[1:], sys.byteorder, signed=True)

    def wait(self, seconds):
        """Whether the step has ended after at most so many seconds (or the server has, see close)."""
        if self.status is None and self.connection:
            poll = select.poll()
            poll.register(self.connection.fileno(), select.POLLIN)
            if not poll.poll(seconds * 1000):
                return False
            try:
                self.status = self.frame()[1]
            except (EOFError, ConnectionResetError):
                self.kill()  # the kernel has killed the child with the server, not what the child had started
            self.connection.close()
            self.connection = None
        return True

    def kill(self):
        """Kill the step's process group."""
        if self.status is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except OSError:
                pass

    def close(self):
        """The ended step's status, as waitpid gives it; None where the server died, and the step with it."""
        self.wait(60)
        return self.status


def circumstances(command, environment):
    """All that the child must take over from this process."""
    mask = os.umask(0)
    os.umask(mask)
    return {
        "command": [os.fsencode(word) for word in command],
        "folder": os.getcwdb(),
        "environment": {os.fsencode(k): os.fsencode(v) for k, v in environment.items()},
        "umask": mask,
        "limits": [resource.getrlimit(limit) for limit in range(16)],
        "processors": sorted(os.sched_getaffinity(0)),
    }


def which(program, environment):
    """The path of a program as the shell would find it."""
    if "/" in program:
        return os.path.abspath(program)
    for folder in os.get_exec_path(environment):
        if os.access(os.path.join(folder, program), os.X_OK):
            return os.path.abspath(os.path.join(folder, program))
    raise Unavailable(f"no program {program}")


def content(path):
    with open(path, "rb") as f:
        return f.read()


class Address:
    """Where the server for this interpreter and these circumstances listens; starts it where there is none."""

    def __init__(self, python, preload, environment, idle):
        self.python, self.environment, self.idle = python, environment, idle
        self.preload = [name for name in preload.split(",") if name]
        self.watch = identities(python)
        self.folder, self.folder_fd = open_folder(environment)
        self.name = prefix() + blake2b(self.key().encode("utf-8", "replace"), digest_size=10).hexdigest()
        self.path = os.path.join(self.folder, self.name)

    def key(self):
        """What two steps must share to share a server."""
        variables = sorted(
            (k, v)
            for k, v in self.environment.items()
            if k.startswith(KEY_PREFIXES) or k.endswith(KEY_SUFFIXES) or k in KEY_NAMES
        )
        folder = os.getcwd() if "PYTHONPATH" in self.environment else None  # its entries may be relative
        source = [content(path) for path in SOURCES]
        limits = [resource.getrlimit(limit)[1] for limit in range(16)] + [resource.getrlimit(resource.RLIMIT_STACK)]
        groups = content("/proc/self/cgroup")
        places = [os.readlink("/proc/self/ns/" + space) for space in ("mnt", "pid", "user", "net")]
        who = [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getgroups()]
        who.append(os.getpriority(os.PRIO_PROCESS, 0))
        return repr((self.python, self.preload, self.watch, source, variables, folder, limits, groups, places, who))

    def connect(self):
        """A connection to the server. Raises Unavailable; Gone where it left meanwhile."""
        connection = self.attempt()
        if connection:
            return connection
        from warmstep import start

        start.server(self)
        connection = self.attempt()
        if not connection:
            raise Gone
        return connection

    def attempt(self):
        """A connection to a server of this user, or None."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(f"/proc/self/fd/{self.folder_fd}/{self.name}.sock")  # short, whatever the folder
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        connection.settimeout(60)  # for the answer of a server that is stopped, say
        if peer(connection)[1] != os.geteuid():
            raise Unavailable(f"the server at {self.path}.sock is another user's")
        return connection


def peer(connection):
    """(pid, uid, gid) of who listens, or connected, at the other end."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return [int.from_bytes(credentials[i : i + 4], sys.byteorder, signed=True) for i in (0, 4, 8)]


def open_folder(environment):
    """(path, descriptor) of the folder of sockets, made where it is missing. Raises Unavailable."""
    name = f"keras-roundtrip-{os.geteuid()}"
    if environment.get(FOLDER_VARIABLE):
        candidates = [os.path.abspath(environment[FOLDER_VARIABLE])]
    else:
        places = (environment.get("XDG_RUNTIME_DIR"), environment.get("TMPDIR"), "/tmp")
        candidates = [os.path.join(place, name) for place in places if place and os.access(place, os.W_OK)]
    for path in candidates:
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            pass
        except OSError:
            continue
        return path, open_private(path)
    raise Unavailable(f"no folder for sockets can be made ({', '.join(candidates)})")


def open_private(path):
    """A descriptor of a folder that is this user's and nobody else's. Raises Unavailable, OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    found = os.fstat(fd)
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        os.close(fd)
        raise Unavailable(f"{path} must belong to this user and have mode 0700")
    return fd


def prefix():
    """What the names of this checkout's servers begin with: another's are not ours to stop."""
    return blake2b(SERVER.encode("utf-8", "replace"), digest_size=4).hexdigest() + "-"


def identities(python):
    """{path: identity} of what is made anew when the interpreter's environment, or the server, is."""
    home = os.path.dirname(os.path.dirname(python))
    paths = [
        *SOURCES,
        python,
        os.path.join(home, "pyvenv.cfg"),
        os.path.join(os.path.dirname(home), "environment.json"),
    ]
    try:
        lib = os.path.join(home, "lib")
        paths += [os.path.join(lib, name, "site-packages") for name in os.listdir(lib) if name.startswith("python")]
    except OSError:
        pass
    return {path: identity(path) for path in paths}


def identity(path):
    """What changes when a file or folder is made anew; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_ino, found.st_mtime_ns]
