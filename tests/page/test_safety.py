"""What the page must not do: send anything, run what a file says, stand still."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.bombs import DOCUMENTS
from tests.page.browser import Browser
from tests.page.modules import modules
from xlperf.package import Ref, Workbook
from xlperf.page.build import WEB
from xlperf.workbook.actions import new_workbook, open_form

pytestmark = [pytest.mark.node, pytest.mark.slow]

PAYLOADS = (
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "javascript:window.hit=1",
    "{{constructor.constructor('window.hit=1')()}}",
    "</textarea><iframe srcdoc='<script>parent.hit=1</script>'>",
    '=HYPERLINK("javascript:window.hit=1")',
)
# Ways to send a request from a page's script, {http} {ws} {stun} in them; `worker` runs where Python runs.
FROM_PAGE = {
    "fetch": "fetch('{http}fetch', {{mode: 'no-cors'}})",
    "xhr": "(() => {{const x = new XMLHttpRequest(); x.open('GET', '{http}xhr'); x.send();}})()",
    "socket": "new WebSocket('{ws}')",
    "beacon": "navigator.sendBeacon('{http}beacon', 'x')",
    "events": "new EventSource('{http}events')",
    "image": "(() => {{new Image().src = '{http}image';}})()",
    "script": "document.head.append(Object.assign(document.createElement('script'), {{src: '{http}script'}}))",
    "style": "document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href={http}style>')",
    "import": "document.head.insertAdjacentHTML('beforeend', '<style>@import \"{http}import\";</style>')",
    "background": "document.body.style.background = 'url({http}background)'",
    "font": "new FontFace('x', 'url({http}font)').load()",
    "prefetch": "document.head.insertAdjacentHTML('beforeend', '<link rel=prefetch href={http}prefetch>')",
    "preload": "document.head.insertAdjacentHTML('beforeend', '<link rel=preload as=script href={http}preload>')",
    "module": "document.head.insertAdjacentHTML('beforeend', '<link rel=modulepreload href={http}module>')",
    "icon": "document.head.insertAdjacentHTML('beforeend', '<link rel=icon href={http}icon>')",
    "frame": "document.body.insertAdjacentHTML('beforeend', '<iframe src={http}frame hidden></iframe>')",
    "object": "document.body.insertAdjacentHTML('beforeend', '<object data={http}object></object>')",
    "video": "document.body.insertAdjacentHTML('beforeend', '<video src={http}video autoplay></video>')",
    "form": "(() => {{const f = document.createElement('form'); f.action = '{http}form'; f.method = 'post';"
    " document.body.append(f); f.submit();}})()",
    "dynamic": "import('{http}dynamic.js')",
    "worker": "new Worker('{http}worker.js')",
    "rtc": "(async () => {{const c = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{stun}'}}]}});"
    " c.createDataChannel('x'); await c.setLocalDescription(await c.createOffer());}})()",
    "vendor": "new webkitRTCPeerConnection({{iceServers: [{{urls: 'stun:{stun}'}}]}}).createDataChannel('x')",
}
FROM_PAGE["frame rtc"] = (
    "(async () => {{const frame = document.createElement('iframe'); document.body.append(frame);"
    " const c = new frame.contentWindow.RTCPeerConnection({{iceServers: [{{urls: 'stun:{stun}'}}]}});"
    " c.createDataChannel('x'); await c.setLocalDescription(await c.createOffer());}})()"
)
FROM_PAGE["frame fetch"] = (
    "(async () => {{const frame = document.createElement('iframe'); document.body.append(frame);"
    " await frame.contentWindow.fetch('{http}frame-fetch', {{mode: 'no-cors'}});}})()"
)
# Python's own ways: what is not in the page's library is no way either.
FROM_PYTHON = {
    "pyodide.http": "from pyodide.http import pyfetch; await pyfetch('{http}pyfetch')",
    "pyodide.http, at once": "from pyodide.http import open_url; open_url('{http}open-url')",
    "js.fetch": "import js; await js.fetch('{http}js-fetch')",
    "js.XMLHttpRequest": "import js; x = js.XMLHttpRequest.new(); x.open('GET', '{http}js-xhr', False); x.send()",
    "js.WebSocket": "import js; js.WebSocket.new('{ws}')",
    "js.EventSource": "import js; js.EventSource.new('{http}js-events')",
    "js.importScripts": "import js; js.importScripts('{http}js-scripts')",
    "js.navigator": "import js; js.navigator.sendBeacon('{http}js-beacon', 'x')",
    "run_js": "from pyodide.code import run_js; await run_js('fetch(\\'{http}run-js\\')')",
    "urllib": "import urllib.request; urllib.request.urlopen('{http}urllib', timeout=1)",
    "http.client": "import http.client; http.client.HTTPConnection('127.0.0.1', {port}, timeout=1).request('GET', '/')",
    "socket": "import socket; socket.create_connection(('127.0.0.1', {port}), 1).sendall(b'GET /socket')",
    "micropip": "import micropip; await micropip.install('{http}x-1-py3-none-any.whl')",
}
FROM_WORKER = {
    "fetch": "fetch('{http}worker-fetch', {{mode: 'no-cors'}})",
    "socket": "new WebSocket('{ws}')",
    "scripts": "importScripts('{http}worker-scripts')",
    "nested": "new Worker(URL.createObjectURL(new Blob([\"fetch('{http}nested', {{mode: 'no-cors'}})\"])))",
    "dynamic": "import('{http}worker-dynamic.js')",
}


# Chromium connects to where a frame or a form would lead before it asks the policy, and then sends nothing.
CONNECTED = "a connection without a byte"


class Listener:
    """Counts what reaches the loopback address, by stream and by datagram."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._stream = socket.create_server(("127.0.0.1", 0))
        self._datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagram.bind(("127.0.0.1", 0))
        self.port, self.stun = self._stream.getsockname()[1], self._datagram.getsockname()[1]
        for listen in (self._streams, self._datagrams):
            threading.Thread(target=listen, daemon=True).start()

    def _streams(self) -> None:
        while True:
            try:
                connection, _ = self._stream.accept()
            except OSError:
                return
            connection.settimeout(1)
            with connection:
                try:
                    sent = connection.recv(200).decode("latin-1")
                except OSError:
                    sent = ""
                self.heard.append(sent.partition("\r\n")[0] or CONNECTED)
                with contextlib.suppress(OSError):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def _datagrams(self) -> None:
        while True:
            try:
                self._datagram.recv(2000)
            except OSError:
                return
            self.heard.append("a datagram")

    @property
    def addresses(self) -> dict[str, str | int]:
        http, ws = (f"{scheme}://127.0.0.1:{self.port}/" for scheme in ("http", "ws"))
        return {"http": http, "ws": ws, "stun": f"127.0.0.1:{self.stun}", "port": self.port}

    def wait_for(self, paths: set[str]) -> None:
        """Until all of them were heard, or the time is up."""
        for _ in range(300):
            if paths <= set(self.heard):
                return
            threading.Event().wait(0.1)

    def close(self) -> None:
        self._stream.close()
        self._datagram.close()


