"""Figures of a year that has passed, taken out of a text that is carried into the next: what was 2050万元 is 〔…〕万元.

What is no figure of a year stays: years and dates, numbers of documents, titles, of sections and telephones, hotlines,
and what is said of an older year, which is history.
"""

from __future__ import annotations

from xlperf.text import expression

OPEN = "〔…〕"
_D = "[0-9０-９]"
_WORDS = "[〇零一二三四五六七八九十百千两]"
# What stays, in the order in which it is looked for; each named group is a kind, `year` moves with the text.
_KEPT = (
    r"《[^《》\n]{1,80}》",
    rf"[〔\[［【(（][ 　]?(?:19|20){_D}{{2}}[ 　]?[〕\]］】)）][ 　]?第?{_D}{{1,5}}[ 　]?号",
    rf"(?P<year>(?:19|20|21|２０){_D}{{2}})(?:[-/.—–~～至]{_D}{{1,4}}){{0,2}}"
    rf"(?![.,]?{_D}|[ 　]?[万亿元%％人个次份户件名])",
    rf"{_D}{{1,2}}[ 　]?[-—~～至][ 　]?{_D}{{1,2}}[ 　]?月",
    rf"{_D}{{1,2}}[ 　]?月(?:[ 　]?{_D}{{1,2}}[ 　]?[日号])?",
    rf"{_D}{{1,2}}[ 　]?日(?=[前起止内])",
    rf"第[ 　]?{_D}{{1,4}}",
    rf"(?:(?<=[\n。；;：:])|\A)[ 　]*[(（]?{_D}{{1,2}}[)）.．、](?:(?!{_D})|(?=20{_D}{{2}}[ 　]?年))",
    rf"[A-Za-z][A-Za-z0-9]*|{_D}+[A-Za-z][A-Za-z0-9]*",
    rf"{_D}{{3,5}}(?=[\"”]?(?:热线|平台|工程|便民|公开电话|指挥中心))",
    rf"{_D}{{3,4}}-{_D}{{7,8}}|1{_D}{{10}}|{_D}{{7,8}}(?![.,]?{_D}|[ 　]?[万亿元])",
    r"(?:7[×xX*])?24小时|365天",
    rf"{_D}{{1,3}}(?=[号级届楼层栋室]|个工作日)",
)
_FIGURE = (
    rf"{_D}+(?:[,，]{_D}{{3}})*(?:[.．]{_D}+)?",
    rf"(?<=百分之){_WORDS}+(?:点{_WORDS}+)?",
    rf"{_WORDS}{{2,}}(?:点{_WORDS}+)?(?=[万亿]?元)",
)
_TOKEN = expression(rf"(?P<kept>{'|'.join(_KEPT)})|(?P<figure>{'|'.join(_FIGURE)})|(?P<end>[。；;\n])")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def without_figures(text: str, year: int) -> str:
    """The text, which has been moved on to the `year` after, with 〔…〕 for every figure of the year.

    What a sentence says behind an older year, one before `year`, stays.
    """
    pieces: list[str] = []
    at, spoken_of = 0, 0
    for found in _TOKEN.finditer(text):
        if found["end"]:
            spoken_of = 0
        elif found["year"]:
            spoken_of = int(found["year"].translate(_DIGITS))
        elif found["figure"] and not 0 < spoken_of < year:
            pieces += [text[at : found.start()], OPEN]
            at = found.end()
    return "".join((*pieces, text[at:]))
