"""What the sandbox (warmstep.sandbox) denies a step: that is no fault of the artifact, nor of what reads it."""

import errno
import os

#: the variable by which a step knows that it is in a sandbox
VARIABLE = "ROUNDTRIP_SANDBOX"
#: what the kernel answers where a right was taken away. HDF5 and TensorFlow keep the words, not always the number
WORDS = tuple(os.strerror(number) for number in (errno.EACCES, errno.EPERM))


def by_sandbox(error):
    """Whether an exception, or one behind it, comes from a right that the sandbox has taken away."""
    return VARIABLE in os.environ and any(speaks(str(cause)) for cause in behind(error))


def speaks(text):
    """Whether a text speaks of a right that is lacking."""
    return any(words in text for words in WORDS)


def behind(error):
    """An exception, and those that led to it."""
    seen = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__
