"""The messages of a step: Python warnings, logging (including absl) and standard error."""

import contextlib
import logging
import os
import sys
import traceback
import warnings


class Diagnostics(object):
    """The messages captured so far: {"source", "category", "message"}."""

    def __init__(self):
        self.messages = []

    def add(self, source, category, message):
        entry = {"source": source, "category": category, "message": message.strip()[:4000]}
        if entry["message"] and entry not in self.messages:
            self.messages.append(entry)


class _Handler(logging.Handler):
    def __init__(self, diagnostics):
        logging.Handler.__init__(self, level=logging.WARNING)
        self.diagnostics = diagnostics

    def emit(self, record):
        self.diagnostics.add("logging", record.levelname, record.getMessage())


@contextlib.contextmanager
def captured(path):
    """Capture all messages inside the block; yields Diagnostics.

    Standard error goes to the file ``path`` during the block. At the end of the block its content is copied to the real
    standard error, and the file is removed. If the process dies, the file remains.
    """
    diagnostics = Diagnostics()
    handler = _Handler(diagnostics)
    loggers = [logging.getLogger(name) for name in ("", "absl", "tensorflow", "keras", "tf_keras")]
    sys.stderr.flush()
    saved = os.dup(2)
    sink = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(sink, 2)
    for logger in loggers:
        logger.addHandler(handler)
    show = warnings.showwarning

    def showwarning(message, category, filename, lineno, file=None, line=None):
        diagnostics.add("python", category.__name__, str(message))

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = showwarning
            yield diagnostics
    finally:
        warnings.showwarning = show
        for logger in loggers:
            logger.removeHandler(handler)
        sys.stderr.flush()
        os.dup2(saved, 2)
        os.close(saved)
        os.lseek(sink, 0, os.SEEK_SET)
        with os.fdopen(sink, "rb") as f:
            text = f.read().decode("utf-8", "replace")
        os.remove(path)
        sys.stderr.write(text)
        for line in text.splitlines():
            diagnostics.add("stderr", "", line)


def error_facts(error, stage):
    """An exception as plain JSON: stage, type, message, traceback."""
    return {
        "stage": stage,
        "type": type(error).__name__,
        "message": str(error)[:8000],
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__))[-16000:],
    }


def is_out_of_memory(error):
    """Whether an exception of Python, NumPy or TensorFlow means that memory ran out."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
