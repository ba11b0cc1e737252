"""The supervisor: starts a step, watches its time and memory, kills what is left of it, judges its end."""

import _signal as signal
import os
import resource
import time

from warmstep import plain

#: What every step sees, whatever the shell says, warm or plain. With more than one OpenBLAS thread the
#: import of NumPy starts a thread, which a fork would lose, and sums depend on the number of cores.
FIXED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1"}

TICK = 0.1  # seconds between looks at the step's own memory
ROUND = 10  # ticks between looks at all processes' memory and at who started us
PAGE = os.sysconf("SC_PAGE_SIZE")
SHELLS = ("sh", "bash", "dash", "zsh", "ksh")
OPTIONS = {"--out": None, "--result": None, "--timeout": 0.0, "--memory": 0.0, "--runner": "plain",
           "--preload": "", "--idle": 600.0}  # fmt: skip


class Cancelled(BaseException):
    """A signal asked this process to end; ``args[0]`` is its number."""


class Usage(Exception):
    pass


def parse(argv):
    """The options as a dict without dashes, and the command. Raises Usage."""
    if "--" not in argv:
        raise Usage("the command goes after --")
    cut = argv.index("--")
    given, command = argv[:cut], argv[cut + 1 :]
    options = dict(OPTIONS)
    while given:
        name, equals, value = given.pop(0).partition("=")
        if name not in options or not (equals or given):
            raise Usage(f"unknown option, or one without its value: {name}")
        value = value if equals else given.pop(0)
        try:
            options[name] = float(value) if isinstance(OPTIONS[name], float) else value
        except ValueError:
            raise Usage(f"{name} wants a number, not {value!r}") from None
    if options["--runner"] not in ("warm", "plain"):
        raise Usage(f"--runner is warm or plain, not {options['--runner']!r}")
    if bool(options["--out"]) != bool(options["--result"]):
        raise Usage("--out and --result go together")
    if len(command) < 2:
        raise Usage("the command is PYTHON SCRIPT ARGS... or PYTHON -m MODULE ARGS...")
    return {k[2:]: v for k, v in options.items()}, command


def main(argv, doc):
    """The exit code of the supervisor's command line (scripts/step.py says what it means)."""
    if argv[:1] in (["-h"], ["--help"]):
        os.write(1, doc.encode())
        return 0
    try:
        options, command = parse(argv)
    except Usage as error:
        say(f"{error} (--help says more)")
        return 2
    while os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC) <= 2:
        pass  # a standard stream that is closed would become the next file that is opened
    for number in (0, 1, 2):
        os.set_inheritable(number, True)
    if options["result"]:
        clear(options["out"], options["result"])
    for number in plain.CANCEL:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup, and background jobs of a plain shell
            signal.signal(number, cancel)
    if not os.path.exists(command[0]):
        from warmstep import evidence

        if evidence.unbuildable(options, command):
            return 0
    job, status = None, None
    try:
        while status is None:
            begin = time.monotonic()
            job = start(options, command)
            why, peak = watch(job, options["timeout"], options["memory"] * 1e6)
            if why:
                destroy(job)
            status = job.close()
            if status is None:  # no fault of the step's
                say("the warm interpreter was killed, and the step with it: once more in a new one")
                options["runner"] = "plain"
    except Cancelled as cancelled:
        if job:
            destroy(job)
        die(cancelled.args[0])
    return judge(options, status, why, peak, time.monotonic() - begin)


def say(text):
    os.write(2, f"step: {text}\n".encode("utf-8", "replace"))


def clear(folder, name):
    """Remove what an earlier try left, or it would be taken for this one's."""
    for leftover in (name + ".json", name + ".npz", "stage.txt", "cell.json", "stderr.txt"):
        try:
            os.unlink(os.path.join(folder, leftover))
        except OSError:
            pass


def cancel(number, frame):
    for other in plain.CANCEL:  # one is enough: the killing must not be interrupted
        signal.signal(other, signal.SIG_IGN)
    raise Cancelled(number)


