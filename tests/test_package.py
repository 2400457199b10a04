"""What is installed works without the checkout, and the lock is what pyproject asks for."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.parametrize(
    "name",
    [
        "coderefine/py.typed",
        "coderefine/prompts/patch.txt",
        "coderefine/report/page/page.html",
        "coderefine/report/page/page.css",
        "coderefine/report/page/base.js",
        "coderefine/_bundled/sandbox/runner.py",
        "coderefine/_bundled/sandbox/seccomp.json",
        "coderefine/_bundled/sandbox/Dockerfile",
        "coderefine/_bundled/sandbox/make-base-image",
        "coderefine/_bundled/problems/two-sum/problem.toml",
    ],
)
def test_the_wheel_holds(wheel, name):
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_no_tests_and_no_caches(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


def test_the_installed_package_repairs_from_any_folder(wheel, tmp_path):
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    wrong = tmp_path / "solution.py"
    wrong.write_text((ROOT / "problems/two-sum/submissions/wrong_answer/off_by_one.py").read_text())
    done = subprocess.run(
        [sys.executable, "-m", "coderefine", "refine", "two-sum", "solution.py", "--sandbox", "local"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("--- a/solution.py")
    found = subprocess.run(
        [sys.executable, "-c", "import coderefine; print(coderefine.__file__)"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.startswith(str(site))


def test_the_lock_meets_every_requirement():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / ".ci/requirements.txt").read_text().splitlines()
        if "==" in line and not line.startswith(("#", " "))
    )
    extras = project["optional-dependencies"]
    for text in project["dependencies"] + extras["test"] + extras["docs"]:
        wanted = Requirement(text)
        assert pins[wanted.name] in wanted.specifier


@pytest.mark.parametrize("version", ["1.82.7", "1.82.8", "2.0.0"])
def test_no_malicious_or_unknown_release_of_litellm_is_admitted(version):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (wanted,) = [Requirement(text) for text in project["dependencies"] if text.startswith("litellm")]
    assert version not in wanted.specifier
