"""SandboxFusion's shapes, as its documentation shows them."""

import httpx
import pytest

from tests.serve.conftest import TOKEN


def run(http, code, **more):
    return http.post("/run_code", json={"code": code, "language": "python", **more}).json()


def test_the_example_of_its_documentation(http):
    found = run(http, 'print("Hello, world!")')
    assert found["run_result"].pop("execution_time") > 0
    assert found == {
        "status": "Success",
        "message": "",
        "compile_result": None,
        "run_result": {"status": "Finished", "return_code": 0, "stdout": "Hello, world!\n", "stderr": ""},
        "executor_pod_name": None,
        "files": {},
    }


@pytest.mark.parametrize(
    ("code", "status", "result"),
    [
        ("print(input())", "Success", ("Finished", 0, "hi\n")),
        ("print(1); raise SystemExit(3)", "Failed", ("Finished", 3, "1\n")),
        ("print(1); 1 / 0", "Failed", ("Finished", 1, "1\n")),
        ("import os; os._exit(0)", "Success", ("Finished", 0, "")),
        ("print(", "Failed", ("Finished", 1, "")),
        ("print(1, flush=True)\nwhile True: pass", "Failed", ("TimeLimitExceeded", None, "1\n")),
    ],
)
def test_how_a_program_ends(http, code, status, result):
    found = run(http, code, stdin="hi\n", run_timeout=0.3, memory_limit_MB=256, files={}, fetch_files=[])
    ran = found["run_result"]
    assert (found["status"], (ran["status"], ran["return_code"], ran["stdout"])) == (status, result)


def test_what_was_printed_before_the_end_is_whole(http):
    found = run(http, "print('x' * 100_000); 1 / 0")
    assert len(found["run_result"]["stdout"]) == 100_001 and "ZeroDivisionError" in found["run_result"]["stderr"]


@pytest.mark.parametrize("more", [{"language": "cpp"}, {"files": {"a.txt": "eA=="}}, {"fetch_files": ["a"]}])
def test_what_it_cannot_do_it_says(http, more):
    found = http.post("/run_code", json={"code": "x", "language": "python", **more}).json()
    assert found["status"] == "SandboxError" and found["message"]


def test_the_token_is_in_the_address(url):
    address = url.replace("http://", f"http://any:{TOKEN}@")
    answer = httpx.post(f"{address}/run_code", json={"code": "print(1)", "language": "python"})
    assert answer.json()["run_result"]["stdout"] == "1\n"


def submission(completion, **config):
    tests = [{"input": {"stdin": f"{n}\n"}, "output": {"stdout": f"{n + 1}\n"}} for n in range(3)]
    config = {"language": "python", "dataset_type": "CommonOJDataset", "provided_data": {"test": tests}, **config}
    return {"dataset": "any", "id": 7, "completion": completion, "config": config}


def test_a_submission(http):
    found = http.post("/submit", json=submission("So:\n```python\nprint(int(input()) + 1)\n```")).json()
    assert (found["id"], found["accepted"], found["extracted_code"]) == (7, True, "print(int(input()) + 1)\n")
    assert [test["passed"] for test in found["tests"]] == [True] * 3


@pytest.mark.parametrize(("extra", "passed"), [({}, [True, False]), ({"run_all_cases": True}, [True, False, False])])
def test_it_ends_at_the_first_failure_unless_all_are_wanted(http, extra, passed):
    found = http.post("/submit", json=submission("```python\nprint(1)\n```", extra=extra)).json()
    assert (found["accepted"], [test["passed"] for test in found["tests"]]) == (False, passed)


@pytest.mark.parametrize(
    "config", [{"provided_data": None}, {"provided_data": {"test": ["assert f()"]}}, {"language": "cpp"}]
)
def test_a_submission_that_it_does_not_know_is_refused(http, config):
    assert http.post("/submit", json=submission("x", **config)).status_code == 422
