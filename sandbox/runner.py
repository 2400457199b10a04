"""The runner: starts the processes of a sandbox.

Theory of operation. PID 1 of the sandbox is the nursery (nursery.py). It imports the modules that candidates use and
forks the relay (relay.py). From then on it only forks a confined child whenever the relay asks for one. The relay
speaks with the host: it sends the child a source text and questions, measures time from outside, caps what the child
prints or answers, has it killed when a limit is passed, goes on in a new child, and finally kills whatever else lives
in the PID namespace. When the host is gone, standard input ends, the relay ends, the nursery ends, and with it the
namespace.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import errno
import gc
import os
import platform
import resource
import socket
import sys
import traceback
from typing import Any

from sandbox import confine, guest, loops, measuring, nursery, prelude, profiles, suite, warm
from sandbox.children import Children, NurseryGone
from sandbox.host import Host, HostGone
from sandbox.relay import Relay
from sandbox.usage import Usage


def main(config: dict[str, Any]) -> None:
    """Serve the host on standard input and output until it is gone."""
    host = Host(0, 1)
    try:
        namespaces = _separate() if config["separate"] else []
        confine.hide()
        _raise_limit()
        site = [folder for folder in config.get("site", []) if os.path.isdir(folder)]  # packages for candidates
        sys.path += site
        profile = profiles.Profile(site) if site else profiles.PLAIN
        if config.get("suite"):
            profile = suite.prepare(dict(config["suite"], site=site), namespaces)
        elif config.get("evaluator"):
            profile = measuring.prepare(config["evaluator"], namespaces, site)
        confinement = confine.Confinement(config["require_landlock"], profile, "user" in namespaces)
        suite.introduce(confinement.uid)
    except (OSError, warm.WarmError) as error:
        _refuse(host, error)
        return
    if "socketpair" not in profile.syscalls:  # tests of pytest have them, and the loops of Python itself
        loops.make_possible()
    names = prelude.names()
    guest.warm(names)
    os.environ.clear()
    os.environ.update(config.get("environment", {}))
    for name in [name for name in sys.modules if name == "sandbox" or name.startswith("sandbox.")]:
        del sys.modules[name]  # a solution may have modules of these names
    gc.collect()
    gc.freeze()  # so that children do not copy pages by counting references in them
    gc.disable()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        pid = os.fork()
    except OSError as error:
        _refuse(host, error)
        return
    if pid == 0:
        ours.close()
        host.send(
            {
                "status": "ready",
                "python": platform.python_version(),
                "landlock_abi": confinement.abi,
                "namespaces": namespaces,
                "changes_uid": confinement.uid is not None,
                "counts_threads": confinement.counts_threads,
                "capabilities": confine.capabilities(),
                "has_shared_memory": os.path.isdir("/dev/shm"),
            }
        )
        _relay(host, theirs, Usage() if profile.programs else None)
    theirs.close()
    os.closerange(0, 2)  # they belong to the host's channel, which is for the relay alone
    nursery.Nursery(ours, confinement, names).serve()


def _refuse(host: Host, error: Exception) -> None:
    code = getattr(error, "errno", None)
    reason = error.strerror if isinstance(error, OSError) and code == 0 else error  # an error of our own making
    host.send({"status": "refused", "reason": str(reason), "errno": code})


def _separate() -> list[str]:
    """Continue in a process of new namespaces, where they are granted; return their names. Raises OSError."""
    namespaces = confine.separate()
    inner = os.fork()
    if inner:
        os.closerange(0, 2)
        status = os.waitpid(inner, 0)[1]
        os._exit(1 if status else 0)
    confine.die_with_parent()
    if "mnt" in namespaces and not confine.own_view():
        namespaces.remove("mnt")  # it is of no use
    return namespaces


def _raise_limit() -> None:
    """Raise this process's limit of open files to the allowed maximum; raises OSError where that is too low.

    Descriptors on their way through sockets are counted by user, over all sandboxes, against the sender's limit.
    """
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= hard < nursery.MAX_DESCRIPTORS:
        raise OSError(errno.EMFILE, "a process may open %d files here; %d are needed" % (hard, nursery.MAX_DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _relay(host: Host, channel: socket.socket, usage: Usage | None) -> None:
    status = 1
    try:
        confine.die_with_parent()
        Relay(host, Children(host, channel, os.getppid() == 1, usage)).serve()
    except HostGone:
        status = 0
    except NurseryGone:  # which has reported why
        pass
    except BaseException:  # printed for the log; the host sees that the sandbox ended
        traceback.print_exc()
    finally:
        os._exit(status)
