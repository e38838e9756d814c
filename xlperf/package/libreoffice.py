"""Files of one kind into another through LibreOffice, where there is one."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

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
Tell = Callable[[str], None]


class NotConvertedError(Exception):
    """LibreOffice did not do it; the text says why, for somebody to say what of and what to do."""


class NoLibreOfficeError(NotConvertedError):
    """There is none."""


def converted(blob: bytes, name: str, kinds: tuple[str, str], tell: Tell | None = None) -> bytes:
    """A file as another kind: `kinds` are its own suffix and what LibreOffice calls the other one, "docx:…".

    Made with a profile of its own, so that an open LibreOffice is not disturbed. `name`: what messages call the file.
    Raises `NotConvertedError`.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoLibreOfficeError("本机没有 LibreOffice 可以转换")
    with tempfile.TemporaryDirectory(prefix="xlperf-", ignore_cleanup_errors=True) as folder:
        return _converted(program, blob, name, kinds, (Path(folder), tell or _say_nothing))


def _say_nothing(sentence: str) -> None: ...


def _converted(program: str, blob: bytes, name: str, kinds: tuple[str, str], place: tuple[Path, Tell]) -> bytes:
    (own, other), (folder, tell) = kinds, place
    source, target = folder / f"source.{own}", folder / "out" / f"source.{other.partition(':')[0]}"
    source.write_bytes(blob)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    command = [
        program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", other, "--outdir", str(target.parent), str(source),
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
        raise NotConvertedError("LibreOffice 启动不了") from error
    tell(f"{name}：正在用 LibreOffice 转换，最多 {SECONDS} 秒……")
    try:
        if not _ends(process, name, tell):
            raise NotConvertedError(f"LibreOffice 转换它用了 {SECONDS} 秒还没有完成")
    finally:
        _end(process)
    if not target.exists():
        raise NotConvertedError("LibreOffice 打不开它，可能已损坏或设有密码")
    return target.read_bytes()


def _ends(process: subprocess.Popen[bytes], name: str, tell: Tell) -> bool:
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
