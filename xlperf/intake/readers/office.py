"""Old Word documents (.doc) through LibreOffice, where there is one: it keeps merged cells, no Python library does."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from xlperf.errors import DocumentError, XlperfError
from xlperf.intake.readers.word import read_word
from xlperf.labels.blocks import AS_DOCX, Document

SECONDS = 60  # LibreOffice hangs on some documents; a long report takes it some ten
_EVERY = 10  # seconds, after which something is said
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
# A profile in which no macro runs and nothing is fetched that a document refers to.
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        f'<item oor:path="{_SECURITY}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for name, value in (
            ("MacroSecurityLevel", "3"), ("DisableMacrosExecution", "true"), ("BlockUntrustedRefererLinks", "true"),
        )
    )
    + "</oor:items>\n"
)  # fmt: skip


def read_old_word(blob: bytes, name: str, tell: Callable[[str], None] | None = None) -> Document:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise DocumentError(f"{name}：这是旧版 Word 文档（.doc），本机没有 LibreOffice 可以转换。{AS_DOCX}")
    with tempfile.TemporaryDirectory(prefix="xlperf-", ignore_cleanup_errors=True) as folder:
        converted = _converted(program, blob, name, Path(folder), tell or _say_nothing)
    try:
        found = read_word(converted, name)
    except XlperfError:
        raise
    except ValueError as error:
        raise DocumentError(f"{name}：LibreOffice 转换出来的文档读不出来。{AS_DOCX}") from error
    remark = "旧版 Word 文档（.doc）由 LibreOffice 转换后读入，请与原件核对。"
    return found._replace(remarks=(remark, *found.remarks))


def _say_nothing(sentence: str) -> None: ...


def _converted(program: str, blob: bytes, name: str, folder: Path, tell: Callable[[str], None]) -> bytes:
    """The document as .docx, made with a profile of its own, so that an open LibreOffice is not disturbed."""
    source, target = folder / "source.doc", folder / "out" / "source.docx"
    source.write_bytes(blob)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    command = [
        program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target.parent), str(source),
    ]  # fmt: skip
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise DocumentError(f"{name}：这是旧版 Word 文档（.doc），LibreOffice 启动不了。{AS_DOCX}") from error
    tell(f"{name}：正在用 LibreOffice 转换，最多 {SECONDS} 秒……")
    try:
        if not _ends(process, name, tell):
            raise DocumentError(f"{name}：LibreOffice 转换这个文件用了 {SECONDS} 秒还没有完成。{AS_DOCX}")
    finally:
        _end(process)
    if not target.exists():
        raise DocumentError(f"{name}：LibreOffice 打不开这个 .doc 文档，可能已损坏或设有密码。{AS_DOCX}")
    return target.read_bytes()


def _ends(process: subprocess.Popen[bytes], name: str, tell: Callable[[str], None]) -> bool:
    """Does it end within its time?"""
    left = SECONDS
    while left > 0:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(min(_EVERY, left))
            return True
        left -= _EVERY
        if left > 0:
            tell(f"{name}：LibreOffice 还在转换，已用 {SECONDS - left} 秒……")
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program starts another one, which must not stay behind."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
