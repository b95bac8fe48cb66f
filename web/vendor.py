"""Copies the map library and the typeface from node_modules to web/vendor and checks every byte.

Standard library only, so that it runs before anything else is installed: `python web/vendor.py`.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
MODULES = WEB.parent / "node_modules"
VENDOR = WEB / "vendor"


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Copy every file of vendor.json; a file that is missing or changed stops the set-up with one line."""
    files = json.loads((WEB / "vendor.json").read_text(encoding="utf-8"))["files"]
    wanted = {VENDOR / entry["to"] for entry in files}
    for entry in files:
        source, target = MODULES / entry["from"], VENDOR / entry["to"]
        if target.is_file() and sha256(target) == entry["sha256"]:
            continue
        if not source.is_file():
            print(f"web/vendor.py: {source} is missing: run `npm ci` first", file=sys.stderr)
            return 1
        if sha256(source) != entry["sha256"]:
            print(f"web/vendor.py: {source} is not the file that vendor.json names", file=sys.stderr)
            return 1
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for stale in (path for path in VENDOR.rglob("*") if path.is_file() and path not in wanted):
        stale.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
