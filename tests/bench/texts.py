"""`python -m tests.bench.texts`: what is only for information: typos, doubled signs, counts and targets, planted.

Clean forms of the fault benchmark; in each one thing is planted where a person writes, at random. Exit 1 if one is
missed, or if anything of the kind is found in a clean form.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.bench.faults.faults import KINDS
from tests.bench.faults.form import DEPARTMENT
from xlperf.audit.run import audit
from xlperf.checks.catalog import RULES
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values

SEED = "20261129"
CODES = ("XLP341", "XLP358", "XLP520", "XLP521", "XLP524")
_TYPOS = ("建立建全", "拔付", "下拔", "帐户", "帐目", "按排", "既使", "布署")
_DOUBLED = ("的的", "。。", "，，", "、、", "；。", "。，")
_PEOPLE = ("preparer", "phone")
_ITEMS = ("（一）{}。\n（二）{}。\n（三）{}。", "1.{}。\n2.{}。\n3.{}。", "一是{}；二是{}；三是{}。")


class Planted(NamedTuple):
    """The form with the fault, and where the rule must speak: at one of these cells or of those related to it."""

    code: str
    values: dict[str, Any]
    keys: frozenset[str]


def plant(rng: random.Random, values: dict[str, Any]) -> Planted | None:
    """One thing of a random kind; None where the form has no place for it."""
    code = rng.choice(CODES)
    rows = values["indicators"]
    if code in ("XLP520", "XLP521"):
        cells = list(_texts(values))
        owner, column, key = rng.choice(cells)
        at = rng.randint(0, len(owner[column]))
        if "《" in owner[column]:
            return None
        owner[column] = owner[column][:at] + rng.choice(_TYPOS if code == "XLP520" else _DOUBLED) + owner[column][at:]
        return Planted(code, values, frozenset((key,)))
    if code == "XLP358":
        index = rng.randrange(len(rows))
        figure = f"{rng.randint(2, 900)}{rng.choice(('人', '次', '%', '万元'))}"
        rows[index]["target"] = rng.choice((f"约{figure}", f"大约{figure}", f"{figure}左右", f"{figure} 上下"))
        return Planted(code, values, frozenset((f"indicators[{index}].target",)))
    if code == "XLP341":
        found = [index for index, row in enumerate(rows) if row["level1"].startswith("满意度")]
        for index in found:
            rows[index]["actual"] = rng.choice(("100%", "100.0%", "１００％"))
        return Planted(code, values, frozenset({f"indicators[{found[0]}].actual"})) if len(found) > 1 else None
    if values["template"] != DEPARTMENT:
        return None
    told, planned = (rng.choice(_ITEMS).format("台账不全", "进度偏慢", "记录不全") for _ in range(2))
    cut = next(sign for sign in ("（三）", "3.", "；三是") if sign in planned)
    values["fields"] |= {"section_4": told, "section_5": planned.partition(cut)[0]}
    return Planted(code, values, frozenset({"section_5"}))


def _texts(values: dict[str, Any]) -> Iterator[tuple[dict[str, str], str, str]]:
    """The texts that a person wrote, each with what holds it and its key."""
    template = load_template(values["template"])
    for key in values["fields"]:
        field = template.fields[key]
        if field.is_text and not field.derived and key not in _PEOPLE:
            yield values["fields"], key, key
    for name, table in template.tables.items():
        for index, row in enumerate(values[name]):
            for column in row:
                if table.columns[column].is_text:
                    yield row, column, f"{name}[{index}].{column}"


def told(values: dict[str, Any], code: str) -> set[str]:
    """The cells of which the rule speaks."""
    report = audit(record_from_values(values, load_template(values["template"])), None, (RULES[code],))
    return {key for each in report.findings for key in (each.key, *(key for _, key, _ in each.related))}


def measure(count: int) -> tuple[Counter[str], list[str]]:
    """How many were planted by code, and what went wrong."""
    planted: Counter[str] = Counter()
    wrong: list[str] = []
    kinds = list(KINDS)
    for number in range(count):
        rng = random.Random(f"{SEED}/{number}")
        values = KINDS[kinds[number % len(kinds)]].clean(rng, "exact")
        wrong += [f"{number}: {code} on a clean form" for code in CODES if code != "XLP341" and told(values, code)]
        case = plant(rng, values)
        if case is not None:
            planted[case.code] += 1
            if not case.keys <= told(case.values, case.code):
                wrong.append(f"{number}: {case.code} missed at {', '.join(case.keys)}")
    return planted, wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.texts", description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="forms (default %(default)s)")
    planted, wrong = measure(parser.parse_args().count)
    print("\n".join(f"{code}: {number} planted" for code, number in sorted(planted.items())))
    print("\n".join(wrong) or "all found, and nothing on the clean forms")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
