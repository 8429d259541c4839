"""A zygote as the system sees it: how it is started and ended."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from bot.sandbox.job import Broken

_ROOT = str(Path(__file__).parents[2])
_CODE = (
    "import sys; sys.argv[2] in sys.path or sys.path.insert(0, sys.argv[2]); "
    "from bot.sandbox.zygote import main; main(int(sys.argv[1]))"
)
_ENVIRONMENT = {
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
    ),
    "LD_BIND_NOW": "1",  # functions of libraries are looked up once, not by every child again
}


class Process:
    """A zygote that gets ready, and the bot's end of its channel. Raises Broken."""

    def __init__(self) -> None:
        try:
            self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        except OSError as error:
            message = f"no connection can be made ({error.strerror})"
            raise Broken(message) from error
        self.control.setblocking(False)  # noqa: FBT003  # its only argument
        try:
            self._process = _started(theirs)
        except OSError as error:
            self.control.close()
            message = f"{sys.executable} does not start ({error.strerror})"
            raise Broken(message) from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def end(self) -> None:
        """End it, and its children with it; may be repeated."""
        self.control.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


def _started(theirs: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  # our own interpreter and our own code
        [sys.executable, "-I", "-c", _CODE, str(theirs.fileno()), _ROOT],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(theirs.fileno(),),
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
    )
