"""The program that is sent to a sandbox: the modules of `sandbox/`, and two modules that the host uses as well.

Nothing is mounted or copied: the interpreter in the sandbox is started with `BOOTSTRAP` and reads the program from its
standard input, so any image with Python 3.8 or newer and a read-only root file system will do. An interpreter that is
our own gets the modules compiled, as compiling them is a third of its start.
"""

from __future__ import annotations

import base64
import marshal
import sys
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from coderefine import resources

# The options leave out site-packages and, with the first statement, the working directory. -I would do the same, but
# it would also ignore PYTHONHASHSEED, and verdicts must not depend on the order of sets.
OPTIONS = ("-s", "-S", "-c")
BOOTSTRAP = """\
import sys; sys.path = [path for path in sys.path if path]
import os
size, data = int(sys.argv[1]), b""
while len(data) < size:
    chunk = os.read(0, size - len(data))
    if not chunk:
        sys.exit("the program did not arrive")
    data += chunk
exec(compile(data, "<coderefine sandbox>", "exec"))
"""
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "1",  # else the C library reserves 64 MiB for each of the first threads
}

NO_SITE: Mapping[str, Any] = types.MappingProxyType({})
"""The configuration of a sandbox whose candidates have no packages."""

# In the order of their imports.
_OWN = (
    *("profiles", "landlock", "syscall_filter", "inputs", "confine", "scratch", "programs", "starting", "measuring"),
    *("configured", "warm", "prelude", "loops"),
    *("nodes", "kinds", "datatypes", "library", "objects", "aliases", "waiting", "foreign", "surroundings", "crossing"),
    *("mocks", "tools", "describing", "standins", "lending", "service", "evidence", "candidate", "foresight", "stdio"),
    *("shortage", "probes", "reach", "owners", "denials", "recorder", "suite", "proxies", "ahead", "caller"),
    *("compared", "tester", "depth", "scripts", "screening", "guest", "host", "nursery", "usage", "pressure", "child"),
    *("children", "relay", "runner"),
)
_SHARED = ("problem/values", "judge/wire")
_LOADER = """\
import base64, marshal, sys, types
if {compiled} and sys.hexversion != {version}:
    sys.exit("this Python was replaced while coderefine ran: start it anew")
MODULES = {modules}
package = types.ModuleType("sandbox")
package.__path__ = []
sys.modules["sandbox"] = package
for name, code in MODULES.items():
    module = types.ModuleType("sandbox." + name)
    sys.modules[module.__name__] = module
    setattr(package, name, module)
    exec(code if {compiled} else compile(code, "<sandbox/" + name + ".py>", "exec"), module.__dict__)
sys.modules["sandbox.runner"].main({config!r})
"""


def program(*, compiled: bool = False, **config: Any) -> bytes:
    """Return the program that serves as a runner with this configuration (see `sandbox/runner.py`).

    Where it is `compiled`, only the interpreter of this process can run it.
    """
    package = Path(__file__).parent.parent
    files = [package / f"{name}.py" for name in _SHARED] + [resources.sandbox_dir() / f"{name}.py" for name in _OWN]
    sources = {file.stem: file.read_text(encoding="utf-8") for file in files}
    modules = f"marshal.loads(base64.b64decode({_compiled(tuple(sources.items()))!r}))" if compiled else repr(sources)
    return _LOADER.format(modules=modules, compiled=compiled, version=sys.hexversion, config=config).encode()


@cache
def _compiled(sources: tuple[tuple[str, str], ...]) -> bytes:
    """Return modules for `_LOADER`, compiled."""
    codes = {
        name: compile(text, f"<sandbox/{name}.py>", "exec", dont_inherit=True, optimize=0) for name, text in sources
    }
    return base64.b64encode(marshal.dumps(codes))


def module(name: str) -> types.ModuleType:
    """Return a module of `sandbox/` that imports no other, loaded on this host for its tables and checks."""
    loaded = types.ModuleType(f"sandbox.{name}")
    text = (resources.sandbox_dir() / f"{name}.py").read_text(encoding="utf-8")
    exec(compile(text, f"<sandbox/{name}.py>", "exec"), vars(loaded))  # noqa: S102 - our own program
    return loaded


def arguments(program_bytes: bytes) -> list[str]:
    """Return the interpreter's arguments that read and run the program."""
    return [*OPTIONS, BOOTSTRAP, str(len(program_bytes))]
