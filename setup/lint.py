"""``make lint``: every check runs, then the verdict."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = {
    "style": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy"],
    "layers": ["lint-imports", "--no-logo"],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "translations": ["python", "-m", "setup.translations", "check"],
}


def main() -> int:
    failed = []
    for name, (program, *arguments) in CHECKS.items():
        print(f"── {name}", flush=True)
        if subprocess.run([BIN / program, *arguments], check=False).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
