"""Becomes another program that dies with its parent: `python child.py PARENT COMMAND…`.

The kernel is asked to kill this process when the one that started it ends, however that happens (Linux
prctl(2), PR_SET_PDEATHSIG); the wish survives execve. Only the standard library is imported, and the file
runs as an isolated script: it stands before every child and must not depend on its folder.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def launch(*command: str) -> tuple[str, ...]:
    """The command line under which `command` dies with the calling process."""
    return (sys.executable, "-I", "-S", __file__, str(os.getpid()), *command)


def main() -> None:
    parent, *command = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):  # it had died before the wish was heard, and will not die again
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 -- becoming the given program is this module's purpose


if __name__ == "__main__":
    main()
