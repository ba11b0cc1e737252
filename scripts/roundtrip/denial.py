"""What the sandbox (warmstep.sandbox) denies a step: that is no fault of the artifact, nor of what reads it."""

import errno
import os

#: the variable by which a step knows that it is in a sandbox
VARIABLE = "ROUNDTRIP_SANDBOX"
#: what the kernel answers where a right was taken away. HDF5 and TensorFlow keep the words, not always the number
OF_THE_KERNEL = tuple(os.strerror(number) for number in (errno.EACCES, errno.EPERM))
#: what libraries say instead, where a file outside the copy cannot be opened, or no socket be made
OF_LIBRARIES = (
    "unable to open external",  # HDF5's storage and links: https://github.com/HDFGroup/hdf5 (H5Defl.c, H5Lexternal.c)
    "unable to open database file",  # https://www.sqlite.org/rescode.html#cantopen
    "Could not resolve host",  # https://curl.se/libcurl/c/libcurl-errors.html (CURLE_COULDNT_RESOLVE_HOST)
    "failure in name resolution",  # https://man7.org/linux/man-pages/man3/getaddrinfo.3.html (EAI_AGAIN)
    "Could not start gRPC server",  # tensorflow/core/distributed_runtime/rpc/grpc_server_lib.cc
)
WORDS = OF_THE_KERNEL + OF_LIBRARIES
#: where Python's own report of a fatal error begins, which the library's last words precede
REPORT = "Fatal Python error:"
#: lines before it that count: a denial that was long survived is no cause of a death
LAST = 10


def by_sandbox(error):
    """Whether an exception, or one behind it, comes from a right that the sandbox has taken away."""
    return VARIABLE in os.environ and any(speaks(str(cause)) for cause in behind(error))


def speaks(text):
    """Whether a text speaks of a right that is lacking."""
    return any(words in text for words in WORDS)


def last_words(stderr):
    """The line in which a process that died spoke of a lacking right, among the last that it printed; None if none."""
    lines = [line.strip() for line in stderr.partition(REPORT)[0].splitlines() if line.strip()]
    return next(filter(speaks, reversed(lines[-LAST:])), None)


def behind(error):
    """An exception, and those that led to it."""
    seen = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__
