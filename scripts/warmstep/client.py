"""Runs a step in a child of a warm interpreter, which is started if there is none. docs/warm.md explains it."""

import _signal as signal
import _socket as socket
import marshal
import os
import resource
import select
import sys

from warmstep.address import Address, Unavailable


class Gone(Exception):
    """The server ended before it forked; another attempt may find a new one."""


class Job:
    """A running step, like plain.Job; ``pid`` leads its session and process group."""

    how = "warm"

    def __init__(self, command, environment, options):
        self.status = None
        if not command[1:] or (command[1].startswith("-") and command[1] != "-m"):
            raise Unavailable("only a script or -m MODULE can be forked")
        try:
            request = marshal.dumps(circumstances(command, environment, options["plan"]), 2)
            server = Address(which(command[0], environment), environment, options)
            for _ in range(5):
                try:
                    self.connection = connect(server)
                    self.pid = self.ask(request)
                    return
                except Gone:
                    continue
        except OSError as error:
            raise Unavailable(str(error)) from error
        raise Unavailable("every server ended before it forked")

    def ask(self, request):
        """Send the request and the standard streams; returns the process id of the child once it is ready."""
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
        """(kind, number): a message of the server or the child. Raises EOFError if the server is gone."""
        content = b""
        while len(content) < 5:
            part = self.connection.recv(5 - len(content))
            if not part:
                raise EOFError
            content += part
        return content[:1], int.from_bytes(content[1:], sys.byteorder, signed=True)

    def wait(self, seconds):
        """Whether the step, or the server (see close), has ended. Waits at most so many seconds."""
        if self.status is None and self.connection:
            poll = select.poll()
            poll.register(self.connection.fileno(), select.POLLIN)
            if not poll.poll(seconds * 1000):
                return False
            try:
                self.status = self.frame()[1]
            except (EOFError, ConnectionResetError):
                self.kill()  # the kernel killed the child together with the server, but not the child's own children
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
        """The status of the ended step, as from waitpid; None if the server died, which kills the step too."""
        self.wait(60)
        return self.status


def circumstances(command, environment, plan):
    """What the child must take over from this process, and the plan of its sandbox (warmstep.rights), if any."""
    environment = plan["variables"] if plan else environment
    mask = os.umask(0)
    os.umask(mask)
    return {
        "command": [os.fsencode(word) for word in command],
        "folder": os.getcwdb(),
        "environment": {os.fsencode(k): os.fsencode(v) for k, v in environment.items()},
        "umask": mask,
        "limits": [resource.getrlimit(limit) for limit in range(16)],
        "processors": sorted(os.sched_getaffinity(0)),
        "plan": plan,
    }


def which(program, environment):
    """The path of a program as the shell would find it."""
    if "/" in program:
        return os.path.abspath(program)
    for folder in os.get_exec_path(environment):
        if os.access(os.path.join(folder, program), os.X_OK):
            return os.path.abspath(os.path.join(folder, program))
    raise Unavailable(f"no program {program}")


def connect(server):
    """A connection to the server at an Address, which is started if there is none. Raises Unavailable, Gone."""
    connection = server.attempt()
    if not connection:
        from warmstep import start

        start.server(server)
        connection = server.attempt()
    if not connection:
        raise Gone
    return connection
