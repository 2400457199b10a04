"""No secret of an address or of the environment is stored or shown, whatever a server sends back."""

import pytest

from tests.conftest import PROBLEMS

WRONG = PROBLEMS / "two-sum/submissions/wrong_answer/off_by_one.py"
SECRETS = ("me-the-user", "hunter2-hunter2", "AAAA-query", "BBBB-query", "sk-the-key-0123456789")


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_of_an_address_and_a_key_nothing_is_stored_or_shown(coderefine, scripted_server, tmp_path, status):
    def echo(request):
        said = f"{request.path} {request.headers} {' '.join(SECRETS)} x-api-key: {SECRETS[2]}"
        return said if status == 200 else {"status": status, "body": {"error": {"message": said}}}

    with scripted_server([echo] * 20) as server:
        place = server.url.removeprefix("http://")
        address = f"http://{SECRETS[0]}:{SECRETS[1]}@{place}?key={SECRETS[2]}&token={SECRETS[3]}"
        given = ("--model", "openai/scripted", "--api-base", address, "--iterations", "1", "--sandbox", "local")
        environment = {"OPENAI_API_KEY": SECRETS[4], "CODEREFINE_HOME": str(tmp_path / "home")}
        done = coderefine("refine", "two-sum", WRONG, *given, "-v", env=environment)
        assert server.requests
    shown = coderefine("runs", "export", "last", env=environment).out
    stored = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    for secret in SECRETS:
        assert secret not in done.out + done.err + shown
        assert secret.encode() not in stored
