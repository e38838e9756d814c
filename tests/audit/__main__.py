"""The properties of an audit on many more forms than a run of all tests draws, by a seed; each form that lacks a part.

python -m tests.audit [--times 20] [--seed 14]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

import tests.audit


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args()
    tests.audit.TIMES = options.times
    properties = Path(__file__).with_name("test_properties.py")
    fewer = Path(__file__).parents[1] / "form" / "test_smaller_forms.py"
    return pytest.main(["-q", f"--hypothesis-seed={options.seed}", str(properties), str(fewer)])


if __name__ == "__main__":
    sys.exit(main())
