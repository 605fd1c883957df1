"""Locks that the operating system takes back when their process ends, however it ends.

A process id in a file would not do: ids are given out anew, and a container has ids of its own.
"""

from __future__ import annotations

import errno
import os
import sys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Beyond the content: Windows keeps others from reading what is locked.
_FAR = 1 << 30


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed; tell whether that was possible: False if another process has locked it.

    Raises:
        OSError: the file system has no locks.
    """
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}:
            return False
        raise
    return True
