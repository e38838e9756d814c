"""One task: a bundle of files -> what their audits say, as plain data that any process can send and any store can keep.

The functions are those of `xlperf check`. Nothing is raised: a file that cannot be read is told with its reason.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from xlperf.errors import XlperfError
from xlperf.form.record import Record
from xlperf.report.between import Compared
from xlperf.report.files import Asked, Checked, compare_files, given_by, ledger_of_files
from xlperf.review.gather import Bundle, File, entry_name
from xlperf.review.opened import GOALS, MONITORING, SELF, Group, Opened, grouped, opened
from xlperf.review.order import EVERYTHING, Order
from xlperf.review.said import said_of
from xlperf.workbook.actions import reliable_record
from xlperf.workbook.given import NOTHING, Given, as_given, is_of_project

_MOST_UNPACKED = 256 << 20
_COLLECTED_AFTER = 50_000
_NOT_THERE = "压缩包里没有这个文件了；压缩包在审核中被改动过，请再审核一次"
_LOCKED = "压缩包里的这个文件设有密码；请解压去掉密码后再审核"
_TOO_LARGE = "压缩包里的这个文件解压后有 {} MB，超过上限 256 MB；请解压，只留下要用的表后再审核"


def review_bundle(bundle: Bundle, order: Order = EVERYTHING) -> dict[str, Any]:
    """{"files": one for each file that was not read or whose content counts, "units": one for each unit}."""
    gc.set_threshold(_COLLECTED_AFTER)
    files: list[dict[str, Any]] = []
    found: list[Opened] = []
    labels = _labels(bundle)
    with contextlib.ExitStack() as stack:
        folder = ""
        if any(each.inner for each in (*bundle.files, *bundle.earlier)):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="xlperf-review-"))
        earlier = list(_earlier(bundle, folder))
        for number, each in enumerate(bundle.files):
            told = {"shown": each.shown, "label": labels[number], "size": each.size, "digest": "", "error": ""}
            files.append(told)
            try:
                place = _placed(each, Path(folder) / str(number))
                told["digest"] = _digest(place)
                found.append(opened(place, labels[number]))
            except Exception as error:
                told["error"] = reason_of(error, each.name)
        by_label = {told["label"]: told for told in files}
        units = []
        groups = grouped(found, bundle.folder)
        shown = {told["label"]: told["shown"] for told in files}
        before = [*((each, shown) for each in groups), *((each, {}) for each in grouped(earlier))]
        for group in groups:
            units.append(_unit(group, bundle, (order, _last_year(group, before)), by_label))
    return {"files": files, "units": [unit for unit in units if unit is not None]}


class _LastYear(NamedTuple):
    """Last year's workbook of a unit, as its reader sees it, and the file that it stands in."""

    record: Record
    shown: str


def _earlier(bundle: Bundle, folder: str) -> Iterator[Opened]:
    """The files with last year's forms, those that can be read; that they cannot is told where they are audited."""
    for number, each in enumerate(bundle.earlier):
        with contextlib.suppress(Exception):
            yield opened(_placed(each, Path(folder) / f"earlier-{number}"), each.shown)


def _last_year(group: Group, others: Sequence[tuple[Group, Mapping[str, str]]]) -> _LastYear | None:
    """Of a unit's own form that can be held against last year's, that one, if there is one and no other."""
    ids = {form.record.template.id for each in group.files for form in each.forms if _follows(form.record)}
    found = [
        (form, shown.get(each.label, each.label))
        for other, shown in others
        if group.year is not None and other.year == group.year - 1 and group.is_of(other.unit)
        for each in other.files
        for form in each.forms
        if form.record.template.id in ids and _follows(form.record)
    ]
    if len(found) != 1:
        return None
    (form, place), *_ = found
    return _LastYear(as_given(reliable_record(form)[0], "/".join(PurePath(place).parts[-2:])), place)


def _follows(record: Record) -> bool:
    """Is it a unit's own form, and does it carry figures over from one year to the next?"""
    later = record.template.next_year
    carries = later.cells.carried or any(each.carried for each in later.tables.values())
    return bool(carries) and not is_of_project(record)


def _labels(bundle: Bundle) -> list[str]:
    """Each file as it stands in the folder of the bundle."""
    folder = bundle.folder.replace("\\", "/").rstrip("/") + "/"
    shown = [each.shown.replace("\\", "/") for each in bundle.files]
    return [each.removeprefix(folder) if bundle.folder else each for each in shown]


