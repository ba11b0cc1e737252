"""Start scripts/serve.py as a separate process on a free port, and send it HTTP requests."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np

from roundtrip.loaded import Loaded
from roundtrip.loaders import only_file

TITLE = "Flask server in a process of its own"
APIS = {"tf1": ""}
READS = ("frozen_graph",)
RESTORES = ("predictions",)
SUPPLIES = ("http_answers",)  # the server is code
GIVES = ("http",)
PACKAGES = ("flask",)
DEPENDS = ("serve.py",)

_SCRIPT = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), DEPENDS[0])


def load(ctx, artifact):
    names = ctx.module.NAMES
    server = Server(only_file(artifact, ".pb"), names["inputs"], names["outputs"], os.path.join(ctx.out, "server.log"))
    return Loaded(predict=server.predict, server=server)


class Server(object):
    """The running server; the caller that starts it must stop it."""

    def __init__(self, frozen, input_name, output_name, log):
        command = [sys.executable, _SCRIPT, "--frozen", frozen, "--input", input_name, "--output", output_name]
        self.log = log
        with open(log, "wb") as sink:
            self.process = subprocess.Popen(command + ["--port", "0"], stdout=subprocess.PIPE, stderr=sink)
        line = self.process.stdout.readline().decode("utf-8")
        if not line.startswith("serving on http://"):
            self.process.kill()
            with open(log, "rb") as f:
                raise RuntimeError("the server did not start:\n%s" % f.read().decode("utf-8", "replace")[-4000:])
        self.host, _, port = line.split("/")[2].partition(":")
        self.port = int(port)

    def send(self, body):
        """A connection that has sent a request without its last byte, and that byte."""
        lines = ["POST /api/predict HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        head = "\r\n".join(lines + ["Content-Length: %d" % len(body), "", ""])
        connection = socket.create_connection((self.host, self.port), timeout=60)
        connection.sendall(head.encode("ascii") + body[:-1])
        return connection, body[-1:]

    def finish(self, connection, last):
        """(status, JSON of the answer or None) for a request that was sent."""
        connection.sendall(last)
        with connection.makefile("rb") as stream:
            answer = stream.read()
        connection.close()
        head, _, content = answer.partition(b"\r\n\r\n")
        try:
            return int(head.split()[1]), json.loads(content.decode("utf-8"))
        except ValueError:
            return int(head.split()[1]), None

    def ask(self, body):
        return self.finish(*self.send(body))

    def predict(self, rows):
        """The results for an array of rows. Raises RuntimeError if the server refuses."""
        status, answer = self.ask(json.dumps({"x": np.asarray(rows).tolist()}).encode("utf-8"))
        if status != 200:
            raise RuntimeError("status %d: %s" % (status, answer))
        found = np.array(answer["y"])
        return found.astype("float32") if found.dtype.kind == "f" else found  # JSON knows one kind of number

    def terminate(self):
        """Send SIGTERM and wait until it has arrived."""
        self.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)

    def leave(self):
        """The exit code after SIGTERM; -9 if the server did not end within a minute and was killed."""
        begin = time.time()
        while self.process.poll() is None and time.time() - begin < 60:
            time.sleep(0.05)
        if self.process.poll() is None:
            self.process.kill()
        self.process.stdout.close()
        return self.process.wait()