@pytest.fixture
def listeners() -> Iterator[tuple[Listener, Listener]]:
    found = Listener(), Listener()
    yield found
    for each in found:
        each.close()


@pytest.fixture
def anew(browser: Browser, page: Path) -> Iterator[Browser]:
    """A page that a test may spoil; the next one finds a fresh one."""
    yield browser
    browser.open(page)
    browser.ask("told")


def _begun(code: str) -> str:
    return f"(() => {{ (async () => {{ try {{ await ({code}); }} catch {{}} }})(); return null; }})()"


def _raced(code: str) -> str:
    """An expression that tries something, and ends after a moment whatever comes of it."""
    guarded = f"(async () => {{ try {{ await ({code}); }} catch {{}} }})()"
    return f"Promise.race([{guarded}, new Promise((end) => setTimeout(end, 150))]).then(() => 'tried')"


# What comes of these ways, in every browser, from a page that has no policy.
ARRIVE = {
    *("fetch", "xhr", "", "events", "image", "script", "style", "import", "background", "font", "frame", "object"),
    *("video", "dynamic.js", "frame-fetch", "worker-fetch", "worker-scripts", "nested", "worker-dynamic.js"),
}


def test_no_request_leaves_it(anew: Browser, page: Path, listeners: tuple[Listener, Listener], tmp_path: Path) -> None:
    control, listener = listeners
    given = control.addresses
    (tmp_path / "plain.html").write_text("<!doctype html><p id=status>", "utf-8")
    anew.open(tmp_path / "plain.html", waits=False)
    for name, way in FROM_PAGE.items():
        if name != "form":  # it leads away from the page
            anew.run(_begun(way.format(**given)))
    ways = ";".join(_begun(way.format(**given)) for way in FROM_WORKER.values())
    anew.run(f"void new Worker(URL.createObjectURL(new Blob([{json.dumps(ways)}])))")
    awaited = {f"GET /{path} HTTP/1.1" for path in ARRIVE} | {"POST /beacon HTTP/1.1"}
    control.wait_for(awaited)
    assert awaited <= set(control.heard), "without the policy they arrive"
    given = listener.addresses
    in_worker = FROM_WORKER | {
        f"Python: {name}": f"self.python.runPythonAsync({json.dumps(way)})" for name, way in FROM_PYTHON.items()
    }
    raced = {name: _raced(way.format(**given)) for name, way in in_worker.items()}
    anew.open(page, in_worker=raced | {"sum": "self.python.runPythonAsync('1 + 1')"})
    for way in FROM_PAGE.values():
        anew.run(_raced(way.format(**given)))
    for name in raced:
        assert anew.run_in_worker(name) == "tried"
    assert anew.run_in_worker("sum") == 2, "Python runs what it is given"
    anew.run("new Promise((end) => setTimeout(end, 800)).then(() => null)")
    assert [each for each in listener.heard if each != CONNECTED] == []
    assert anew.run("document.querySelector('h1').textContent"), "the page is still there"


