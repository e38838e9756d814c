"""`python -m tests.bench.faults`: seeded faults in clean forms: what is found, who is blamed, which cause is named.

Exit 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from tests.bench.faults.faults import KINDS, Case, make_plan
from tests.bench.faults.form import DEPARTMENT, pattern
from tests.bench.faults.measure import Alarm, Outcome, alarms_on, describe, form_of, run

FIXED_SEED = "20230630"
CAUSE_TARGETS = ("wrong base", "swapped years", "unit", "transposition")


class Measured(NamedTuple):
    outcomes: list[Outcome]
    alarms: list[Alarm]


def main() -> int:
    options = _options()
    fresh = options.seed or str(random.SystemRandom().randrange(10**8))
    print(
        f"seeds {FIXED_SEED} and {fresh} (repeat with --seed {fresh})", file=sys.stderr if options.json else sys.stdout
    )
    if options.rounding:
        return _rounding(options, fresh)
    plan = [case for seed in (FIXED_SEED, fresh) for case in _plan(seed, options)]
    if options.case:
        return _case(plan, options.case, as_json=options.json)
    if options.show:
        plan = [kept for case in plan if any((kept := _only(case, options.show)).faults)]
    measured = _measure(plan, options.jobs)
    if options.show:
        return _show(plan, measured, options)
    return _report(measured, options.form)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faults", description=__doc__)
    parser.add_argument("--seed", help="the seed beside the fixed one (default: a fresh one, printed)")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the run: 1 is 10,000 faulty and 2,000 clean")
    parser.add_argument("--clean", type=int, help="clean forms of each seed (default: by the scale)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default %(default)s)")
    parser.add_argument("--form", default=DEPARTMENT, choices=KINDS, help="which form (default %(default)s)")
    parser.add_argument("--live", action="store_true", help="every derived cell is a live formula of a real workbook")
    parser.add_argument("--rounding", action="store_true", help="10,000 clean forms, each figure rounded on its own")
    parser.add_argument("--show", metavar="FAMILY", help='what goes wrong in one family ("double" for double faults)')
    parser.add_argument("--miss", default="any", choices=("any", *_MISSES), help="with --show: only this kind of miss")
    parser.add_argument("--limit", type=int, default=10, help="with --show: how many (default %(default)s)")
    parser.add_argument("--case", metavar="FORM:FAULT", help="one fault in full, as --show names it: 4711/106:1")
    parser.add_argument("--json", action="store_true", help="with --case: the faulty form, for `xlperf new --values`")
    return parser.parse_args()


def _plan(seed: str, options: argparse.Namespace) -> list[Case]:
    """In live mode the forms are real workbooks, which take a second each to make: a tenth as many, struck oftener."""
    cleans = options.clean or round((100 if options.live else 1_000) * options.scale)
    return make_plan(
        seed, cleans, round(4_250 * options.scale), round(750 * options.scale), live=options.live, kind=options.form
    )


def _only(case: Case, family: str) -> Case:
    """The case with one family's faults; the others stay as places, so that numbers do not move."""
    return case._replace(faults=tuple(f if _family(f) == family else () for f in case.faults))


def _case(plan: list[Case], wanted: str, *, as_json: bool) -> int:
    seed, _, number = wanted.partition(":")
    case = next(case for case in plan if case.seed == seed)
    if as_json:
        faulty = form_of(case).faulty(case.faults[int(number)])
        values = faulty.shown(faulty.report())
        print(json.dumps(values, ensure_ascii=False, indent=1))
    else:
        print("\n".join(describe(case, int(number))))
    return 0


def _family(faults: tuple[Any, ...]) -> str:
    return "double" if len(faults) > 1 else str(faults[0].family) if faults else ""


def _measure(plan: list[Case], jobs: int) -> Measured:
    outcomes: list[Outcome] = []
    alarms: list[Alarm] = []
    for found, clean_alarms in _spread(run, plan, jobs):
        outcomes += found
        alarms += clean_alarms
    return Measured(sorted(outcomes), sorted(alarms))


def _spread(work: Callable[[Any], Any], tasks: list[Any], jobs: int) -> Iterator[Any]:
    """Do the tasks in some processes, with progress on stderr."""
    start = time.monotonic()
    with multiprocessing.Pool(jobs) as pool:
        for done, result in enumerate(pool.imap_unordered(work, tasks, chunksize=8), 1):
            if done % 100 == 0 or done == len(tasks):
                print(f"\r{done} of {len(tasks)} forms, {time.monotonic() - start:.0f} s ", end="", file=sys.stderr)
            yield result
    print(file=sys.stderr)


# Report


def _report(measured: Measured, kind: str) -> int:
    outcomes, alarms = measured
    columns = ("visible", "found", "recall", "top-1", "top-3", "cause", "first", "hidden", "noticed")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in columns))
    names = (*(family.name for family in KINDS[kind].families), "double")
    for name in names:
        _line(name, [each for each in outcomes if each.family == name])
    singles = [each for each in outcomes if each.family != "double"]
    _line("all single", singles)
    _line("all", outcomes)
    _line("  one cell to blame", [each for each in singles if each.sole])
    equal = [each for each in singles if not each.sole]
    _line("  explained equally", equal)
    shown = _share(each.shown for each in equal if each.visible)
    print(f"  of these the faulty cell is named first or among the ties: {shown or 0:.2%}")
    _hidden(outcomes, names)
    _alarms(alarms)
    missed = [text for text, met in _targets(outcomes, alarms) if not met]
    print("\n" + ("missed: " + "; ".join(missed) if missed else "all met"))
    return 1 if missed else 0


