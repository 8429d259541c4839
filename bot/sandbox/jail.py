"""Locks a process up, for good: its limits, what it may ask the kernel for, and which files.

Linux only. Needs nothing of ours, so that the zygote can use it. A process that has gone through
both steps of its `Lock` reads its job, computes, and writes its result; all else is refused by the
kernel or kills it.
"""

import contextlib
import ctypes
import errno
import mmap
import os
import resource
import signal
from collections.abc import Callable
from typing import Any, Final, NoReturn

JOB: Final = 3
"""The descriptor of a child's line, from which it reads its job and to which it replies."""

MEMORY: Final = 128 * 2**20
"""Bytes that a job may take beyond what its process begins with; no answer needs a tenth."""

CPU_SECONDS: Final = 0.5
"""Time of the processor that a job may take; the timer's signal ends it within C loops too."""

_LIBC = ctypes.CDLL(None, use_errno=True)
_WORD = ctypes.c_ulong
_LIBC.prctl.argtypes = (ctypes.c_int, _WORD, ctypes.c_void_p, _WORD, _WORD)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_SIGKILL = int(signal.SIGKILL)
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # the same on every architecture
_LANDLOCK_VERSION = 1
_MAP_ANONYMOUS = 0x20
_LAST_CLOCK = 11  # CLOCK_TAI; what lies beyond are other processes' clocks
_FUTEXES = (128, 129, 137, 138, 137 | 256)
"""Private waits and wakes, plain and by bits; none that asks who else is there."""

_FREE = (
    "brk", "close", "exit", "exit_group", "fstat",
    "getpid", "getrandom", "gettid", "gettimeofday", "madvise", "mremap", "munmap",
    "restart_syscall", "sched_yield",
)  # fmt: skip
"""Calls that reach nothing outside of the process."""

_REFUSED = (
    "access", "faccessat", "faccessat2", "fcntl", "getcpu", "getcwd", "getdents64", "ioctl",
    "lseek", "lstat", "newfstatat", "open", "openat", "readlink", "readlinkat",
    "sched_getaffinity", "stat", "statx", "sysinfo", "uname",
)  # fmt: skip
"""Calls that libraries make and get along without: an error, so that they say what failed."""


class NoJail(Exception):
    """This system cannot lock a process up; the text says what it lacks and what to do."""


def begin_filter() -> Callable[[], bytes]:
    """Build the program that decides over every system call, made once for all children.

    What this gives waits for the program; it raises NoJail. Another process builds it, so that
    what it takes to do so (a library, and half of Python's) is in none that answers run in.
    """
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        _build_filter(into)
    os.close(into)

    def built() -> bytes:
        with open(out, "rb") as pipe:  # noqa: PTH123  # a descriptor
            said = pipe.read()
        os.waitpid(pid, 0)
        if not said.startswith(_BUILT):
            raise NoJail(said.decode() or "the process that builds the filter has died")
        return said.removeprefix(_BUILT)

    return built


def _build_filter(into: int) -> NoReturn:
    """Write the filter, or what stands in its way, and end; with the zygote, if need be."""
    try:
        os.dup2(into, JOB)
        os.closerange(JOB + 1, 65_536)
        try:
            _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
            said = _BUILT + _filter()
        except NoJail as error:
            said = str(error).encode()
        except Exception as error:  # noqa: BLE001  # the bot logs it
            said = f"{type(error).__name__}: {error}".encode()
        os.write(JOB, said)
    finally:
        os._exit(0)


_BUILT = b"\0"
"""What precedes a filter, and no text."""


def _filter() -> bytes:
    try:
        import pyseccomp as seccomp  # noqa: PLC0415  # raises where the C library is missing
    except (ImportError, OSError, RuntimeError) as error:
        message = "libseccomp is missing; install it (on Debian: `apt install libseccomp2`)"
        raise NoJail(message) from error
    try:
        return _exported(seccomp)
    except (OSError, RuntimeError) as error:
        message = (
            f"this system lets no filter of system calls be made ({error}); run the bot where "
            "seccomp is allowed"
        )
        raise NoJail(message) from error


