"""`coderefine serve`: the judge over HTTP."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from coderefine.cli.options import (
    Number,
    Whole,
    image_option,
    open_judge,
    packages_option,
    quiet_option,
    sandbox_option,
)
from coderefine.errors import SandboxUnavailable, UsageError
from coderefine.problem.problem import MEMORY_MIB
from coderefine.problem.suite import ALLOWED

_MODULES = ("starlette", "uvicorn", "pydantic", "prometheus_client", "httpx")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=Whole(0, 65535), default=8765, show_default=True, help="0 takes one that is free.")
@click.option(
    "--token-file",
    metavar="FILE",
    help="Holds the token that requests must show; else CODEREFINE_TOKEN, else one is made and printed.",
)
@click.option("--certificate", metavar="FILE", help="Serve HTTPS with this chain of certificates (PEM).")
@click.option("--key", metavar="FILE", help="The key of --certificate, where it is not in the same file.")
@click.option(
    "--plain-http", is_flag=True, help="Listen beyond this machine without HTTPS: something before it has it."
)
@click.option("--workers", type=Whole(1, 256), help="Sandboxes; as many as processors, at most 8.")
@click.option("--max-body", type=Whole(1, 64), default=32, show_default=True, metavar="MIB", help="Of one request.")
@click.option(
    "--max-waiting", type=Whole(1), default=16384, show_default=True, help="Programs without a verdict; more get 429."
)
@click.option(
    "--program-seconds",
    type=Number(0.01, 3600),
    default=120.0,
    show_default=True,
    metavar="S",
    help="CPU time of a program on all of its tests.",
)
@click.option(
    "--program-memory",
    type=Whole(*MEMORY_MIB),
    default=MEMORY_MIB[1],
    show_default=True,
    metavar="MIB",
    help="The most that a problem may let a program use.",
)
@click.option(
    "--grace", type=Number(0, 3600), default=30.0, show_default=True, metavar="S", help="For requests, at the end."
)
@packages_option
@click.option(
    "--allow", multiple=True, type=click.Choice(ALLOWED), help="What tests that pytest runs may do; may be repeated."
)
@image_option
@sandbox_option(default="auto", envvar="CODEREFINE_SANDBOX", show_default=True)
@quiet_option
def command(
    host: str,
    port: int,
    token_file: str | None,
    certificate: str | None,
    key: str | None,
    plain_http: bool,
    workers: int | None,
    max_body: int,
    max_waiting: int,
    program_seconds: float,
    program_memory: int,
    grace: float,
    packages: str | None,
    allow: tuple[str, ...],
    image: str | None,
    sandbox: str,
    quiet: bool,
) -> int:
    """Judge programs for whoever sends them with the token, until SIGTERM or Ctrl-C (docs/serve.md)."""
    try:
        from coderefine.serve import server
        from coderefine.serve.bounds import Bounds
        from coderefine.serve.token import new_token, read_token
    except ModuleNotFoundError as error:
        if error.name not in _MODULES:
            raise
        raise SandboxUnavailable(
            f"the package {error.name} is not installed; try: pip install 'coderefine[serve]'"
        ) from None
    from coderefine.judge.site import requirements

    given = read_token(token_file)
    bounds = replace(
        Bounds(),
        body_bytes=max_body << 20,
        waiting=max_waiting,
        program_s=program_seconds,
        memory_mib=program_memory,
        grace_s=grace,
    )
    if key and not certificate:
        raise UsageError("--key is of --certificate; give both")
    bound = server.listening(host, port)
    if not _is_local(bound.getsockname()[0]) and not certificate and not plain_http:
        bound.close()
        raise UsageError(
            f"--host {host} is to be reached from other machines, who would send the token in the clear; give "
            "--certificate, or --plain-http where something before this server has HTTPS"
        )
    token = given or new_token()
    address = server.address_of(bound, is_tls=bool(certificate))

    wanted = requirements(packages) if packages else ()
    with bound, open_judge(sandbox, image, wanted, allow, workers) as judge:

        def on_start() -> None:
            if not quiet:
                count = f"{judge.workers} {judge.backend} sandbox{'es' * (judge.workers != 1)}"
                click.echo(f"judging at {address} with {count}; Ctrl-C ends it", err=True)
            if given is None:
                click.echo(f"token: {token}", err=True)

        server.serve(
            judge,
            token,
            bound,
            bounds,
            certificate=Path(certificate) if certificate else None,
            key=Path(key) if key else None,
            on_start=on_start,
        )
    return 0


def _is_local(host: str) -> bool:
    import ipaddress

    return ipaddress.ip_address(host.partition("%")[0]).is_loopback