def test_nothing_that_a_cell_says_is_run(browser: Browser, beita_values: dict[str, Any], tmp_path: Path) -> None:
    fields = beita_values["fields"] | {"section_1_1": PAYLOADS[0]}
    values = beita_values | {"fields": fields, "unit_name": PAYLOADS[1]}
    path = tmp_path / "坏.xlsx"
    new_workbook(values).save(path)
    form = open_form(path)
    place = form.binding.place("thrift_measures")
    for number, text in enumerate(PAYLOADS):
        form.book.write(place.sheet, Ref(40 + number, 2), text)
    form.book.write("自评表", form.binding.place("goal_expected").ref, PAYLOADS[2])
    form.book.save(path)
    browser.upload(path)
    shown = ""
    for number in range(browser.run("document.querySelectorAll('#tabs button').length")):
        browser.run(f"document.querySelectorAll('#tabs button')[{number}].click()")
        browser.ask("settle")
        assert browser.run("document.querySelectorAll('#work :is(img, svg, script, iframe, object, a)').length") == 0
        shown += browser.run("document.getElementById('sheet').textContent")
    for number in range(browser.run("document.querySelectorAll('.item[data-place]').length")):
        browser.run(f"document.querySelectorAll('.item[data-place]')[{number}].click()")
    assert [text for text in PAYLOADS if text not in shown] == [], "they are shown, as text"
    assert browser.run("typeof window.hit") == "undefined"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("空.xlsx", b"", "空的"),
        ("坏.xlsx", b"PK\x03\x04" + b"\0" * 2000, "坏.xlsx"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "图.xlsx"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "旧.xls"),
        ("大.xlsx", b"PK" + b"\0" * (31 << 20), "超过 30 MB"),
        ("字.txt", "什么也没有".encode(), "字.txt"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    browser: Browser, tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert browser.upload(tmp_path / name) < 10_000
    assert word in browser.notice
    assert "Traceback" not in browser.notice


STOP_WHEN_SHOWN = """(() => { const button = document.getElementById("stop");
  const waits = () => document.getElementById("status").textContent.startsWith("正在");
  const shown = () => waits() && button.offsetParent && getComputedStyle(button).visibility === "visible";
  const look = () => (shown() ? button.click() : setTimeout(look, 20));
  look(); })()"""
# While the file is still being read, no answer is waited for.
STOP_BEFORE_ANYTHING_IS_ASKED = """document.getElementById("file").addEventListener(
  "change", () => document.getElementById("stop").click(), { once: true })"""


def test_a_program_that_does_not_answer_is_started_anew(
    browser: Browser, page: Path, beita_values: dict[str, Any], tmp_path: Path
) -> None:
    """Whoever waits may stop it; whoever does not is told."""
    browser.open(page, in_worker={"hang": "(() => { setTimeout(() => { for (;;); }, 10); return null; })()"})
    path = tmp_path / "a.xlsx"
    new_workbook(beita_values).save(path)
    browser.run_in_worker("hang")
    browser.run(STOP_WHEN_SHOWN)
    browser.upload(path)
    assert browser.notice.startswith("已停止")
    browser.run(STOP_BEFORE_ANYTHING_IS_ASKED)
    browser.upload(path)
    assert browser.notice.startswith("已停止")
    assert browser.run("getComputedStyle(document.getElementById('stop')).display") == "none"
    browser.run("window.xlperf.call('warm').then(() => null)")  # once it has started anew
    browser.run_in_worker("hang")
    browser.run("window.xlperf.limits.seconds = 1")
    browser.upload(path)
    assert "已停下来" in browser.notice
    browser.run("window.xlperf.limits.seconds = 60")
    browser.upload(path)
    assert len(json.loads(browser.said)["findings"]) > 40


def test_a_file_that_ends_the_program_is_a_sentence_and_no_end(browser: Browser, tmp_path: Path) -> None:
    """Tables within tables go deeper than a browser lets a program go; the next file is read as ever."""
    bomb = DOCUMENTS["thousands of tables in tables"]
    bomb.write(tmp_path / "深.docx")
    browser.upload(tmp_path / "深.docx")
    assert browser.notice
    assert not browser.notice.startswith("没有做成")
    browser.click("#sample")
    assert browser.notice == ""
    assert len(json.loads(browser.said)["findings"]) > 40


def test_a_browser_that_is_too_old_is_told_at_once(anew: Browser, page: Path, tmp_path: Path) -> None:
    """The gate alone, where WebAssembly knows no externref."""
    code = (WEB / "gate.js").read_text("utf-8")
    assert f"<script>{code}</script>" in page.read_text("utf-8")
    anew.run("WebAssembly.validate = () => false")
    anew.run(f"(() => {{ {code} }})()")
    assert anew.run("getComputedStyle(document.getElementById('start')).display") == "none"
    assert "版本太旧" in anew.run("document.getElementById('old').textContent")


def test_axe_finds_nothing_serious(browser: Browser) -> None:
    script = (modules() / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    browser.run(f"(() => {{ {script} }})()")
    browser.home()
    browser.run("document.body.append(Object.assign(new Image(), {id: 'fault'}))")
    assert any(each.startswith("image-alt") for each in _grave(browser)), "it sees what is wrong"
    browser.run("document.getElementById('fault').remove()")
    assert _grave(browser) == []
    browser.click("#sample")
    browser.run("document.querySelector('.item').click()")
    browser.run("new Promise((end) => setTimeout(end, 300)).then(() => null)")
    assert _grave(browser) == []
    browser.click("#language")
    browser.ask("size", width=390, height=800)
    assert _grave(browser) == []
    browser.ask("size", width=1366, height=768)
    browser.click("#language")


def _grave(browser: Browser) -> list[str]:
    code = (
        "window.axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations"
        ".filter((each) => ['serious', 'critical'].includes(each.impact))"
        ".map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html).join(' | ')}`))"
    )
    found: list[str] = browser.run(code)
    return found


def test_policy_lets_no_script_in_but_its_own(page: Path) -> None:
    html = page.read_text("utf-8")
    policy = html.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    rules = dict(each.split(" ", 1) for each in policy.split("; "))
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    assert "unsafe-inline" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert rules["script-src"].count("sha256-") == html.count("<script>") == 2


def test_workbook_is_not_changed_by_looking(browser: Browser, beita_values: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "看.xlsx"
    new_workbook(beita_values).save(path)
    before = path.read_bytes()
    browser.upload(path)
    assert path.read_bytes() == before
    assert "审核结果" in Workbook.open(path).sheets