def _exported(seccomp: Any) -> bytes:
    rules = seccomp.SyscallFilter(seccomp.KILL_PROCESS)
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    for name in _FREE:
        rules.add_rule(seccomp.ALLOW, name)
    for name in _REFUSED:
        _refuse(rules, seccomp, name)
    equal, masked = seccomp.EQ, seccomp.MASKED_EQ
    rules.add_rule(seccomp.ALLOW, "read", seccomp.Arg(0, equal, JOB))
    for descriptor in (1, 2, JOB):
        rules.add_rule(seccomp.ALLOW, "write", seccomp.Arg(0, equal, descriptor))
    # A futex on a page that another job has as well would be a way to talk to it, and so would
    # the time of the processor that another process has taken.
    for operation in _FUTEXES:
        rules.add_rule(seccomp.ALLOW, "futex", seccomp.Arg(1, equal, operation))
    for name in ("clock_getres", "clock_gettime"):
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(0, seccomp.LE, _LAST_CLOCK))
    not_executable = seccomp.Arg(2, masked, mmap.PROT_EXEC, 0)
    anonymous = seccomp.Arg(3, masked, _MAP_ANONYMOUS, _MAP_ANONYMOUS)
    rules.add_rule(seccomp.ALLOW, "mmap", not_executable, anonymous)
    rules.add_rule(seccomp.ALLOW, "mprotect", not_executable)
    with open(os.memfd_create("filter"), "w+b", buffering=0) as file:  # noqa: PTH123  # a descriptor
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _refuse(rules: Any, seccomp: Any, name: str) -> None:
    # Some calls are not there on every architecture.
    with contextlib.suppress(OSError, ValueError):
        rules.add_rule(seccomp.ERRNO(errno.EACCES), name)


def restrict_files() -> int:
    """Take all files, ports and processes outside away, from this process and its children.

    Gives the version of Landlock; 0 where the kernel has none, and nothing is restricted.
    """
    version = _LIBC.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    if version < 1:
        return 0
    rights = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    handled = [2**rights - 1]
    if version >= 4:  # noqa: PLR2004  # the version that knows ports
        handled.append(2**2 - 1)
    if version >= 6:  # noqa: PLR2004  # the version that knows sockets and signals
        handled.append(2**2 - 1)
    attributes = (ctypes.c_uint64 * len(handled))(*handled)
    ruleset = _LIBC.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.sizeof(attributes), 0)
    if ruleset < 0:
        return 0
    try:
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        return int(version) if not _LIBC.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) else 0
    finally:
        os.close(ruleset)


def first_to_go() -> None:
    """Have the kernel end this process, and those forked from it, before any other for memory."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123  # the same
        file.write("1000")


class Lock:
    """What a process locks itself up with, made once for all that are forked from this one.

    To be made while files can still be read. What it does takes few steps, since each of them
    costs every child some pages of memory.
    """

    def __init__(self, program: bytes) -> None:
        hard = int(CPU_SECONDS) + 1
        most = (
            (resource.RLIMIT_AS, _address_space() + MEMORY),
            (resource.RLIMIT_CPU, hard),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, JOB + 1),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_MSGQUEUE, 0),
        )
        self._limits = [(kind, (limit, limit)) for kind, limit in most]
        self._filter = _Program(len(program) // 8, program)
        self._maker = os.getpid()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # the timer's; children keep that

    def limit(self) -> None:
        """Limit what this process may use, and have it end with the one that made it."""
        _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
        if os.getppid() != self._maker:
            raise NoJail("the process that this one was forked from has ended")
        for kind, most in self._limits:
            resource.setrlimit(kind, most)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)

    def enter(self) -> None:
        """Let the kernel decide over every call, now and for good. Raises NoJail."""
        _prctl(_PR_SET_DUMPABLE, 0)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(self._filter))


def _address_space() -> int:
    """Bytes of this process's address space."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  # pathlib is not needed here
        return int(file.read().split()[0]) * mmap.PAGESIZE


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _prctl(option: int, value: int, pointer: object = None) -> None:
    if _LIBC.prctl(option, value, pointer, 0, 0):
        reason = os.strerror(ctypes.get_errno())
        message = f"this kernel refuses to lock a process up ({reason})"
        raise NoJail(message)


def drop_root() -> None:
    """Become nobody, where this process is root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


_NOBODY = 65534
