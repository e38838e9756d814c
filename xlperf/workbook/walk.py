"""From one finding to the next: the rows of 审核结果 as places to go to, without another audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xlperf.errors import WorkbookError
from xlperf.package import Ref, ref_text, split_reference
from xlperf.workbook.explained import GONE, Standing
from xlperf.workbook.marks import ResultsBook, results_rows

NO_RESULTS = "还没有审核结果。请先点“审核”。"
NOTHING_LEFT = "审核结果里没有要看的了。改过的地方，再点一次“审核”。"
MOVED = "之后增删过行，改完请再审核一次。"
_SETTLED = (Standing.EXPLAINED.text, GONE)
_FROM_THE_START, _FROM_THE_END = "后面没有了，回到第一处。", "前面没有了，转到最后一处。"
_UNKNOWN = ("", "——")


class Stop(NamedTuple):
    """An item of 审核结果: `row` is that of the list, `sheet` and `ref` the cell where to begin."""

    row: int
    sheet: str
    ref: Ref
    at: str
    title: str
    message: str
    shown: str
    expected: str
    advice: str
    status: str

    @property
    def is_settled(self) -> bool:
        return self.status in _SETTLED

    @property
    def line(self) -> str:
        """In a list of them."""
        return f"{self.status}　{self.at}　{self.title or self.message.partition('。')[0]}"

    @property
    def text(self) -> str:
        """What is wrong, what it should be, what to do; then, of several findings, what is said of each."""
        what, *each = self.message.split("\n")
        return "\n".join((f"问题：{what}", _figures(self.shown, self.expected), f"怎样处理：{self.advice}", *each))

    @property
    def kind(self) -> str:
        """With what it is counted."""
        return Standing.TO_EXPLAIN.text if self.status == Standing.CHANGED.text else self.status


def _figures(shown: str, expected: str) -> str:
    """What stands there and what should; of several findings each with its number."""
    stated, wanted = shown.splitlines(), expected.splitlines()
    if len(stated) < 2:
        return f"填报数：{shown or '（空白）'}{_should_be(expected)}"
    of_each = wanted if len(wanted) == len(stated) else [""] * len(stated)
    pairs = zip(stated, of_each, strict=True)
    told = "；".join(f"（{place}）{one}{_should_be(other)}" for place, (one, other) in enumerate(pairs, 1))
    # Of several findings that one cell is to blame for, what that cell should be.
    return f"填报数：{told}\n这一格应为：{expected}" if len(wanted) == 1 else f"填报数：{told}"


def _should_be(value: str) -> str:
    return "" if value in _UNKNOWN else f"　→　应为：{value}"


class Step(NamedTuple):
    """Where a step leads: the place in the list of stops, and a word where it went past its end."""

    place: int
    word: str


def stops_in(book: ResultsBook) -> list[Stop]:
    """The items that 审核结果 lists, those that are gone aside; older lists are read by their headings.

    Raises `WorkbookError` where there is no list, or an empty one.
    """
    rows = list(results_rows(book))
    if not rows:
        raise WorkbookError(NO_RESULTS)
    stops = (_stop(number, row) for number, row in rows)
    return [each for each in stops if each is not None and each.status != GONE]


def _stop(number: int, row: Mapping[str, str]) -> Stop | None:
    """None of a line that is no item, or whose address nobody can go to."""
    if not row["代码"]:
        return None
    try:
        sheet, ref = split_reference(row["位置"])
    except ValueError:
        return None
    if not sheet:
        return None
    return Stop(
        *(number, sheet, ref, row["位置"]),
        *(row["问题"], row["问题与说明"], row["填报数"], row["应为"], row["建议"], row["状态"]),
    )


class Here(NamedTuple):
    """The cell where the user is; is its sheet that of the results?"""

    sheet: str
    ref: Ref
    is_results: bool = False


def step(stops: Sequence[Stop], here: Here, last: int | None, *, back: bool) -> Step:
    """The next place, or the one before, that is not settled; past the end the walk begins anew, with a word.

    `last`: the row of the list that was shown last, if anybody knows. It counts as long as the user has not gone to
    another item herself. Raises `WorkbookError` where all is settled.
    """
    open_ = [place for place, stop in enumerate(stops) if not stop.is_settled]
    if not open_:
        raise WorkbookError(NOTHING_LEFT)
    before, after = _around(stops, here, last)
    if back:
        found = [place for place in open_ if place <= before]
        return Step(found[-1], "") if found else Step(open_[-1], _FROM_THE_END)
    found = [place for place in open_ if place >= after]
    return Step(found[0], "") if found else Step(open_[0], _FROM_THE_START)


def _around(stops: Sequence[Stop], here: Here, last: int | None) -> tuple[int, int]:
    """The last place before where the user is in the list, and the first behind it."""
    shown = next((place for place, stop in enumerate(stops) if stop.row == last), None)
    if here.is_results:
        first = next((place for place, stop in enumerate(stops) if stop.row >= here.ref.row), len(stops))
        if first < len(stops) and stops[first].row == here.ref.row and first == shown:
            return first - 1, first + 1
        return first - 1, first
    at = [place for place, stop in enumerate(stops) if (stop.sheet, stop.ref) == (here.sheet, here.ref)]
    if at and shown not in at:
        return at[0] - 1, at[-1] + 1
    return (-1, 0) if shown is None else (shown - 1, shown + 1)


def where_now(stop: Stop, notes: Mapping[Ref, str]) -> Ref:
    """The cell of an item on its sheet: inserted and deleted rows take the note of the audit along, not the address.

    `notes`: those of the sheet. Where no note, or several, say what the item says, it is the address of the list.
    """
    sentence = _sentence(stop)
    if not sentence or sentence in notes.get(stop.ref, ""):
        return stop.ref
    found = [ref for ref, text in notes.items() if sentence in text]
    return found[0] if len(found) == 1 else stop.ref


def _sentence(stop: Stop) -> str:
    """What the note on its cell says; of several findings, of that on the cell where to begin."""
    what, *each = stop.message.split("\n")
    start = f"）{ref_text(stop.ref)}: "
    return next((line.partition(start)[2] for line in each if start in line), "") if each else what


def moved(walk: Step, stops: list[Stop], ref: Ref) -> Step:
    """A step whose item stands elsewhere by now: the list says so, and the step."""
    stop = stops[walk.place]
    if ref == stop.ref:
        return walk
    stops[walk.place] = stop._replace(ref=ref, at=f"{stop.at.rpartition('!')[0]}!{ref_text(ref)}")
    return walk._replace(word=f"{walk.word}{MOVED}")


def told(stops: Sequence[Stop], found: Step) -> str:
    """The item at a place, with its number among those of its kind."""
    stop = stops[found.place]
    alike = [place for place, each in enumerate(stops) if each.kind == stop.kind]
    number = f"第 {alike.index(found.place) + 1} 处，共 {len(alike)} 处"
    return f"{found.word}{stop.status}　{number}　{stop.at}\n{stop.text}"
