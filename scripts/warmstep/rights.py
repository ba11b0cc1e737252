"""What a sandboxed step may read, run and write, for warmstep.sandbox: the least that Python and TensorFlow need."""

import os

from roundtrip import denial
from warmstep import address, installed, processes

SCRIPTS = os.path.dirname(address.HERE)
#: libraries of the system; the loader, /lib/ld-linux*.so, is run
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
#: what those look up: themselves, libraries, the time zone, random numbers, processors and memory
FACTS = ("/proc/self", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom", "/dev/random",
         "/dev/zero", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
         "/sys/devices/system/node")  # fmt: skip
#: variables with folders from which an interpreter imports
SEARCHED = ("PYTHONPATH", "LD_LIBRARY_PATH")


def plan(options, command, environment):
    """The plan of a step's sandbox; makes the folders into which it may write.

    Parameters
    ----------
    options : dict
        "sandbox", the step's folder; "readable", what else it may read; "marker", which no other step has.
    command, environment : the step's
    """
    folder = os.path.abspath(options["sandbox"])
    scratch = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"roundtrip-{options['marker']}")
    os.makedirs(folder, exist_ok=True)
    os.makedirs(scratch, mode=0o700, exist_ok=True)
    return {
        "read": [*FACTS, *keras_settings(environment), *map(os.path.abspath, options["readable"])],
        "run": [
            *(*LIBRARIES, SCRIPTS, *script(command), *searched(environment)),
            *(*interpreter(command[0]), *packages(options["environment"])),
        ],
        "write": [folder, scratch],
        "scratch": scratch,
        "variables": variables(environment, scratch),
    }


def variables(environment, scratch):
    """The variables that a step needs. The others may be secrets, and what reads them could show them."""
    kept = {name: environment[name] for name in ("PATH", processes.MARKER) if name in environment}
    return {**address.of_imports(environment), **kept, "TMPDIR": scratch, denial.VARIABLE: "1"}


def interpreter(python):
    """Its environment; of the interpreter that the environment was made with, the program and its library alone."""
    paths = []
    for program in dict.fromkeys((os.path.abspath(python), os.path.realpath(python))):
        folder = os.path.dirname(os.path.dirname(program))
        if os.path.exists(os.path.join(folder, "pyvenv.cfg")):
            paths.append(folder)
        else:  # the folder may be /usr
            paths += [program, os.path.join(folder, "lib"), os.path.join(folder, "lib64")]
    return paths


def packages(root):
    """The folders of packages of an environment of the user, which may lie anywhere."""
    return list(installed.recorded(root)) if root else []


def script(command):
    """The file that is run, if it is one."""
    return [] if command[1] == "-m" else [os.path.abspath(command[1])]


def searched(environment):
    folders = [folder for name in SEARCHED for folder in environment.get(name, "").split(":")]
    return [os.path.abspath(folder) for folder in folders if folder]


def keras_settings(environment):
    """keras.json, which Keras reads when it is imported: a warm step has it of its interpreter."""
    home = environment.get("KERAS_HOME") or os.path.expanduser("~/.keras")
    return [os.path.join(home, "keras.json")]


def clean(made):
    """Remove a plan's temporary files."""
    try:
        os.rmdir(made["scratch"])
    except OSError:  # it is not empty
        import shutil  # 10 ms, which most steps do not need

        shutil.rmtree(made["scratch"], ignore_errors=True)
