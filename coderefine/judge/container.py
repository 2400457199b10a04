"""The limits of a container: their configuration, and whether the engine reports that it keeps to them."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coderefine import resources
from coderefine.judge import bundle
from coderefine.judge.findings import Finding
from coderefine.judge.starts import Starts

OVERHEAD_MIB = 256
"""Memory of the container beyond the candidate's own: the interpreter, the nursery, page tables."""
MAX_TASKS = 128
SCRATCH = "/mnt"
"""Where a container for pytest has its scratch file system."""
_SECCOMP = "seccomp="
_CAPABILITIES = {"KILL": 5, "SETGID": 6, "SETUID": 7}
"""The kernel's numbers of the capabilities that a runner needs."""


def host_config(
    client: Any,
    memory_mib: int,
    runtime: str | None,
    *,
    scratch: bool = False,
    allow: tuple[str, ...] = (),
    starts: Starts | None = None,
) -> Any:
    """Return the configuration that the engine is asked for (`coderefine doctor` compares it with what is in force).

    `scratch` adds a file system in memory, and the system calls that files need. `allow` adds the system calls of what
    a suite may do, `starts` those of an evaluator that may start a program, with a file system in memory as well.
    """
    profile = (resources.sandbox_dir() / "seccomp.json").read_text(encoding="utf-8")
    tmpfs, tasks = {}, MAX_TASKS
    if scratch:
        known = bundle.module("profiles")
        calls = [*known.FILE_SYSCALLS, *known.PAIR_SYSCALLS, *known.SIGNAL_SYSCALLS]
        processes = "processes" in allow
        if "network-loopback" in allow:
            calls += known.LOOPBACK_SYSCALLS
        if processes:
            calls += known.PROCESS_SYSCALLS
            tasks += known.MAX_TASKS
            tmpfs[known.SHARED] = f"size={known.SHARED_MIB}m,nr_inodes={known.SCRATCH_FILES},mode=1777"
            memory_mib += known.SHARED_MIB
        profile = _with_calls(profile, calls)
        exec_ = "exec," if processes else ""
        tmpfs[SCRATCH] = f"{exec_}size={known.SCRATCH_MIB}m,nr_inodes={known.SCRATCH_FILES},mode=0755"
        memory_mib += known.SCRATCH_MIB
    if starts is not None:
        known = bundle.module("profiles")
        other = [*known.SYSCALLS_32] if starts.has_32_bits else []
        calls = [*known.FILE_SYSCALLS, *known.SIGNAL_SYSCALLS, *known.PROGRAM_SYSCALLS, *other]
        profile = _with_calls(profile, calls, has_32_bits=starts.has_32_bits)
        tmpfs[SCRATCH] = f"size={known.SCRATCH_MIB}m,nr_inodes={known.SCRATCH_FILES},mode=0755"
        memory_mib += known.SCRATCH_MIB
    memory = f"{memory_mib + OVERHEAD_MIB}m"
    return client.create_host_config(
        auto_remove=True,
        network_mode="none",
        ipc_mode="none",
        read_only=True,
        cap_drop=["ALL"],
        cap_add=["SETUID", "SETGID", "KILL"],  # to give candidates a uid of their own, and to end them
        security_opt=["no-new-privileges:true", f"{_SECCOMP}{profile}"],
        mem_limit=memory,
        memswap_limit=memory,
        pids_limit=tasks,
        log_config={"Type": "none"},
        runtime=runtime,
        tmpfs=tmpfs,
        sysctls={"net.ipv4.tcp_max_tw_buckets": "0"} if "network-loopback" in allow else None,  # see sandbox/confine.py
    )


@contextlib.contextmanager
def profile_in_a_file(asked: dict[str, Any]) -> Iterator[None]:
    """Put our seccomp profile into a file, and name that in a host config: Podman takes a path, Docker the text."""
    (inline,) = [option for option in asked["SecurityOpt"] if option.startswith(_SECCOMP)]
    with tempfile.NamedTemporaryFile("w", prefix="coderefine-", suffix=".json", encoding="utf-8") as file:
        file.write(inline.removeprefix(_SECCOMP))
        file.flush()
        Path(file.name).chmod(0o644)  # the engine may be another user's
        asked["SecurityOpt"] = [f"{_SECCOMP}{file.name}" if it == inline else it for it in asked["SecurityOpt"]]
        yield


def _with_calls(profile: str, names: list[str], *, has_32_bits: bool = False) -> str:
    """Return a seccomp profile that allows these calls as well, and with `has_32_bits` those of 32-bit programs."""
    data = json.loads(profile)
    for row in data["archMap"] if has_32_bits else ():
        if row["architecture"] == "SCMP_ARCH_X86_64":
            row["subArchitectures"] = ["SCMP_ARCH_X86"]
    data["syscalls"].append({"names": names, "action": "SCMP_ACT_ALLOW"})
    return json.dumps(data)


def compare(asked: dict[str, Any], given: dict[str, Any], hello: dict[str, Any]) -> Iterator[Finding]:
    """Compare the limits that the engine reports for a container (`given`) with those that were `asked` for.

    Podman reports two of them in another way than Docker; for these, what the sandbox itself found (`hello`) decides.
    """
    mib = asked["Memory"] >> 20
    has_no_memory = given.get("IpcMode") == asked["IpcMode"] or hello.get("has_shared_memory") is False
    for name, detail, holds in (
        ("memory", f"{mib} MiB", given.get("Memory") == asked["Memory"]),
        ("swap", "none", given.get("MemorySwap") == asked["MemorySwap"]),
        ("processes", f"at most {asked['PidsLimit']}", given.get("PidsLimit") == asked["PidsLimit"]),
        ("network", "none", given.get("NetworkMode") == asked["NetworkMode"]),
        ("shared memory", "none", has_no_memory),
        ("root", "read-only", given.get("ReadonlyRootfs") is True),
        ("capabilities", ", ".join(asked["CapAdd"]), _holds_no_more(asked, given, hello)),
        ("seccomp", "our profile", _option(given, "seccomp") == _option(asked, "seccomp")),
        ("no-new-privileges", "set", _option(given, "no-new-privileges") in ("", "true")),
    ):
        if holds:
            yield Finding(name, "ok", detail)
        else:
            yield Finding(name, "missing", f"the engine does not keep to the limit: {detail}", "docker info")
    yield Finding("runtime", "ok", given.get("Runtime") or "the engine's own")


def _holds_no_more(asked: dict[str, Any], given: dict[str, Any], hello: dict[str, Any]) -> bool:
    """Whether a container has no other capabilities than those that were asked for."""
    dropped, added = (given.get(key) or [] for key in ("CapDrop", "CapAdd"))
    wanted = {name.removeprefix("CAP_") for name in asked["CapAdd"]}
    names = {name.removeprefix("CAP_") for name in added}
    if given.get("Privileged"):
        return False
    if "ALL" in dropped:
        return names == wanted
    return names <= wanted and hello.get("capabilities") == sum(1 << _CAPABILITIES[name] for name in wanted)


def _option(config: dict[str, Any], name: str) -> str | None:
    """Return the value of a security option, "" for one without a value, None where it is not set."""
    for option in config.get("SecurityOpt") or ():
        key, *value = re.split("[:=]", option, maxsplit=1)
        if key == name:
            return "".join(value)
    return None
