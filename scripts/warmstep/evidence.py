"""What is left of a step that died, as a result in the words of roundtrip.stage. Imported only then."""

import glob
import json
import os
import shutil
import signal
import tempfile
import zipfile

from roundtrip import denial, faults, records, schema
from roundtrip.records.seal import sealed
from warmstep import installed, packages

TAIL = 16000  # bytes of stderr that stand for the traceback
READ = 1000000  # bytes of stderr that are looked at: a step may have written without end
LINES = 500
#: why a step was ended -> its outcome, unless the sandbox is the cause
OUTCOMES = {None: "crashed", "timeout": "timeout", "memory": "out_of_memory"}


def write(options, end):
    """Write ``<out>/<result>.json`` for the step, and remove what it left half-done."""
    folder, name = options["out"], options["result"]
    kind, message = cause(options, end)
    text = stderr(folder)
    denied = denial.last_words(text) if end.why != "memory" and options["sandbox"] else None
    facts = {
        "cell": cell(folder),
        "outcome": "denied" if denied else OUTCOMES[end.why],
        "error": {"stage": stage(folder, name), "type": kind, "message": message, "traceback": text[-TAIL:]},
        "diagnostics": diagnostics(text),
        "seconds": {"total": round(end.seconds, 3)},
    }
    if denied:
        facts["error"]["message"] = f"{message} Its last words: {denied[:200]}"
    if end.why == "memory":
        facts["error"]["resident_bytes"] = end.peak
    leave(folder, name, facts)


#: signals that end a process from outside; what a step does to itself (abort, a segmentation fault) is its result
FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: stages in which nothing of the path has begun: Python starts, TensorFlow and the data are opened
BEFORE_THE_PATH = (None, "open")


def fault(options, command, end):
    """Why a step's end is a fault of the machine or of ours, in words; None where it is the step's own.

    Asked of the signal, of what the step printed, of the disk, of the environment, and of how far it came, in this
    order: what is wrong with the machine says more than where the step was.
    """
    folder = options["out"]
    if end.why is None and os.WIFSIGNALED(end.status) and os.WTERMSIG(end.status) in FROM_OUTSIDE:
        return cause(options, end)[1] + " No supervisor of this workflow sent it."
    text = faults.of_text(stderr(folder)) or faults.of_folders(folder, tempfile.gettempdir())
    if text:
        return text
    root = options["environment"]
    damage = packages.damage(root) if root else ""
    if damage:
        return installed.message(root, damage)
    begun = stage(folder, options["result"]) not in BEFORE_THE_PATH
    return None if begun else cause(options, end)[1] + " Nothing of the path had begun."


def not_run(options, reason):
    """Leave no result but the reason; the exit code that says so."""
    folder = options["out"]
    os.makedirs(folder, exist_ok=True)
    about = cell(folder)
    for path in leftovers(folder, options["result"]):
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.unlink(path)
    faults.leave(folder, about, reason)
    os.write(2, f"step: not run: {reason}\n".encode("utf-8", "replace"))
    return faults.EXIT_CODE


def unbuildable(options, root):
    """Whether an environment could not be built; the result then says so.

    Its stamp, environment.json, lies beside its venv (host.environments.build writes it).
    """
    stamp = os.path.join(root, "environment.json")
    if not os.path.exists(stamp):
        return False
    with open(stamp, encoding="utf-8") as f:
        stamped = json.load(f)
    if stamped.get("outcome") != "unbuildable":
        return False
    error = {"stage": None, "type": "Unbuildable", "message": stamped["reason"]}
    error["traceback"] = "\n".join(stamped.get("detail", []))
    facts = {"cell": None, "outcome": "unbuildable", "error": error, "diagnostics": [], "seconds": {}}
    leave(options["out"], options["result"], facts)
    return True


def leave(folder, name, facts):
    """Write ``<folder>/<name>.json`` whole, and remove what the step left half-done."""
    facts = sealed(facts)
    schema.check(facts, records.SCHEMAS.get(name, {}), name)
    os.makedirs(folder, exist_ok=True)
    for path in leftovers(folder, name):
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.unlink(path)
    temporary = os.path.join(folder, f"{name}.json.{os.getpid()}.tmp")
    with open(temporary, "w", encoding="utf-8") as f:
        json.dump(facts, f, indent=1, sort_keys=True)
    with zipfile.ZipFile(os.path.join(folder, name + ".npz"), "w"):
        pass  # to NumPy, no array: what a job declares as its output has to be there
    if name == "manifest":
        os.makedirs(os.path.join(folder, "artifact"), exist_ok=True)
    os.replace(temporary, os.path.join(folder, name + ".json"))
    os.write(2, f"step: {facts['outcome']}: {facts['error']['message']}\n".encode())


def cause(options, end):
    """(type, sentence) of why the step did not end as it should."""
    where = stage(options["out"], options["result"]) if options["result"] else None
    at = f" in stage {where}" if where else ""
    if end.why == "timeout":
        return "TimeLimit", f"Still running{at} after {options['timeout']:g} s, the time limit."
    if end.why == "memory":
        return "MemoryLimit", (
            f"{end.peak / 1e6:.0f} MB of resident memory{at}, over the limit of {options['memory']:g} MB."
        )
    if os.WIFSIGNALED(end.status):
        number = os.WTERMSIG(end.status)
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"  # real-time signals have no names
        hint = " (the kernel sends it when memory runs out)" if number == signal.SIGKILL else ""
        return name, f"The process was ended by {name}{at}{hint}."
    code = os.WEXITSTATUS(end.status)
    if code:
        return f"ExitCode {code}", f"The process exited with code {code}{at}."
    return "NoResult", f"The process exited with code 0{at} and left no result."


def stage(folder, name):
    """The stage that the step was in: of its stage.txt; "exit" when its result is whole; else None."""
    try:
        with open(os.path.join(folder, "stage.txt"), encoding="utf-8") as f:
            return f.read().strip() or None
    except OSError:
        return "exit" if os.path.exists(os.path.join(folder, name + ".json")) else None


def cell(folder):
    """The path that the step was of: of its cell.json; None where it died before it wrote that."""
    try:
        with open(os.path.join(folder, "cell.json"), encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def stderr(folder):
    """The end of what the step's capture (roundtrip.diagnostics) had taken when it died."""
    try:
        with open(os.path.join(folder, "stderr.txt"), "rb") as f:
            f.seek(max(0, os.fstat(f.fileno()).st_size - READ))
            return f.read().decode("utf-8", "replace")
    except OSError:
        return ""


def diagnostics(text):
    """The lines as roundtrip.diagnostics would list them."""
    lines = []
    for line in text.splitlines():
        if line.strip() and line.strip() not in lines[-50:]:
            lines.append(line.strip())
    return [{"source": "stderr", "category": "", "message": line[:4000]} for line in lines[-LINES:]]


def leftovers(folder, name):
    """Files half-written, copies of the artifact, and what is in the result now."""
    paths = [os.path.join(folder, f) for f in ("stage.txt", "cell.json", "stderr.txt", name + ".npz", name + ".json")]
    folder = glob.escape(folder)
    paths += glob.glob(os.path.join(folder, "*.tmp")) + glob.glob(os.path.join(folder, "moved-*"))
    return [path for path in paths if os.path.lexists(path)]
