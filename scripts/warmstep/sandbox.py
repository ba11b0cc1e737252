"""A process takes away its own rights, for good: what it may read, write and run, the network, other processes.

The means are the kernel's. Landlock restricts files, and seccomp (by libseccomp) the system calls that Landlock does
not know: sockets, the mode and owner of files, keys, shared memory. Capabilities are dropped, which matters to root.
docs/safety.md says what this protects. Imported inside environments: standard library only, Python 3.7 to today.

    https://docs.kernel.org/userspace-api/landlock.html
    https://man7.org/linux/man-pages/man3/seccomp_rule_add.3.html
"""

import ctypes
import errno
import os
import stat
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture but Alpha
PR_SET_NO_NEW_PRIVS = 38
#: the first version of Landlock that keeps a process from truncating a file: Linux 6.2
OLDEST = 3

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, REFER, TRUNCATE, IOCTL_DEV = 1 << 7, 1 << 8, 1 << 13, 1 << 14, 1 << 15
#: what a rule on a file, not a folder, may grant
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
#: a plan's key -> the rights to its paths. No right to make links, devices and sockets: a link that a step leaves
#: would be followed by the host.
RIGHTS = {
    "read": READ_FILE | READ_DIR,
    "run": READ_FILE | READ_DIR | EXECUTE,
    "write": READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER,
}
#: attribute of a ruleset, in their order -> the version of Landlock that has it, and all bits of that version
HANDLED_FILES = {3: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP, SCOPES = (4, 0b11), (6, 0b11)  # binding and connecting; abstract sockets and signals

ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO
NOT_EQUAL, EQUAL, MASKED = 1, 4, 7  # enum scmp_compare
DAC_OVERRIDE = 1 << 1  # root must read and write its folder whoever owns that; Landlock restricts where
CLONE_NEWUSER, TIOCSTI, STREAM, TYPE = 0x10000000, 0x5412, 1, 0xF

#: refused: they reach other processes, other machines, or around Landlock
REFUSED = """socket io_uring_setup ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp bpf perf_event_open
    userfaultfd keyctl add_key request_key unshare setns open_by_handle_at shmget shmat shmctl semget semop semtimedop
    semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink""".split()
#: answered as if done, and not done: Landlock cannot restrict them, and copying a file with its mode must not fail
IDLE = """chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat setxattr
    lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr""".split()
#: numbers of system calls that are newer than many a libseccomp; since 424 they are the same on every architecture
NEWER = {"io_uring_setup": 425, "pidfd_getfd": 438, "fchmodat2": 452, "setxattrat": 463, "removexattrat": 466,
         "file_setattr": 469, "clone3": 435}  # fmt: skip


class Unavailable(Exception):
    """This machine cannot restrict a process; the message gives the reason."""


class Argument(ctypes.Structure):
    """struct scmp_arg_cmp: a rule counts where an argument of the call compares so."""

    _fields_ = [("number", ctypes.c_uint), ("how", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def restrict(plan):
    """Restrict this process and all that it will start. Raises Unavailable; then it must not go on.

    Parameters
    ----------
    plan : dict
        "read", "run", "write": paths; "read" and "write" without the right to execute. What does not exist is left
        out. Everything else cannot be opened.
    """
    ruleset = landlock(plan)
    filter_ = seccomp()
    drop_capabilities()
    check(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)")
    check(LIBC.syscall(RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)
    library().seccomp_load.argtypes = [ctypes.c_void_p]
    check(library().seccomp_load(filter_), "seccomp_load")


def version():
    """The version of Landlock that the kernel has, 0 without."""
    return max(0, LIBC.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def library():
    """libseccomp. Raises Unavailable where it is not installed."""
    try:
        return ctypes.CDLL("libseccomp.so.2")
    except OSError as error:
        raise Unavailable(f"libseccomp is missing ({error}): install libseccomp2 or libseccomp") from error


def missing():
    """Why this machine cannot restrict a process, with the remedy; None where it can."""
    if version() < OLDEST:
        have = f"Landlock version {version()}" if version() else "no Landlock"
        return f"the kernel has {have}; a sandbox needs version {OLDEST} (Linux 6.2)"
    try:
        library()
    except Unavailable as error:
        return str(error)
    return None


def check(result, call):
    if result < 0:
        number = ctypes.get_errno() or -result
        raise Unavailable(f"{call}: {os.strerror(number)}")
    return result


def landlock(plan):
    """The descriptor of a ruleset that grants what the plan says, and handles all that this kernel can."""
    have = version()
    if have < OLDEST:
        raise Unavailable(missing())
    files = HANDLED_FILES[max(known for known in HANDLED_FILES if known <= have)]
    attributes = [files] + [bits for since, bits in (TCP, SCOPES) if have >= since]
    content = struct.pack(f"={len(attributes)}Q", *attributes)
    ruleset = check(LIBC.syscall(CREATE_RULESET, content, ctypes.c_size_t(len(content)), 0), "landlock_create_ruleset")
    for kind, rights in RIGHTS.items():
        for path in plan[kind]:
            allow(ruleset, path, rights)
    allow(ruleset, os.devnull, READ_FILE | WRITE_FILE | TRUNCATE)
    return ruleset


def allow(ruleset, path, rights):
    """Grant rights to a file, or to a folder and all below it."""
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    if not stat.S_ISDIR(os.fstat(fd).st_mode):
        rights &= OF_A_FILE
    check(LIBC.syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, fd), 0), f"landlock_add_rule({path})")
    os.close(fd)


def seccomp():
    """The filter of system calls, not yet loaded."""
    lib = library()
    lib.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(lib.seccomp_init(ALLOW))
    for names, number in ((REFUSED, errno.EACCES), (IDLE, 0)):
        for name in names:
            rule(lib, context, name, number)
    rule(lib, context, "clone3", errno.ENOSYS)  # its flags cannot be looked at; libraries then use clone
    rule(lib, context, "clone", errno.EPERM, Argument(0, MASKED, CLONE_NEWUSER, CLONE_NEWUSER))
    rule(lib, context, "ioctl", errno.EPERM, Argument(1, MASKED, 0xFFFFFFFF, TIOCSTI))  # types into a terminal
    rule(lib, context, "prlimit64", errno.EPERM, Argument(0, NOT_EQUAL, 0, 0))
    for kind in set(range(TYPE + 1)) - {STREAM}:  # a datagram socket can send to any other; a pair of streams cannot
        rule(lib, context, "socketpair", errno.EACCES, Argument(1, MASKED, TYPE, kind))
    return context


def rule(lib, context, name, number, *arguments):
    """Let a system call end with an error number, 0 for as if done."""
    call = lib.seccomp_syscall_resolve_name(name.encode("ascii"))
    call = NEWER.get(name, call) if call == -1 else call
    array = (Argument * max(1, len(arguments)))(*arguments)
    if call != -1:  # -1: unknown to the library, and so to a kernel of its time
        done = lib.seccomp_rule_add_array(context, ctypes.c_uint32(ERRNO | number), call, len(arguments), array)
        check(done, f"seccomp_rule_add({name})")


def drop_capabilities():
    """Of root's rights only the one to open files whoever owns them."""
    low = DAC_OVERRIDE if os.geteuid() == 0 else 0
    header, data = struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", low, low, 0, 0, 0, 0)
    if LIBC.capset(header, data) < 0:  # root of a container may not have it
        check(LIBC.capset(header, struct.pack("=6I", 0, 0, 0, 0, 0, 0)), "capset")
