"""The results of a review in one page, in Chromium: what it lists, how one looks through it, what it must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.browser import Browser, Kind, started
from tests.page.test_safety import PAYLOADS
from tests.review.test_across import BLANK, FORM
from xlperf.checks.rule import Severity
from xlperf.package.save import claim
from xlperf.page import folder
from xlperf.page.folder import write_folder_page
from xlperf.review.across import Across
from xlperf.review.gather import Bundle, File, Passed
from xlperf.review.store import Store, store_of

pytestmark = [pytest.mark.node, pytest.mark.slow]

UNITS = 3000
FINDING: dict[str, Any] = {
    **{"form": 0, "item": 0, "file": "表.xlsx", "at": "Sheet!C3", "code": "XLP201", "severity": "error", "cause": ""},
    **{
        "title": "总额与分项合计不等",
        "label": "全年预算数",
        "stated": "120.00",
        "expected": "113.00",
        "explanation": "",
    },
    **{"message": "全年预算数填 120.00，而各项合计 113.00。", "standing": "to_correct", "identity": "x"},
}


def keep(summary: Path, count: int, hostile: tuple[str, ...] = ()) -> None:
    """A finished review of `count` units, every third with an error, all with a note, and one for each hostile text."""
    store = Store(store_of(summary))
    run = store.begin({}, resume=False)
    names = [*(f"单位{number}" for number in range(count)), *hostile]
    store.list_tasks(run, [Passed("报送/<b>坏.xlsx", "打不开", failed=True)])
    for number, name in enumerate(names):
        home = f"报送/{number}"
        inner = name if name in hostile else "表.xlsx"
        bundle = Bundle(home, (File(f"{home}/{inner}", "", 1, "1-1"),))
        store.add_task(run, bundle)
        file = {"shown": f"{home}/{inner}", "label": inner, "size": 9, "digest": str(number), "error": ""}
        wrong = number % 3 == 0 or name in hostile
        findings = [FINDING | {"severity": "info", "standing": "info", "code": "XLP606", "title": "预算调整幅度大"}]
        if wrong:
            findings.append(FINDING | ({"title": name, "message": name, "stated": name} if name in hostile else {}))
        told: dict[str, Any] = {"unit": name, "key": name, "files": [inner], "findings": findings}
        told |= {"standing": {"to_correct": int(wrong)}, "status": "待改正" if wrong else "通过"}
        unit = BLANK | told | {"forms": [FORM | {"file": inner, "total_score": str(number % 100)}]}
        store.keep(run, bundle, {"files": [file], "units": [unit]})
    store.finish(run)
    store.close()


def page_of(home: Path, count: int, hostile: tuple[str, ...] = ()) -> Path:
    summary, page = home / "汇总.xlsx", home / "汇总.html"
    keep(summary, count, hostile)
    write_folder_page(claim(page), summary, [Across("报送两次", Severity.WARNING, "单位1", "报送了 2 次")])
    return page


@pytest.fixture(scope="module")
def review(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    home = tmp_path_factory.mktemp("folder")
    page = page_of(home, UNITS, PAYLOADS)
    with started(home, kind) as browser:
        opened(browser, page)
        yield browser


def opened(browser: Browser, page: Path) -> None:
    browser.open(page, waits=False)
    browser.run(READY)


READY = """new Promise((resume) => {
  const look = () => (document.documentElement.dataset.ready === "true" ? resume() : setTimeout(look, 10));
  look();
})"""
DRAWN = "document.querySelectorAll('#view-{} .line').length"
COUNT = "document.querySelector('#view-{} .count').textContent"
FIRST = "[...document.querySelector('#view-{} .line').children].map((each) => each.textContent)"
DETAIL = "document.getElementById('detail').textContent"
PICK = """(() => {{ const select = document.querySelectorAll('#view-{0} select')[{1}]; select.value = '{2}';
  select.dispatchEvent(new Event('change')); }})()"""
SORT = "[...document.querySelectorAll('#view-units .heads button')].find((each) => each.textContent === '{}').click()"


def show(browser: Browser, name: str) -> None:
    browser.run(f"document.getElementById('tab-{name}').click()")


def test_it_lists_everything_and_draws_only_what_is_in_view(review: Browser) -> None:
    show(review, "units")
    review.run(PICK.format("units", 0, ""))
    every = UNITS + len(PAYLOADS)
    assert review.run(COUNT.format("units")) == f"{every} / {every} 行"
    assert 5 < review.run(DRAWN.format("units")) < 60
    review.run("document.querySelector('#view-units .grid').scrollTop = 1e9")
    last = "[...document.querySelectorAll('#view-units .line')].pop()?.ariaRowIndex"
    reached = f"""new Promise((resume) => {{
      const look = () => (Number({last}) === {every + 1} ? resume(true) : setTimeout(look, 10)); look(); }})"""
    assert review.run(reached)
    assert review.run(DRAWN.format("units")) < 60


def test_units_are_sorted_and_filtered(review: Browser) -> None:
    show(review, "units")
    review.run(PICK.format("units", 0, "待改正"))
    wrong = UNITS // 3 + len(PAYLOADS)
    assert review.run(COUNT.format("units")).startswith(f"{wrong} / ")
    review.run(SORT.format("总分"))
    assert review.run(FIRST.format("units"))[4] == "99.00"
    review.run(SORT.format("总分"))
    assert review.run(FIRST.format("units"))[4] == "0.00"


def test_a_unit_leads_to_its_findings_and_a_finding_says_what_to_do(review: Browser) -> None:
    show(review, "units")
    review.run(PICK.format("units", 0, "待改正"))
    review.run("document.querySelector('#view-units .line').click()")
    review.run("document.querySelector('#detail button.main').click()")
    assert review.run(COUNT.format("findings")).startswith("2 / ")
    review.run(PICK.format("findings", 0, "错误"))
    assert review.run(COUNT.format("findings")).startswith("1 / ")
    review.run("document.querySelector('#view-findings .grid').focus()")
    review.ask("press", key="ArrowDown")
    told = review.run(DETAIL)
    for part in ("Sheet!C3", "120.00", "113.00", "怎样改", "各项合计 113.00"):
        assert part in told
    link = review.run("document.querySelector('#detail a').href")
    assert link.startswith("file://") and link.endswith(".xlsx")


def test_nothing_from_a_file_is_markup_and_nothing_may_be_sent(review: Browser) -> None:
    for name in ("overview", "units", "findings", "across", "unread"):
        show(review, name)
    show(review, "units")
    review.run(PICK.format("units", 0, "待改正"))
    for number in range(len(PAYLOADS)):
        review.run(f"document.querySelectorAll('#view-units .line')[{number}].click()")
    assert review.run("window.hit") is None
    made = "document.querySelectorAll(':is(#views, #detail) :is(img, script, svg, iframe, textarea)').length"
    assert review.run(made) == 0
    links = review.run("[...document.querySelectorAll('a')].map((each) => each.protocol)")
    assert set(links) <= {"file:"}
    policy = review.run("document.querySelector('meta[http-equiv]').content")
    assert "default-src 'none'" in policy and "connect-src 'none'" in policy and "unsafe" not in policy
    refused = "fetch('data:text/plain,x').then(() => 'sent', () => 'refused')"
    assert review.run(refused) == "refused"


def test_a_name_is_never_an_address_of_another_kind(tmp_path: Path) -> None:
    page = tmp_path / "汇总.html"
    for name in ("javascript:alert(1)", "//other/x", "a?b#c.xlsx", "x%2e.xlsx", "é😀.xlsx"):
        assert re.fullmatch(r"\./[\w./%~-]+", folder._href(str(tmp_path / name), page), re.A)


def test_of_more_than_a_browser_holds_the_gravest_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_MOST", 10)
    assert folder._shown({"错误": 4, "核实": 6, "提示": 1})[0] == ("错误", "核实")
    assert "共 10 项；全部 11 项" in folder._shown({"错误": 4, "核实": 6, "提示": 1})[1]
    assert folder._shown({"错误": 4, "核实": 3, "提示": 3}) == (("错误", "核实", "提示"), "")
    assert folder._shown({"错误": 40, "核实": 3, "提示": 3})[0] == ("错误",)
