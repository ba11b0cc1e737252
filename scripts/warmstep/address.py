"""The address of a warm interpreter: one for each interpreter and everything that can affect an import in it.

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
#: the source files of a server: the program, and the modules beside it that it imports
SOURCES = (SERVER, *(os.path.join(HERE, name) for name in ("loop.py", "child.py", "sandbox.py", "identity.py")))
FOLDER_VARIABLE = "KERAS_ROUNDTRIP_WARM_DIR"

#: Variables that affect an import or an interpreter: another value gives another server.
KEY_PREFIXES = ("PYTHON", "KERAS_", "TF_", "XLA_", "CUDA_", "NVIDIA_", "OMP_", "OPENBLAS_", "MKL_", "KMP_", "LD_",
                "NPY_", "NUMPY_", "ONEDNN_", "DNNL_", "PROTOCOL_BUFFERS_", "ABSL_", "GRPC_", "JAX_", "TORCH_",
                "MALLOC_", "GLIBC_", "LC_")  # fmt: skip
KEY_SUFFIXES = ("_NUM_THREADS",)
#: HOME because of ~/.keras/keras.json; the schedulers' job ids because a step is subject to the limits of its own job.
KEY_NAMES = ("HOME", "LANG", "LANGUAGE", "TZ", "SLURM_JOB_ID", "SLURM_STEP_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


class Unavailable(Exception):
    """There is no warm interpreter for this step; the message gives the reason."""


class Address:
    """The address at which the server for this interpreter, these variables and the options of a step listens."""

    def __init__(self, python, environment, options):
        self.python, self.environment, self.idle = python, environment, options["idle"]
        self.preload = [name for name in options["preload"].split(",") if name]
        self.watch = identities(python, options["environment"])
        self.folder, self.folder_fd = open_folder(environment)
        self.name = prefix() + blake2b(self.key().encode("utf-8", "replace"), digest_size=10).hexdigest()
        self.path = os.path.join(self.folder, self.name)

    def key(self):
        """A text of everything that two steps must have in common to use the same server."""
        variables = sorted(of_imports(self.environment).items())
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
        connection.settimeout(60)  # a server may not answer, e.g. because it is stopped (SIGSTOP)
        if peer(connection)[1] != os.geteuid():
            raise Unavailable(f"the server at {self.path}.sock belongs to another user")
        return connection


def of_imports(environment):
    """The variables that affect an import or an interpreter; the others may be a user's secrets."""
    return {
        k: v for k, v in environment.items() if k.startswith(KEY_PREFIXES) or k.endswith(KEY_SUFFIXES) or k in KEY_NAMES
    }


def content(path):
    with open(path, "rb") as f:
        return f.read()


def peer(connection):
    """(pid, uid, gid) of the process at the other end of a connection."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return [int.from_bytes(credentials[i : i + 4], sys.byteorder, signed=True) for i in (0, 4, 8)]


def open_folder(environment):
    """(path, descriptor) of the folder of sockets, which is created if it does not exist. Raises Unavailable."""
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
    raise Unavailable(f"no folder for sockets can be created ({', '.join(candidates)})")


def open_private(path):
    """A descriptor of a folder to which only this user has access. Raises Unavailable, OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    stat = os.fstat(fd)
    if stat.st_uid != os.geteuid() or stat.st_mode & 0o077:
        os.close(fd)
        raise Unavailable(f"{path} must belong to this user and have mode 0700")
    return fd


def prefix():
    """The prefix of the names of this checkout's servers. The servers of other checkouts must not be stopped."""
    return blake2b(SERVER.encode("utf-8", "replace"), digest_size=4).hexdigest() + "-"


def identities(python, root):
    """{path: identity} of the files that change when the environment changes or the server's source does.

    ``root`` is the folder of the environment's stamp, None for a Python that is no environment.
    """
    home = os.path.dirname(os.path.dirname(python))
    paths = [
        *SOURCES,
        python,
        os.path.join(home, "pyvenv.cfg"),
        *([os.path.abspath(os.path.join(root, "environment.json"))] if root else []),
    ]
    try:
        lib = os.path.join(home, "lib")
        paths += [os.path.join(lib, name, "site-packages") for name in os.listdir(lib) if name.startswith("python")]
    except OSError:
        pass
    return {path: identity(path) for path in paths}
