"""Where a warm interpreter listens: one address for each interpreter and all that an import in it may see.

docs/warm.md lists what that is.
"""

import _socket as socket
import os
import resource
import sys
from _blake2 import blake2b

from warmstep.identity import identity

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER = os.path.join(HERE, "server.py")
#: what a server is made of: the program and the modules beside it that it imports
SOURCES = (SERVER, *(os.path.join(HERE, name) for name in ("loop.py", "child.py", "identity.py")))
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


class Address:
    """Where the server for this interpreter and these circumstances listens."""

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


def content(path):
    with open(path, "rb") as f:
        return f.read()


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
    stat = os.fstat(fd)
    if stat.st_uid != os.geteuid() or stat.st_mode & 0o077:
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