def _placed(each: File, folder: Path) -> Path:
    """Where the file can be read: an entry of an archive is unpacked first, under its own name."""
    if not each.inner:
        return Path(each.path)
    with zipfile.ZipFile(each.path) as archive:
        entry = next((entry for entry in archive.infolist() if entry_name(entry) == each.inner), None)
        if entry is None:
            raise XlperfError(_NOT_THERE)
        if entry.flag_bits & 1:
            raise XlperfError(_LOCKED)
        if entry.file_size > _MOST_UNPACKED:
            raise XlperfError(_TOO_LARGE.format(entry.file_size >> 20))
        folder.mkdir()
        place = folder / _bearable(each.name)
        with archive.open(entry) as source, place.open("wb") as target:
            shutil.copyfileobj(source, target)
    return place


def _bearable(name: str) -> str:
    """A name that this system lets a file have."""
    fit = Path("".join("_" if sign in '<>:"/\\|?*\0' else sign for sign in name))
    return f"{fit.stem[:60] or '_'}{fit.suffix}"


def _digest(place: Path) -> str:
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


def reason_of(error: BaseException, name: str = "") -> str:
    """Why a file was not read, in a sentence."""
    if isinstance(error, XlperfError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"{name}：内存不够，没有读成。请检查文件是否大得不正常。"
    if isinstance(error, OSError):
        if error.errno == errno.EACCES:
            return f"{name}：没有读取的权限。请取得权限后再审核。"
        return f"{name}：读的时候出错（{error.strerror or error}）。请检查磁盘、网络和权限后再审核。"
    if isinstance(error, zipfile.BadZipFile | RuntimeError | NotImplementedError):
        return f"{name}：压缩包里的这个文件解不开（{error}）。"
    return f"{name}：xlperf 内部出错（{type(error).__name__}：{str(error)[:200]}）。请把这个文件和这行字告诉维护者。"


def _unit(
    group: Group, bundle: Bundle, asked: tuple[Order, _LastYear | None], by_label: dict[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """What there is to say of a unit; None where nothing of it could be audited."""
    order, before = asked
    try:
        given = NOTHING if before is None else Given(before.record)
        checked = list(_audited(group, Asked(order.variant, given=given, among=len(group.files)), by_label))
        told, compared = [each for _, each in checked], Compared()
        if len(checked) > 1:
            told, compared = compare_files(told, order.variant)
        if not any(each.forms for each in told):  # reports in text without a table beside them: each by its own text
            told, compared = [each for _, each in checked], Compared(notes=compared.notes)
        for each in told:
            by_label[str(each.path)]["error"] = each.error
        kept = [(own, each) for (own, _), each in zip(checked, told, strict=True) if not each.error]
        if not kept:
            return None
        ledger = ledger_of_files([each for _, each in kept], compared)
        unit = said_of(group, kept, compared, ledger, (bundle, order))
        return unit | {"previous": before.shown if before is not None else ""}
    except Exception as error:
        for file in group.files:
            by_label[file.label]["error"] = by_label[file.label]["error"] or reason_of(error, file.label)
        return None


def _audited(group: Group, asked: Asked, by_label: dict[str, dict[str, Any]]) -> Iterator[tuple[Opened, Checked]]:
    """Each file by itself, held against what is earlier than it, as `check --goals --monitoring --projects` does."""
    done: dict[str, Checked] = {}

    def each_of(files: Sequence[Opened], own: Asked) -> list[Checked]:
        found = []
        for each in files:
            try:
                found.append(each.checked(own))
            except Exception as error:
                by_label[each.label]["error"] = reason_of(error, each.label)
                continue
            done[each.label] = found[-1]
        return found

    given = asked.given
    for kind in (GOALS, MONITORING):
        if own := [each for each in group.files if each.kind == kind]:
            found = each_of(own, asked._replace(given=given, wanted=kind))
            forms = given_by(found)
            given = given._replace(goals=forms) if kind == GOALS else given._replace(monitoring=forms)
    own = [each for each in group.files if each.kind not in (GOALS, MONITORING)]
    projects = [each for each in own if each.kind == SELF and not each.is_of_unit]
    found = each_of(projects, asked._replace(given=given))
    if projects:
        given = given._replace(projects=given_by(found, is_of_project))
    each_of([each for each in own if each not in projects], asked._replace(given=given))
    for each in group.files:
        if each.label in done:
            yield each, done[each.label]