def _line(name: str, outcomes: list[Outcome]) -> None:
    seen = [each for each in outcomes if each.visible]
    hidden = [each for each in outcomes if not each.visible]
    caused = [each for each in seen if each.expects_cause]
    blamed = [each for each in seen if each.family != "double"]
    shares = (
        _share(each.found for each in seen),
        _share(_within(each, 1) for each in blamed),
        _share(_within(each, 3) for each in blamed),
        _share(each.cause for each in caused),
        _share(each.first_cause for each in caused),
    )
    shown = "".join(f"{'' if share is None else f'{share:.2%}':>9}" for share in shares)
    found = sum(each.found for each in seen)
    print(f"{name:22}{len(seen):>9}{found:>9}{shown}{len(hidden):>9}{sum(each.found for each in hidden):>9}")


def _hidden(outcomes: list[Outcome], names: Iterable[str], most: int = 6) -> None:
    """Where the faults are that no identity can see."""
    print("\nhidden faults by cell")
    for name in names:
        cells = Counter(pattern(each.key) for each in outcomes if each.family == name and not each.visible)
        if cells:
            listed = ", ".join(f"{cell} {count}" for cell, count in cells.most_common(most))
            print(f"  {name}: {listed}{f', and {len(cells) - most} cells' if len(cells) > most else ''}")


def _within(outcome: Outcome, places: int) -> bool:
    return outcome.rank is not None and outcome.rank <= places


def _share(flags: Iterable[bool]) -> float | None:
    known = list(flags)
    return sum(known) / len(known) if known else None


def _targets(outcomes: list[Outcome], alarms: list[Alarm]) -> Iterator[tuple[str, bool]]:
    """What issue and README promise, and whether it was reached."""
    seen = [each for each in outcomes if each.visible]
    blamed = [each for each in seen if each.family != "double"]
    yield from (
        _reached("recall", 0.995, (each.found for each in seen)),
        _reached("top-1", 0.80, (_within(each, 1) for each in blamed)),
        _reached("top-3", 0.95, (_within(each, 3) for each in blamed)),
    )
    alone = [each for each in blamed if each.sole]
    yield _reached("top-1, one cell to blame", 0.90, (_within(each, 1) for each in alone))
    yield _reached("top-3, one cell to blame", 0.97, (_within(each, 3) for each in alone))
    for family in CAUSE_TARGETS:
        caused = (each.cause for each in seen if each.family == family and each.expects_cause)
        yield _reached(f"cause of {family}", 0.90, caused)
    yield f"{len(alarms)} false alarms", not alarms


def _reached(name: str, target: float, flags: Iterable[bool]) -> tuple[str, bool]:
    share = _share(flags)
    return f"{name} {share or 0:.2%} of {target:.1%}", share is None or share >= target


def _alarms(alarms: list[Alarm], limit: int = 10) -> None:
    print(f"\nerrors and warnings on clean forms: {len(alarms)}")
    for alarm in alarms[:limit]:
        print(f"  {alarm.seed} {alarm.mode}: {alarm.code} {alarm.key} {alarm.message[:200]}")


def _rounding(options: argparse.Namespace, fresh: str) -> int:
    """Independent rounding of every figure must not lead to more than an INFO."""
    half = round(5_000 * options.scale)
    seeds = [f"{seed}/rounding/{index}" for seed in (FIXED_SEED, fresh) for index in range(half)]
    alarms = sorted(
        a
        for found in _spread(partial(alarms_on, mode="rounded", kind=options.form), seeds, options.jobs)
        for a in found
    )
    print(f"{len(seeds)} clean forms, every figure rounded on its own")
    _alarms(alarms)
    return 1 if alarms else 0


# Misses

_MISSES: dict[str, Callable[[Outcome], bool]] = {
    "recall": lambda each: not each.found,
    "top1": lambda each: each.family != "double" and not _within(each, 1),
    "top3": lambda each: each.family != "double" and not _within(each, 3),
    "cause": lambda each: each.expects_cause and not each.cause,
}


def _show(plan: list[Case], measured: Measured, options: argparse.Namespace) -> int:
    """Print the faults that were missed, not blamed right or not explained."""
    kinds = list(_MISSES) if options.miss == "any" else [options.miss]
    cases = {case.seed: case for case in plan}
    chosen = [each for each in measured.outcomes if each.visible]
    misses = [(each, [k for k in kinds if _MISSES[k](each)]) for each in chosen]
    misses = [(each, missed) for each, missed in misses if missed]
    print(f"{options.show}: {len(chosen)} visible, {len(misses)} with a miss ({', '.join(kinds)})")
    for each, missed in misses[: options.limit]:
        print(f"\nMISS {', '.join(missed)}; rank {each.rank}")
        print("\n".join(describe(cases[each.seed], each.number)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
