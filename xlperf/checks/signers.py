"""1xx: who signs a form: the head of the project and of the finances, two persons."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.form.record import Stated
from xlperf.prose.reasons import Reasons
from xlperf.text import expression

_HIDDEN = expression("[某×✕＊*XxＸｘ○〇□_…＿]|略")  # a name masked for publication tells nobody apart
_SIGNS = expression(r"[\s　,，、;；.。（）()]+|签字|签名|签章|盖章")


@check(
    "XLP120",
    Severity.WARNING,
    "项目负责人、财务负责人没有签齐或是同一人",
    "signers are missing or one person",
    cites="form",
)
def signers_missing_or_one_person(
    reasons: Reasons, project_leader: Stated = MAY_BE_BLANK, finance_leader: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """表上有项目负责人、财务负责人签字的地方，空着，或者两处是同一个人。

    为何：项目由谁实施、钱由谁管，要有两个人分别负责；一人签两处，等于没有人核对。
    改法：补签；由另一位负责财务的人签字。
    反例：财务负责人空白；项目负责人、财务负责人都签“张三”。
    正例：项目负责人张三、财务负责人李四；公开时隐去的姓名（张某、×××）不比较；表上没有这两处的不要求。
    """
    signers = [cell for cell in (project_leader, finance_leader) if not cell.is_absent]
    unsigned = [cell for cell in signers if not reasons.given(cell.text) and not _HIDDEN.search(cell.text)]
    for cell in unsigned:
        lack = f"只写“{cell.text}”" if cell.text else "未填"
        yield Mismatch(cell, f"{cell.label}{lack}。")
    if len(signers) == 2 and not unsigned:
        names = [_SIGNS.sub("", cell.text) for cell in signers]
        if names[0] == names[1] and not any(_HIDDEN.search(cell.text) for cell in signers):
            sentence = f"{signers[0].label}和{signers[1].label}都是“{signers[0].text}”，应是两个人。"
            yield Mismatch(signers[1], sentence, None, (signers[0],))
