"""The supervisor: starts a step, watches its time and memory, kills what is left of it, judges its end."""

import _signal as signal
import os
import resource
import time

from warmstep import commandline, installed, killing, plain, processes

#: What every step sees, whatever the shell says, warm or plain. With more than one OpenBLAS thread the
#: import of NumPy starts a thread, which a fork would lose, and sums depend on the number of cores.
FIXED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1"}

TICK = 0.1  # seconds between looks at the step's own memory
ROUND = 10  # ticks between looks at all processes' memory and at who started us


class End:
    """How a step ended: its wait status, why it had to be ended ("timeout", "memory" or None), peak bytes, seconds."""

    def __init__(self, status, why, peak, seconds):
        self.status, self.why, self.peak, self.seconds = status, why, peak, seconds


class Cancelled(BaseException):
    """A signal asked this process to end; ``args[0]`` is its number."""


def main(argv, doc):
    """The exit code of the supervisor's command line (scripts/step.py says what it means)."""
    if argv[:1] in (["-h"], ["--help"]):
        os.write(1, doc.encode())
        return 0
    try:
        options, command = commandline.parse(argv)
    except commandline.Usage as error:
        say(f"{error} (--help says more)")
        return 2
    prepare(options)
    if options["sandbox"]:
        from warmstep import sandbox

        if sandbox.missing():
            return unprotected(options, sandbox.missing())
    root = options["environment"]
    if options["result"] and root:
        damage = installed.damage(root)
        if damage or not os.path.exists(command[0]):
            from warmstep import evidence

            if evidence.unbuildable(options, root):
                return 0
            return evidence.not_run(options, installed.message(root, damage or "its interpreter is missing"))
    return judge(options, command, run(options, command))


def unprotected(options, reason):
    """The exit code of a step that was not run, for it would have run without protection."""
    from warmstep import evidence

    words = f"This machine has no sandbox: {reason}. Nothing was opened. docs/safety.md says how to trust a file."
    if options["result"]:
        return evidence.not_run(options, words)
    say(words)
    return evidence.faults.EXIT_CODE


def prepare(options):
    """Open the standard streams that are closed, remove an earlier result, have signals cancel the step."""
    while os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC) <= 2:
        pass  # a standard stream that is closed would become the next file that is opened
    for number in (0, 1, 2):
        os.set_inheritable(number, True)
    if options["result"]:
        clear(options["out"], options["result"])
    for number in plain.CANCEL:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup, and background jobs of a plain shell
            signal.signal(number, cancel)


def run(options, command):
    """Run the step to its End."""
    job, status = None, None
    try:
        while status is None:
            begin = time.monotonic()
            job = start(options, command)
            why, peak = watch(job, options["timeout"], options["memory"] * 1e6)
            if why:
                killing.destroy(job)
            status = job.close()
            sweep(options)
            if status is None:  # no fault of the step's
                say("the warm interpreter was killed, and the step with it: once more in a new one")
                options["runner"] = "plain"
    except Cancelled as cancelled:
        if job:
            killing.destroy(job)
            sweep(options)
        killing.die(cancelled.args[0])
    return End(status, why, peak, time.monotonic() - begin)


def sweep(options):
    """Kill what the step left running, and remove its temporary files."""
    killing.sweep(options["marker"])
    if options["plan"]:
        from warmstep import rights

        rights.clean(options["plan"])


def say(text):
    os.write(2, f"step: {text}\n".encode("utf-8", "replace"))


def clear(folder, name):
    """Remove what an earlier try left, or it would be taken for this one's."""
    for leftover in (name + ".json", name + ".npz", "stage.txt", "cell.json", "stderr.txt", "not_run.json"):
        try:
            os.unlink(os.path.join(folder, leftover))
        except OSError:
            pass


def cancel(number, frame):
    for other in plain.CANCEL:  # one is enough: the killing must not be interrupted
        signal.signal(other, signal.SIG_IGN)
    raise Cancelled(number)


def start(options, command):
    """The running step. Where no warm interpreter can be had, stderr says why, and a new one runs the step."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core of TensorFlow takes seconds and gigabytes
    options["marker"] = f"{os.getpid()}.{time.monotonic_ns()}"
    environment = dict(os.environ, **FIXED, **{processes.MARKER: options["marker"]})
    options["plan"] = None
    if options["sandbox"]:
        from warmstep import rights

        options["plan"] = rights.plan(options, command, environment)
    if options["runner"] == "warm":
        from warmstep import address, client

        try:
            return client.Job(command, environment, options)
        except address.Unavailable as error:
            say(f"warning: no warm interpreter, a new one instead: {error}")
    return plain.Job(command, environment, options["plan"])


def watch(job, timeout, memory):
    """Wait for the step's end. Returns (None, "timeout" or "memory": why it has to be ended; peak bytes seen)."""
    deadline = time.monotonic() + timeout if timeout > 0 else float("inf")
    peak, tick = 0, 0
    signal.pthread_sigmask(signal.SIG_UNBLOCK, plain.CANCEL)  # the caller holds the job now, and can kill it
    while True:
        if job.wait(max(0, min(TICK, deadline - time.monotonic()))):
            return None, peak
        if time.monotonic() >= deadline:
            killing.tell_where(job)
            return "timeout", peak
        tick += 1
        everything = tick % ROUND == 0
        if memory > 0:
            peak = max(peak, sum(processes.tree(job.pid).values()) if everything else processes.resident(job.pid))
            if peak > memory:
                return "memory", peak
        if everything and processes.abandoned():
            raise Cancelled(signal.SIGTERM)  # Snakemake was killed: the next run must not meet this step


def judge(options, command, end):
    """The exit code; writes the result of a step that could not write its own.

    A step that was kept from its end by the machine, or from outside, has no result: it is *not run*.
    """
    code = os.WEXITSTATUS(end.status) if os.WIFEXITED(end.status) else None
    folder, name = options["out"], options["result"]
    if end.why is None and code == 0 and (not name or os.path.exists(os.path.join(folder, name + ".json"))):
        return 0
    from warmstep import evidence

    if name and code != evidence.faults.EXIT_CODE:
        fault = evidence.fault(options, command, end)
        if fault:
            return evidence.not_run(options, fault)
        if end.why or code is None or evidence.stage(folder, name):
            evidence.write(options, end)
            return 0
    say(evidence.cause(options, end)[1])
    if end.why:
        return {"timeout": 124, "memory": 125}[end.why]
    if code is None:
        killing.die(os.WTERMSIG(end.status))
    return code or 1  # 0 without a result
