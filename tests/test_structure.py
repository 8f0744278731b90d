"""The shape of the house: what a reviewer would otherwise have to remember."""

import ast
import dataclasses
import re
import subprocess
from pathlib import Path

import pytest

from setup import lint
from trace.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 300
# Machine places that mean nothing to a reader of the repository; written so that this file does not name them itself.
FOREIGN = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")


def committed(*patterns: str) -> list[Path]:
    """Files under version control or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [path for name in sorted(filter(None, names)) if (path := ROOT / name).is_file()]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


PYTHON = committed("*.py")


def test_the_package_called_trace_is_ours_and_not_that_of_the_standard_library() -> None:
    import trace

    assert callable(trace.create_app)


@pytest.mark.parametrize("module", ["wsgi", "trace.__main__"])
def test_every_entrance_imports(module: str) -> None:
    tree = ast.parse(read(ROOT / f"{module.replace('.', '/')}.py"))
    assert any(isinstance(node, ast.ImportFrom) and "create_app" in {n.name for n in node.names} for node in tree.body)


def test_every_setting_is_documented() -> None:
    readme = read(ROOT / "README.md")
    variables = {
        f"TRACE_{field.name.upper()}" for field in dataclasses.fields(Settings) if field.name != "testing"
    } | set(re.findall(r"\bTRACE_[A-Z_]{3,}\b", read(ROOT / "trace/settings.py")))
    assert [name for name in sorted(variables) if name not in readme] == []


def test_every_target_of_make_is_explained() -> None:
    makefile = read(ROOT / "Makefile")
    targets = re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z][a-z-]*):.*## \w", makefile, re.MULTILINE)
    assert set(targets) - set(explained) == {"install", "install-dev"}


def test_no_file_is_too_long_to_read_in_one_sitting() -> None:
    files = [path for path in [*PYTHON, *committed("*.html", "*.js", "*.css")] if "versions" not in path.parts]
    assert {
        str(path.relative_to(ROOT)): length for path in files if (length := len(read(path).splitlines())) > LONGEST
    } == {}


def test_the_repository_names_no_place_of_the_machine_it_was_written_on() -> None:
    texts = [path for path in committed() if path.suffix not in {".csv", ".txt", ".png", ".webp", ".jpg", ".pdf"}]
    found = {str(path.relative_to(ROOT)): FOREIGN.findall(read(path)) for path in texts if path != Path(__file__)}
    assert {name: places for name, places in found.items() if places} == {}


def test_tests_mirror_the_rooms() -> None:
    rooms = {path.name for path in (ROOT / "trace").iterdir() if (path / "__init__.py").exists()}
    folders = {path.parent.name for path in committed("tests/*/test_*.py")}
    assert folders - rooms <= {"journeys", "migrations"}


def test_templates_mirror_the_pages() -> None:
    pages = {path.stem for path in (ROOT / "trace/web").iterdir()}
    folders = {path.relative_to(ROOT / "templates").parts[0] for path in committed("templates/*/*")}
    assert folders - pages <= {"api", "components", "security"}


def test_every_topic_of_storage_is_among_the_models() -> None:
    models = read(ROOT / "trace/storage/models.py")
    with_tables = [path.stem for path in committed("trace/storage/*.py") if "__tablename__" in read(path)]
    assert [topic for topic in with_tables if f"    {topic},\n" not in models] == []


def test_pages_and_api_never_commit() -> None:
    calls = re.compile(r"session\.(commit|flush)\(")
    rooms = committed("trace/web/*.py", "trace/web/**/*.py", "trace/api/*.py", "trace/request/*.py")
    assert [str(path.relative_to(ROOT)) for path in rooms if calls.search(read(path))] == []


def test_the_domain_has_no_clock() -> None:
    clock = re.compile(r"\b(?:datetime\.now|date\.today|time\.time|utcnow)\(")
    assert [path.name for path in committed("trace/domain/*.py") if clock.search(read(path))] == []


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)|\son[a-z]+=\"|\sstyle=\"|javascript:", re.IGNORECASE)
    assert {p.name: found for p in committed("templates/*.html") if (found := inline.findall(read(p)))} == {}


def test_the_instance_folder_is_empty_in_version_control() -> None:
    command = ["git", "ls-files", "instance"]
    assert (
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "instance/.gitignore\n"
    )


def test_every_checker_of_lint_is_installed() -> None:
    assert [program for program, *_ in lint.CHECKS.values() if not (lint.BIN / program).exists()] == []


@pytest.mark.parametrize("requirements", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_hashed(requirements: str) -> None:
    text = read(ROOT / requirements)
    assert "index-url" not in text
    blocks = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_tests_run_with_the_versions_that_are_served() -> None:
    served, tested = (
        dict(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", read(ROOT / name), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert {name: version for name, version in served.items() if tested.get(name) != version} == {}
