"""Mismatch -> Finding: stamped with its rule, its causes, what would settle it and on whose authority."""

from __future__ import annotations

from decimal import Decimal

from xlperf.amounts import interval
from xlperf.audit.groups import Group, Suspect, rests_on_evidence, stated, told
from xlperf.audit.slips import slips
from xlperf.checks.rule import Cause, Check, Finding, Fix, Mismatch, Severity
from xlperf.derive.engine import Value
from xlperf.derive.seen import Seen
from xlperf.form.record import Stated, brief, show


def finding_of(each: Check, mismatch: Mismatch, group: Group | None, seen: Seen) -> Finding:
    cell, expected = mismatch.at, mismatch.expected
    causes, reason = _reason(mismatch, group, seen)
    reason = brief(reason)
    return Finding(
        code=each.code,
        slug=each.slug,
        severity=mismatch.severity or each.severity,
        at=cell.at,
        key=cell.key,
        message=brief(seen.record.template.said(mismatch.message)) + reason,
        stated=_plain(cell),
        expected=None if expected is None else _text(expected),
        related=tuple((other.at, other.key, _plain(other)) for other in _related(each, mismatch, seen)),
        causes=causes,
        group=group.number if group else None,
        fix=_fix(mismatch, group, seen),
        cites=_cites(each, seen),
        reason=reason,
    )


def _related(each: Check, mismatch: Mismatch, seen: Seen) -> tuple[Stated, ...]:
    """The cells that the finding speaks of besides its own, and those that its computed cells follow from.

    A rule about the workbook itself speaks of a formula, not of what stands behind it.
    """
    if each.is_about_workbook:
        return mismatch.related
    named = dict.fromkeys(cell.key for cell in (mismatch.at, *mismatch.related))
    todo, behind = list(named), dict[str, None]()
    while todo:
        key = todo.pop(0)
        if key in seen.record.follows:
            found = [k for k in seen.operands_of(key) if k not in named | behind and not seen[k].is_blank]
            behind |= dict.fromkeys(found)
            todo += found
    return (*mismatch.related, *(seen[key] for key in behind))


def _cites(each: Check, seen: Seen) -> tuple[str, ...]:
    """The rule's sources; before them those of the figures in which the variant departs from the default."""
    default = seen.record.figures_of(None)
    used = (seen.figures[parameter.name] for parameter in each.parameters if parameter.name in seen.figures)
    own = (figure.source.id for figure in used if figure != default[figure.name])
    return tuple(dict.fromkeys((*own, *(source.id for source in each.cited(seen.record.template)))))


def _reason(mismatch: Mismatch, group: Group | None, seen: Seen) -> tuple[tuple[Cause, ...], str]:
    """The causes of a finding, and the sentence about them."""
    cell, expected = mismatch.at, mismatch.expected
    if group is None:
        typed = cell.is_number and cell.key not in seen.record.follows
        if mismatch.severity is Severity.INFO or not typed or not isinstance(expected, Decimal):
            return (), ""
        domain = (interval(expected, cell.field.places),)
        causes = tuple(slip.cause for slip in slips(cell, domain, seen))
        return causes, f"可能原因：{causes[0].text}" if causes else ""
    suspect = group.culprit
    if suspect is None:
        if isinstance(expected, Decimal) and rests_on_evidence(group, seen.cells):
            text = f"指标值和完成值无误的，得分应为 {show(expected, cell.field)}。"
            return (Cause("points", text, (cell.place,)),), told(group, seen.cells) + text
        return _undisputed(cell, group), told(group, seen.cells)
    if suspect.cause is not None:
        return suspect.causes, f"可能原因：{_how(suspect, cell, seen)}"
    if len(group.failing) > 1 and suspect.keys != (cell.key,):
        wrong = "、".join(f"{seen[key].label}（填 {seen[key].shown}）" for key in suspect.keys)
        return (), f"最可能填错的是{wrong}。"
    return (), told(group, seen.cells) if _is_vouched_for(cell, group, seen) else ""


def _how(suspect: Suspect, cell: Stated, seen: Seen) -> str:
    """How the figures came about, each beside its own label; of the finding's own cell the label is known."""
    if suspect.joint is not None:
        return suspect.joint.text
    parts = [
        ("" if key == cell.key else f"{stated(seen[key])}，") + causes[0].text.rstrip("。")
        for key, causes in zip(suspect.keys, suspect.slips, strict=True)
        if causes
    ]
    return f"{'；'.join(parts)}。"


def _undisputed(cell: Stated, group: Group) -> tuple[Cause, ...]:
    """What all suspects that are as plausible say of the finding's own cell: it is so whoever of them is right."""
    first, *others = group.leading
    return tuple(cause for cause in first.causes_of(cell.key) if all(cause in o.causes_of(cell.key) for o in others))


def _is_vouched_for(cell: Stated, group: Group, seen: Seen) -> bool:
    """Other figures confirm the cell, so it is not the one to correct; a reason may still be written beside it."""
    suspects = {key for each in group.suspects for key in each.keys}
    return cell.key not in suspects and not any(seen[key].is_blank for key in suspects)


def _fix(mismatch: Mismatch, group: Group | None, seen: Seen) -> Fix | None:
    """The value that settles a finding: of the cell to blame where one stands out, otherwise of the cell itself."""
    cell, expected = mismatch.at, mismatch.expected
    culprit = group.culprit if group else None
    if culprit is not None and len(culprit.keys) == 1 and culprit.values[0] and culprit.keys != (cell.key,):
        (key,), (value,) = culprit.keys, culprit.values
        computed = seen.values.get(key)
        return Fix(culprit.cells[0], value, safe=computed is not None and show(computed, seen[key].field) == value)
    if cell.key in seen.record.follows:
        return None  # a formula is not to be typed over
    if group is not None and _is_vouched_for(cell, group, seen) and not rests_on_evidence(group, seen.cells):
        return None
    if isinstance(expected, Decimal | str) and expected != "":
        return Fix(cell.at, show(expected, cell.field), safe=seen.values.get(cell.key) == expected)
    return None


def _plain(cell: Stated) -> str:
    return cell.text if cell.number is None else _text(cell.number)


def _text(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else value