def start(options, command):
    """The running step; a warm way that cannot be gone is said on stderr, and the plain one taken."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core of TensorFlow takes seconds and gigabytes
    environment = dict(os.environ, **FIXED)
    if options["runner"] == "warm":
        from warmstep import client

        try:
            return client.Job(command, environment, options["preload"], options["idle"])
        except client.Unavailable as error:
            say(f"warning: no warm interpreter, a new one instead: {error}")
    return plain.Job(command, environment)


def watch(job, timeout, memory):
    """Wait for the step's end. Returns (None, "timeout" or "memory": why it has to be ended; peak bytes seen)."""
    deadline = time.monotonic() + timeout if timeout > 0 else float("inf")
    origin, peak, tick = ancestors(), 0, 0
    signal.pthread_sigmask(signal.SIG_UNBLOCK, plain.CANCEL)  # the caller holds the job now, and can kill it
    while True:
        if job.wait(max(0, min(TICK, deadline - time.monotonic()))):
            return None, peak
        if time.monotonic() >= deadline:
            tell_where(job)
            return "timeout", peak
        tick += 1
        everything = tick % ROUND == 0
        if memory > 0:
            peak = max(peak, sum(processes(job.pid).values()) if everything else resident(job.pid))
            if peak > memory:
                return "memory", peak
        if everything and ancestors() != origin and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            raise Cancelled(signal.SIGTERM)  # Snakemake was killed: the next run must not meet this step


def tell_where(job):
    """Let a hanging step's faulthandler write its stack to stderr; it dies of it, or is killed soon.

    Its processes are killed before it, since nobody finds them after; it is stopped meanwhile, for it may
    be waiting for one of them.
    """
    try:
        os.kill(job.pid, signal.SIGSTOP)
        for pid in set(processes(job.pid)) - {job.pid}:
            os.kill(pid, signal.SIGKILL)
        os.kill(job.pid, signal.SIGABRT)
        os.kill(job.pid, signal.SIGCONT)
    except OSError:
        return
    job.wait(1)


def destroy(job):
    """Kill all processes of the step, whatever they are doing."""
    for _ in range(10):  # whoever left the process group is found by its parent, and may have forked meanwhile
        alive = processes(job.pid)
        job.kill()
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        if not alive and job.wait(1):
            return
        time.sleep(0.001)


def stat(pid):
    """(parent, process group, session, resident bytes) of a process; None where there is none alive."""
    try:
        with open(f"/proc/{pid}/stat", "rb", 0) as f:
            fields = f.read().rpartition(b")")[2].split()
    except OSError:
        return None
    if fields[0] in b"ZX":
        return None
    return int(fields[1]), int(fields[2]), int(fields[3]), int(fields[21]) * PAGE


def resident(pid):
    """Resident bytes of one process, 0 where there is none."""
    found = stat(pid)
    return found[3] if found else 0


def processes(leader):
    """{pid: resident bytes} of the leader's group and session, and of the descendants that left them."""
    stats = {int(pid): stat(pid) for pid in os.listdir("/proc") if pid.isdigit()}
    stats = {pid: s for pid, s in stats.items() if s}
    found = {pid for pid, s in stats.items() if leader in (pid, s[1], s[2])}
    while True:
        more = {pid for pid, s in stats.items() if s[0] in found} - found
        if not more:
            return {pid: stats[pid][3] for pid in found}
        found |= more


def ancestors():
    """Who started this process, and who started that where it is but a shell's -c."""
    parent = os.getppid()
    try:
        with open(f"/proc/{parent}/comm") as f:
            return (parent, stat(parent)[0]) if f.read().strip() in SHELLS else (parent,)
    except (OSError, TypeError):
        return (parent,)


def judge(options, status, why, peak, seconds):
    """The exit code; writes the result of a step that could not write its own."""
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
    folder, name = options["out"], options["result"]
    if why is None and code == 0 and (not name or os.path.exists(os.path.join(folder, name + ".json"))):
        return 0
    from warmstep import evidence

    if name and (why or code is None or evidence.stage(folder, name)):
        evidence.write(options, status, why, peak, seconds)
        return 0
    say(evidence.cause(options, status, why, peak)[1])
    if why:
        return {"timeout": 124, "memory": 125}[why]
    if code is None:
        die(os.WTERMSIG(status))
    return code or 1  # 0 without a result


def die(number):
    """End this process by a signal."""
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # never reached: it killed the step
