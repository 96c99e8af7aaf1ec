"""Rights that a program is started without: root has them all, and others none."""

import ctypes

PR_CAPBSET_DROP = 24  # linux/prctl.h
CAP_SYS_PTRACE = 19  # linux/capability.h
CAP_SYS_ADMIN = 21

LIBC = ctypes.CDLL(None, use_errno=True)


def dropping(capability):
    """For subprocess's preexec_fn: what is run has no such right. Below 0: nothing is dropped."""
    # Refused to whoever has no rights to give up.
    return lambda: LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) if capability >= 0 else 0
