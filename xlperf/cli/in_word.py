"""What `check -o` and `clear` do to a Word document: comments go into a copy of it, and out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.cli.output import say
from xlperf.errors import SaveError
from xlperf.labels.blocks import WITH_MACROS, WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlperf.audit.run import Report
    from xlperf.package.save import Target


def require_word(document: Path, target: Target) -> None:
    """Raises `SaveError` where the result would be no Word document, or one with macros."""
    if document.suffix.lower() == WITH_MACROS:
        raise SaveError(
            f"{document.name}：带有宏的文档（.docm）只能读，不能改动批注。"
            "请用 Word 或 WPS 另存为“Word 文档（.docx）”后再试。"
        )
    if target.path.suffix.lower() != WORD:
        raise SaveError(f"{target}：{document.name} 的副本只能存成 .docx 文件。请给 -o 换一个以 .docx 结尾的文件名。")


def mark_document(document: Path, reports: Sequence[Report], target: Target) -> None:
    """The document with a comment at each cell that is found fault with, as `target`."""
    from xlperf.package.opening import read_file
    from xlperf.package.save import save_atomically
    from xlperf.report.on_form import mark_form

    marked = mark_form(read_file(document, document.name), reports, document.name)
    save_atomically(target, marked.blob, source=document)
    say(f"已标注：{target}（{marked.places} 处批注）", err=True)
    if marked.left_out:
        say(f"{len(marked.left_out)} 个问题在文档里没有对应的格，没有加批注，请看列出的结果。", err=True)


def clear_document(document: Path, target: Target) -> None:
    """The document without the comments of an audit, as `target`."""
    from xlperf.package.opening import read_file
    from xlperf.package.save import save_atomically
    from xlperf.report.on_form import clear_form

    require_word(document, target)
    save_atomically(target, clear_form(read_file(document, document.name), document.name), source=document)
