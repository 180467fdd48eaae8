"""Known vulnerabilities of what is installed here, as pip-audit finds them: `make audit`.

It asks a database on the network. Where that knows nothing of any package, pip-audit itself ends
as if all were well; here that is an error. Exit status 0: nothing is known against what could be
looked up. 1: something is. 2: nothing could be looked up.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_AUDIT = (sys.executable, "-m", "pip_audit", "--local", "--progress-spinner=off", "--format=json")


def judge(packages: Sequence[Any]) -> tuple[int, list[str]]:
    """The status, and what is to be said, of the `dependencies` of a report of pip-audit."""
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    if len(skipped) == len(packages):
        return 2, ["error: the database can't be reached, or knows none of the packages"]
    said = [
        f"{each['name']} {each['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for each in packages
        for found in each.get("vulns", ())
    ]
    status = 1 if said else 0
    if skipped:
        said.append(f"not looked up: {', '.join(skipped)}")
    return status, [*said, f"{len(packages) - len(skipped)} packages looked up"]


def main() -> int:
    done = subprocess.run(_AUDIT, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        print(f"error: pip-audit gave no report: {last}", file=sys.stderr)
        return 2
    status, said = judge(packages)
    for line in said:
        print(line)
    return status


if __name__ == "__main__":
    sys.exit(main())
