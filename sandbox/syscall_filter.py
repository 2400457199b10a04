"""The seccomp filter of a profile, as BPF for the kernel: its calls under their conditions, some errors, else EPERM.

Imports nothing of the sandbox but its data. Standard library only, Python 3.8 or newer. The numbers come from the
kernel's headers.
"""

from __future__ import annotations

import platform
import struct
from typing import Any, List, Sequence, Tuple

from sandbox import profiles
from sandbox.landlock import ConfineError

_LOAD, _JUMP, _JUMP_EQUAL, _JUMP_AT_LEAST, _MASK, _GIVE = 0x20, 0x05, 0x15, 0x35, 0x54, 0x06
_ALLOW, _REFUSE, _ERROR = 0x7FFF0000, 0x00050001, 0x00050000  # ALLOW, ERRNO(EPERM), ERRNO
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # where they stand in the data that the filter is given

_Code = List[Tuple[int, int, int, int]]


def assembled(profile: Any) -> bytes:
    """Return the filter for this processor; raises ConfineError where the processor's calls are not known."""
    machine = platform.machine()
    if machine not in profiles.MACHINES:
        raise ConfineError(0, "no system call table for %s processors" % machine)
    column, architecture = profiles.MACHINES[machine]
    calls = [(name, numbers[column]) for name, numbers in profile.syscalls.items() if numbers[column] is not None]
    code: _Code = [(_LOAD, 0, 0, _ARCHITECTURE)]
    if profile.syscalls_32 and machine == "x86_64":
        other = _load_number() + _allowed(list(profile.syscalls_32.items()), profiles.CONDITIONS_32)
        code += [(_JUMP_EQUAL, 1, 0, profiles.ARCH_32), (_JUMP, 0, 0, len(other)), *other]
    code += [(_JUMP_EQUAL, 1, 0, architecture), (_GIVE, 0, 0, _REFUSE), *_load_number()]
    code += [(_JUMP_AT_LEAST, 0, 1, 0x40000000), (_GIVE, 0, 0, _REFUSE)]  # no x32
    code += _allowed(calls, profile.conditions)
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def _load_number() -> _Code:
    return [(_LOAD, 0, 0, _NUMBER)]


def _allowed(calls: Sequence[Tuple[str, int]], conditions: dict[str, Any]) -> _Code:
    """Return code that decides about the loaded number of a call; no code comes after it."""
    code: _Code = []
    for name, number in calls:
        if name not in conditions:
            verdict = _ERROR | profiles.ERRORS[name] if name in profiles.ERRORS else _ALLOW
            code += [(_JUMP_EQUAL, 0, 1, number), (_GIVE, 0, 0, verdict)]
            continue
        test: _Code = []
        if name in profiles.IGNORED:
            index, values = profiles.IGNORED[name]
            test.append((_LOAD, 0, 0, _ARGUMENTS + 8 * index))
            for value in values:
                test += [(_JUMP_EQUAL, 0, 1, value), (_GIVE, 0, 0, _ERROR)]
        for index, bits, allowed in conditions[name]:
            test += [(_LOAD, 0, 0, _ARGUMENTS + 8 * index), (_MASK, 0, 0, bits)]
            test += [(_JUMP_EQUAL, len(allowed) - at, 0, value) for at, value in enumerate(allowed)]
            test.append((_GIVE, 0, 0, _REFUSE))
        test.append((_GIVE, 0, 0, _ALLOW))
        code += [(_JUMP_EQUAL, 0, len(test), number), *test]
    return [*code, (_GIVE, 0, 0, _REFUSE)]
