"""The runner: starts the processes of a sandbox.

Theory of operation. PID 1 of the sandbox is the nursery (nursery.py). It imports what candidates use, forks the relay
(relay.py), and from then on forks a confined child whenever the relay asks for one, and nothing else. The relay speaks
with the host: it sends the child a source text and questions, measures time from outside, caps what the child prints or
answers, has it killed when a limit is passed, goes on in a new child, and finally kills whatever else lives in the PID
namespace. When the host is gone, standard input ends, the relay ends, the nursery ends, and with it the namespace.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import socket
import sys
import traceback
from typing import Any

from sandbox import confine, guest, prelude, profiles, suite, warm
from sandbox.children import Children, NurseryGone
from sandbox.host import Host, HostGone
from sandbox.nursery import Nursery
from sandbox.relay import Relay
from sandbox.usage import Usage


def main(config: dict[str, Any]) -> None:
    """Serve the host on standard input and output until it is gone."""
    namespaces: list[str] = []
    if config["separate"]:
        namespaces = confine.separate()
        inner = os.fork()
        if inner:
            os.closerange(0, 2)
            status = os.waitpid(inner, 0)[1]
            os._exit(1 if status else 0)
        confine.die_with_parent()
        if "mnt" in namespaces and not confine.own_view():
            namespaces.remove("mnt")  # it is of no use
    confine.hide()
    # Descriptors on their way through sockets are counted by user, over all sandboxes, against the sender's limit.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host = Host(0, 1)
    try:
        profile = suite.prepare(config["suite"], namespaces) if config.get("suite") else profiles.PLAIN
        confinement = confine.Confinement(config["require_landlock"], profile, "user" in namespaces)
    except (OSError, warm.WarmError) as error:
        host.send({"status": "refused", "reason": str(error)})
        return
    names = prelude.names()
    guest.warm(names)
    os.environ.clear()
    for name in [name for name in sys.modules if name == "sandbox" or name.startswith("sandbox.")]:
        del sys.modules[name]  # a solution may have modules of these names
    gc.collect()
    gc.freeze()  # so that children do not copy pages by counting references in them
    gc.disable()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        host.send(
            {
                "status": "ready",
                "python": platform.python_version(),
                "landlock_abi": confinement.abi,
                "namespaces": namespaces,
                "changes_uid": confinement.uid is not None,
                "counts_threads": confinement.counts_threads,
            }
        )
        _relay(host, theirs, Usage() if profile.programs else None)
    theirs.close()
    os.closerange(0, 2)  # the host's, which is for the relay alone
    Nursery(ours, confinement, names).serve()


def _relay(host: Host, nursery: socket.socket, usage: Usage | None) -> None:
    status = 1
    try:
        confine.die_with_parent()
        Relay(host, Children(host, nursery, os.getppid() == 1, usage)).serve()
    except HostGone:
        status = 0
    except NurseryGone:  # which has said why
        pass
    except BaseException:  # for whoever reads the log; the host sees that the sandbox ended
        traceback.print_exc()
    finally:
        os._exit(status)
