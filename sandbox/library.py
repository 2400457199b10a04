"""What a test and a program both have of the library, besides values: functions that only compute, and exceptions.

The tables are closed: a candidate may name what they hold and nothing else, because much of the library would let it
decide a test (by an object that equals everything, or a function that ends the process).

Standard library only, Python 3.8 or newer. Modules are looked up where something needs them.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, List

_COMPUTING = ("builtins", "math", "cmath", "_operator")
_BUILTINS = (
    *("abs", "all", "any", "ascii", "bin", "chr", "divmod", "hash", "hex", "len", "max", "min", "oct", "ord", "pow"),
    *("repr", "round", "sorted", "sum", "callable", "isinstance", "issubclass", "iter", "next"),
)
_RAISING = (
    *(
        "_csv",
        "_pickle",
        "array",
        "ast",
        "asyncio.exceptions",
        "asyncio.queues",
        "binascii",
        "concurrent.futures._base",
    ),
    *(
        "configparser",
        "copy",
        "dataclasses",
        "decimal",
        "email.errors",
        "enum",
        "getopt",
        "graphlib",
        "gzip",
        "ipaddress",
    ),
    *(
        "json.decoder",
        "locale",
        "lzma",
        "numbers",
        "pickle",
        "queue",
        "_queue",
        "re",
        "re._constants",
        "sched",
        "shutil",
    ),
    *("socket", "sqlite3", "sre_constants", "statistics", "string", "struct", "subprocess", "tarfile", "tokenize"),
    *("tomllib", "types", "unicodedata", "urllib.error", "uuid", "xml.etree.ElementTree", "xml.parsers.expat"),
    *("xml.sax._exceptions", "zipfile", "zlib", "zoneinfo._common", "argparse", "calendar", "cmd", "inspect", "random"),
)
"""Modules whose exceptions may be named."""


def function_name(value: Any) -> List[str] | None:
    """Return module and name of a function that only computes; None for anything else."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", "")
    if module not in _COMPUTING or (module == "builtins" and name not in _BUILTINS):
        return None
    return [module, name] if getattr(sys.modules.get(module), name, None) is value else None


def function(module: Any, name: Any) -> Any:
    """Return the function of a name that `function_name` gave; raises ValueError."""
    found = getattr(importlib.import_module(module), name, None) if module in _COMPUTING else None
    if found is None or function_name(found) != [module, name]:
        raise ValueError("no function of the library that is known")
    return found


def exception_name(cls: type) -> List[str] | None:
    """Return module and name of an exception of the library, builtin ones aside; None for any other class."""
    module = cls.__module__
    if module not in _RAISING or not issubclass(cls, Exception):
        return None
    return [module, cls.__name__] if getattr(sys.modules.get(module), cls.__name__, None) is cls else None


def exception(module: Any, name: Any, args: List[Any], fields: List[Any]) -> Exception:
    """Return an exception of a class that `exception_name` gave, with its attributes; raises ValueError."""
    cls = getattr(importlib.import_module(module), name, None) if module in _RAISING else None
    if not isinstance(cls, type) or exception_name(cls) != [module, name]:
        raise ValueError("no exception of the library that is known")
    made: Exception = cls.__new__(cls, *args)
    made.args = tuple(args)
    for field, value in fields:
        if field.startswith("__") and field != "__notes__":
            raise ValueError("no attribute of an exception")
        object.__setattr__(made, field, value)
    return made
