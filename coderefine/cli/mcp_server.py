"""The server of `coderefine mcp`. Each call of a tool runs a command of its own with `--format json`.

So a tool answers what the command prints, nothing that runs here writes into the protocol's stream, and a cancelled
call is interrupted as by Ctrl-C, with everything that it has started. Errors are those of the protocol. Files are named
from the root, and none outside of it is read, not even through a link.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import mcp_types as types
from anyio.abc import Process
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

import coderefine
from coderefine.cli.mcp_tools import TOOLS, Refused
from coderefine.rendering import cut

_GRACE_S = 10.0
"""Seconds that an interrupted command may take to clean up."""
_MAX_ERROR_CHARS = 2000


async def serve(root: Path, models: Sequence[str]) -> None:
    """Serve until standard input ends."""
    server = server_of(root, models)
    with redirect_stdout(sys.__stdout__):  # as it is: a guarded stream has no bytes
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())


def server_of(root: Path, models: Sequence[str]) -> Server[Any]:
    """Return the server of a folder."""

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        tools = [
            types.Tool(name=name, description=tool.description, input_schema=tool.schema)
            for name, tool in TOOLS.items()
        ]
        return types.ListToolsResult(tools=tools)

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        found = await _call(root, models, params.name, params.arguments or {})
        text = json.dumps(found, separators=(",", ":"))
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=found)

    return Server(
        "coderefine",
        version=coderefine.__version__,
        instructions="Tests and repairs Python in a sandbox. Files are named from the root of the workspace.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _call(root: Path, models: Sequence[str], name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a tool; raises MCPError."""
    tool = TOOLS.get(name)
    if tool is None:
        raise MCPError(types.INVALID_PARAMS, f"there is no tool {cut(name)!r}; there are {', '.join(TOOLS)}")
    try:
        jsonschema.validate(given, tool.schema)
        arguments = tool.arguments(root, given, models)
    except jsonschema.ValidationError as error:
        place = ".".join(map(str, error.absolute_path))
        raise MCPError(types.INVALID_PARAMS, cut(f"{name}: {place}: {error.message}", _MAX_ERROR_CHARS)) from None
    except Refused as error:
        raise MCPError(types.INVALID_PARAMS, f"{name}: {error}") from None
    code, out, err = await _run(root, arguments)
    found = _read(out)
    if code in (0, 1) and found is not None:
        return tool.answer(found)
    message = (found or {}).get("error") or err.strip() or f"it ended with {code} and no result"
    raise MCPError(types.INVALID_PARAMS if code == 2 else types.INTERNAL_ERROR, cut(message, _MAX_ERROR_CHARS))


def _read(out: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(out) if out.strip() else {"passed": True}  # of the hook, where there is nothing to test
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


async def _run(root: Path, arguments: Sequence[str]) -> tuple[int, bytes, str]:
    """Run a command; return its exit code and its output. A cancelled command leaves nothing behind."""
    parts: dict[str, bytes] = {}

    async def read(name: str, stream: Any) -> None:
        parts[name] = b"".join([part async for part in stream])

    process = await anyio.open_process(
        [sys.executable, "-m", "coderefine", *arguments],
        stdin=subprocess.DEVNULL,
        cwd=root,
        start_new_session=True,
    )
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(read, "out", process.stdout)
            group.start_soon(read, "err", process.stderr)
        await process.wait()
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)
    return process.returncode or 0, parts["out"], parts["err"].decode("utf-8", "replace")


async def _end(process: Process) -> None:
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with anyio.move_on_after(_GRACE_S):
                await process.wait()
    await process.aclose()
