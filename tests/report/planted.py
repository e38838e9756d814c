"""A form with personal data in every place of the file where a program or a person may leave some."""

# ruff: noqa: E501 - XML as programs write it

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any
from urllib.parse import unquote

from tests.package.books import MAIN, PACKAGE, RELS, TYPE, entries
from xlperf.package import Workbook
from xlperf.workbook.actions import fill, new_workbook, open_form

MICROSOFT = "http://schemas.microsoft.com/office"
OFFICE = "application/vnd.openxmlformats-officedocument"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAME, SPACED = "张三丰", "张 三 丰"
_DRAWING = f'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{RELS}"'
_CHART = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
# Whoever made, changed or annotated the file: known by what the text is, not by a title.
PEOPLE = (
    "李小来",
    "wangli88",
    "赵小改",
    "钱共享",
    "孙透视",
    "zhoubo",
    "吴小线",
    "郑小任",
    "冯小经",
    "陈小批",
    "褚小修",
)
# Known by a title in that part alone.
TITLED = ("卫小宝", "蒋小平", "沈小君", "韩小梅", "杨小洋", "秦小明")


class Plants:
    """Hands out a telephone for each place, so that a test can say where one was left."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def at(self, place: str) -> str:
        """Text for one place: the preparer's name and a telephone that stands nowhere else."""
        return f"{NAME}{self.phone(place)}"

    def phone(self, place: str) -> str:
        number = f"138{len(self.places) + 10:04}{len(self.places) * 7 + 1000:04}"
        self.places[number] = place
        return number


def planted(values: dict[str, Any]) -> tuple[bytes, Plants]:
    """The file, and the telephones in it by where they were put."""
    plants = Plants()
    fields = {
        "preparer": NAME,
        "phone": plants.phone("phone"),
        "section_4": f"联系人：蒋小平，{plants.phone('section')}",
    }
    new = new_workbook(values | {"fields": values["fields"] | fields})
    form = open_form(new.to_bytes())
    fill(form)
    parts: dict[str, bytes] = dict(entries(form.book.to_bytes()))
    _Planting(parts, plants).run()
    return _packed(parts, plants.at("archive comment").encode()), plants


class _Planting:
    def __init__(self, parts: dict[str, bytes], plants: Plants) -> None:
        self.parts, self.at, self.phone = parts, plants.at, plants.phone

    def run(self) -> None:
        self.workbook()
        self.strings()
        self.sheet()
        self.notes()
        self.drawing()
        self.pivot()
        self.links()
        self.properties()
        self.leftovers()

    def change(self, name: str, old: str, new: str) -> None:
        text = self.parts[name].decode()
        assert old in text, (name, old)
        self.parts[name] = text.replace(old, new, 1).encode()

    def add(self, name: str, content: str | bytes, kind: str = "") -> None:
        self.parts[name] = content if isinstance(content, bytes) else (HEAD + content).encode()
        if kind:
            self.change(
                "[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
            )

    def relate(self, owner: str, kind: str, target: str, rel_id: str, outside: bool = False) -> None:
        folder, _, file = owner.rpartition("/")
        name = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        self.parts.setdefault(name, f'<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'.encode())
        kind = kind if "://" in kind else f"{RELS}/{kind}"
        mode = ' TargetMode="External"' if outside else ""
        new = f'<Relationship Id="{rel_id}" Type="{kind}" Target="{target}"{mode}/></Relationships>'
        self.change(name, "</Relationships>", new)

    def workbook(self) -> None:
        """Names of sheets and cells, who may write, where the file lay."""
        name = "xl/workbook.xml"
        title = f"{NAME}的表"
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>{self.phone("figure")}</v></c></row></sheetData></worksheet>'
        self.add("xl/worksheets/sheet90.xml", sheet, f"{TYPE}.worksheet+xml")
        self.relate(name, "worksheet", "worksheets/sheet90.xml", "rId90")
        self.change(name, "</sheets>", f'<sheet name="{title}" sheetId="90" xmlns:r="{RELS}" r:id="rId90"/></sheets>')
        names = f'<definedName name="{NAME}_">\'{title}\'!$A$1</definedName><definedName name="常量" comment="{self.at("comment")}">"{self.at("constant")}"</definedName>'
        self.change(name, "</definedNames>", f"{names}</definedNames>")
        path = f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="{MICROSOFT}/spreadsheetml/2010/11/ac" url="C:\\Users\\zhoubo\\Desktop\\"/></mc:Choice></mc:AlternateContent>'
        self.change(name, "<sheets>", f"{path}<sheets>")
        text = self.parts[name].decode()
        self.parts[name] = re.sub("(<workbook[^>]*>)", r'\1<fileSharing userName="钱共享"/>', text, count=1).encode()

    def strings(self) -> None:
        """Used, unused, split into runs, with a reading, written in other ways."""
        name = "xl/sharedStrings.xml"
        phone = self.phone("runs")
        odd = self.phone("escaped")
        items = [
            f"<t>{self.at('shared')}</t>",
            f"<r><t>{phone[:3]}</t></r><r><rPr><b/></rPr><t>{phone[3:8]}</t></r><r><t>{phone[8:]}</t></r>",
            f'<r><t>张</t></r><r><t>三丰</t></r><rPh sb="0" eb="3"><t>{NAME}</t></rPh>',
            f"<t>{''.join(f'_x{ord(each):04X}_' for each in NAME + odd)}</t>",
            f"<t>&#24352;&#x4E09;&#20016;<![CDATA[{self.phone('CDATA')}]]></t>",
            f"<t>{self.phone('unused')}从前的人李不知</t>",
            f"<t>{SPACED}</t>",
            "<t>项目负责人（签字）</t>", "<t>韩小梅</t>", "<t>联系电话</t>",
        ]  # fmt: skip
        content = "".join(f"<si>{each}</si>" for each in items)
        self.add(
            name, f'<sst xmlns="{MAIN}"><!-- {self.at("XML comment")} -->{content}</sst>', f"{TYPE}.sharedStrings+xml"
        )
        self.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml", "rId91")

    def sheet(self) -> None:
        """Cells, headers, validations, links, tables."""
        name = "xl/worksheets/sheet90.xml"
        used = (0, 1, 2, 3, 4, 6)
        cells = "".join(
            f'<row r="{at}"><c r="A{at}" t="s"><v>{index}</v></c></row>' for at, index in enumerate(used, 2)
        )
        inline = f'<row r="20"><c r="A20" t="inlineStr"><is><r><t>张三</t></r><r><t>丰</t></r></is></c><c r="B20" t="str"><v>{self.at("string")}</v></c></row>'
        titled = f'<row r="21"><c r="A21" t="s"><v>7</v></c><c r="C21" t="s"><v>8</v></c></row><row r="22"><c r="A22" t="s"><v>9</v></c></row><row r="23"><c r="A23"><v>{self.phone("under a title")}</v></c></row>'
        table = f'<row r="30"><c r="A30" t="inlineStr"><is><t>{NAME}</t></is></c></row><row r="31"><c r="A31"><v>1</v></c></row>'
        tail = (
            f'<dataValidations count="1"><dataValidation type="list" sqref="B2" prompt="{self.at("prompt")}" promptTitle="{NAME}" error="{self.at("error")}" errorTitle="{NAME}">'
            f'<formula1>"{NAME},何候选,{self.phone("list")}"</formula1></dataValidation></dataValidations>'
            f'<hyperlinks><hyperlink ref="A2" r:id="rId2" tooltip="{self.at("tooltip")}" display="{self.at("display")}"/><hyperlink ref="A3" location="\'{NAME}的表\'!A1"/><hyperlink ref="A4" r:id="rId3"/></hyperlinks>'
            '<pageSetup paperSize="9" r:id="rId1"/>'
            f'<headerFooter><oddHeader>&amp;L填表人：&amp;"宋体,常规"&amp;10卫小宝&amp;R{self.at("header")}</oddHeader><firstFooter>&amp;C138&amp;B{self.split("footer")}</firstFooter></headerFooter>'
            '<drawing r:id="rId5"/><legacyDrawing r:id="rId6"/><tableParts count="1"><tablePart r:id="rId7"/></tableParts>'
        )
        self.change(name, "</sheetData></worksheet>", f"{cells}{inline}{titled}{table}</sheetData>{tail}</worksheet>")
        self.change(name, f'xmlns="{MAIN}"', f'xmlns="{MAIN}" xmlns:r="{RELS}"')
        self.add(
            "xl/printerSettings/printerSettings1.bin",
            f"\\\\PC\\{self.at('printer')}".encode("utf-16-le"),
            f"{TYPE}.printerSettings",
        )
        self.relate(name, "printerSettings", "../printerSettings/printerSettings1.bin", "rId1")
        self.relate(
            name,
            "hyperlink",
            f"mailto:%E5%BC%A0%E4%B8%89%E4%B8%B0@qq.com?cc=zhoubo@163.com&amp;body={self.phone('mailto')}",
            "rId2",
            True,
        )
        self.relate(
            name,
            "hyperlink",
            f"https://example.org/?q=%E5%BC%A0%E4%B8%89%E4%B8%B0&amp;tel={self.phone('address')}",
            "rId3",
            True,
        )
        columns = f'<tableColumns count="1"><tableColumn id="1" name="{NAME}"/></tableColumns>'
        self.add(
            "xl/tables/table1.xml",
            f'<table xmlns="{MAIN}" id="1" name="{NAME}表" displayName="{NAME}表" ref="A30:A31">{columns}</table>',
            f"{TYPE}.table+xml",
        )
        self.relate(name, "table", "../tables/table1.xml", "rId7")

    def split(self, place: str) -> str:
        """The rest of a telephone whose first digits stand before a formatting code."""
        return self.phone(place)[3:]

    def notes(self) -> None:
        sheet = "xl/worksheets/sheet90.xml"
        authors = "".join(f"<author>{each}</author>" for each in ("李小来", "wangli88", "陈小批", "tc={1}"))
        texts = (
            f"<r><t>李小来:</t></r><r><t>审核人：杨小洋 {self.at('note')}</t></r>", "<t>wangli88:\n已核</t>",
            "<r><t>陈小</t></r><r><t>批已阅</t></r>", f"<t>[线程批注] {self.at('thread note')}</t>",
        )  # fmt: skip
        notes = "".join(
            f'<comment ref="A{at + 2}" authorId="{at}"><text>{text}</text></comment>' for at, text in enumerate(texts)
        )
        self.add(
            "xl/comments90.xml",
            f'<comments xmlns="{MAIN}"><authors>{authors}</authors><commentList>{notes}</commentList></comments>',
            f"{TYPE}.comments+xml",
        )
        self.relate(sheet, "comments", "../comments90.xml", "rId8")
        thread = f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><threadedComment ref="A5" personId="{{2}}" id="{{1}}"><text>{self.at("thread")}</text></threadedComment></ThreadedComments>'
        self.add("xl/threadedComments/threadedComment1.xml", thread, "application/vnd.ms-excel.threadedcomments+xml")
        self.relate(
            sheet,
            f"{MICROSOFT}/2017/10/relationships/threadedComment",
            "../threadedComments/threadedComment1.xml",
            "rId9",
        )
        person = f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="吴小线" id="{{2}}" userId="S::zhoubo@x.cn"/></personList>'
        self.add("xl/persons/person.xml", person, "application/vnd.ms-excel.person+xml")
        self.relate("xl/workbook.xml", f"{MICROSOFT}/2017/10/relationships/person", "persons/person.xml", "rId92")
        # Not well-formed, as old programs wrote it: <br> without an end.
        shape = f'<v:shape id="_x0000_s1" alt="{self.at("alt")}"><v:textbox><div>填表<br>{SPACED}<font>138</font>{self.split("VML")}</div></v:textbox><x:ClientData ObjectType="Note"><x:Row>1</x:Row><x:Column>0</x:Column></x:ClientData></v:shape>'
        self.add(
            "xl/drawings/vmlDrawing90.vml",
            f'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">{shape}</xml>',
        )
        if b'Extension="vml"' not in self.parts["[Content_Types].xml"]:
            self.change(
                "[Content_Types].xml",
                "</Types>",
                f'<Default Extension="vml" ContentType="{OFFICE}.vmlDrawing"/></Types>',
            )
        self.relate(sheet, "vmlDrawing", "../drawings/vmlDrawing90.vml", "rId6")

    def drawing(self) -> None:
        anchor = "<xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        words = f"<a:p><a:r><a:t>签字：沈</a:t></a:r><a:r><a:t>小君，138</a:t></a:r><a:r><a:t>{self.split('text box')}</a:t></a:r></a:p>"
        box = f'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="{NAME}" descr="{self.at("description")}" title="{self.at("title")}"><a:hlinkClick r:id="rId1" tooltip="{self.at("shape link")}"/></xdr:cNvPr><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/>{words}</xdr:txBody></xdr:sp>'
        picture = '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="签章"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId2"/></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
        chart = '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="4" name="图"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId3"/></a:graphicData></a:graphic></xdr:graphicFrame>'
        anchors = "".join(
            f"<xdr:twoCellAnchor>{anchor}{each}<xdr:clientData/></xdr:twoCellAnchor>" for each in (box, picture, chart)
        )
        name = "xl/drawings/drawing90.xml"
        self.add(name, f"<xdr:wsDr {_DRAWING}>{anchors}</xdr:wsDr>", f"{OFFICE}.drawing+xml")
        self.relate("xl/worksheets/sheet90.xml", "drawing", "../drawings/drawing90.xml", "rId5")
        self.relate(name, "hyperlink", f"tel:{self.phone('tel')}", "rId1", True)
        self.add("xl/media/image90.png", b"\x89PNG\r\n\x1a\n")
        self.change("[Content_Types].xml", "</Types>", '<Default Extension="png" ContentType="image/png"/></Types>')
        self.relate(name, "image", "../media/image90.png", "rId2")
        points = f'<c:ser><c:idx val="0"/><c:order val="0"/><c:cat><c:strRef><c:f>\'{NAME}的表\'!$A$2</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{self.at("chart")}</c:v></c:pt></c:strCache></c:strRef></c:cat></c:ser>'
        self.add(
            "xl/charts/chart90.xml",
            f"<c:chartSpace {_CHART}><c:chart><c:plotArea><c:layout/><c:pieChart>{points}</c:pieChart></c:plotArea></c:chart></c:chartSpace>",
            f"{OFFICE}.drawingml.chart+xml",
        )
        self.relate(name, "chart", "../charts/chart90.xml", "rId3")

    def pivot(self) -> None:
        cache = f'<pivotCacheDefinition xmlns="{MAIN}" refreshedBy="孙透视" recordCount="1"><cacheSource type="worksheet"><worksheetSource ref="A1:B4" sheet="{NAME}的表"/></cacheSource><cacheFields count="1"><cacheField name="人"><sharedItems count="2"><s v="{NAME}"/><s v="{SPACED}"/><s v="{self.at("pivot")}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
        self.add("xl/pivotCache/pivotCacheDefinition1.xml", cache, f"{TYPE}.pivotCacheDefinition+xml")
        self.relate("xl/workbook.xml", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", "rId93")

    def links(self) -> None:
        name = "xl/externalLinks/externalLink90.xml"
        data = f'<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{self.at("external")}</v></cell></row></sheetData></sheetDataSet>'
        self.add(
            name,
            f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELS}" r:id="rId1"><sheetNames><sheetName val="{NAME}"/></sheetNames>{data}</externalBook></externalLink>',
            f"{TYPE}.externalLink+xml",
        )
        self.relate(
            name, "externalLinkPath", f"file:///C:\\Users\\zhoubo\\{self.phone('path')}\\上年.xlsx", "rId1", True
        )
        self.relate("xl/workbook.xml", "externalLink", "externalLinks/externalLink90.xml", "rId94")
        rest = f'<connection id="1" name="{NAME}" type="1" odcFile="C:\\Users\\zhoubo\\a.odc"><dbPr connection="Data Source=D:\\{self.phone("connection")}\\b.mdb"/></connection>'
        self.add("xl/connections.xml", f'<connections xmlns="{MAIN}">{rest}</connections>', f"{TYPE}.connections+xml")
        self.relate("xl/workbook.xml", "connections", "connections.xml", "rId95")

    def properties(self) -> None:
        core = f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>wangli88</dc:creator><cp:lastModifiedBy>赵小改</cp:lastModifiedBy><dc:title>{self.at("title")}</dc:title><cp:keywords>制表人：秦小明</cp:keywords><dc:description>赵小改改过，{self.at("description")}</dc:description></cp:coreProperties>'
        self.parts["docProps/core.xml"] = (HEAD + core).encode()
        app = f'<Properties xmlns="{OFFICE.replace("application/vnd.", "http://schemas.")}"><Manager>冯小经</Manager><HyperlinkBase>C:\\Users\\zhoubo\\</HyperlinkBase><TitlesOfParts><lpstr>{NAME}的表</lpstr></TitlesOfParts></Properties>'
        self.parts["docProps/app.xml"] = (HEAD + app).encode()
        custom = f'<Properties xmlns="x"><property name="{NAME}"><lpwstr>{self.at("custom")}</lpwstr></property></Properties>'
        self.add("docProps/custom.xml", custom, f"{OFFICE}.custom-properties+xml")
        self.relate("", "custom-properties", "docProps/custom.xml", "rId90")
        self.add("docProps/thumbnail.wmf", self.at("thumbnail").encode("utf-16-le"))
        self.relate("", f"{PACKAGE}/relationships/metadata/thumbnail", "docProps/thumbnail.wmf", "rId91")
        self.change(
            "[Content_Types].xml",
            "</Types>",
            '<Default Extension="wmf" ContentType="image/x-wmf"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        )
        self.add("customXml/item1.xml", f"<b>{self.at('custom XML')}</b>")
        self.add(
            "customXml/itemProps1.xml",
            f'<ds:datastoreItem ds:itemID="{{5}}" xmlns:ds="urn:{self.phone("schema")}"/>',
            f"{OFFICE}.customXmlProperties+xml",
        )
        self.relate("xl/workbook.xml", "customXml", "../customXml/item1.xml", "rId96")
        self.relate("customXml/item1.xml", "customXmlProps", "itemProps1.xml", "rId1")

    def leftovers(self) -> None:
        """Earlier versions, tasks, parts that nothing leads to, an embedded file."""
        self.add(
            "xl/revisions/revisionHeaders.xml",
            f'<headers xmlns="{MAIN}" xmlns:r="{RELS}"><header userName="褚小修" r:id="rId1"/></headers>',
            f"{TYPE}.revisionHeaders+xml",
        )
        self.add(
            "xl/revisions/revisionLog1.xml",
            f'<revisions xmlns="{MAIN}"><rcc><nc r="A1" t="inlineStr"><is><t>{self.at("revision")}</t></is></nc></rcc></revisions>',
            f"{TYPE}.revisionLog+xml",
        )
        self.add(
            "xl/revisions/userNames.xml",
            f'<users xmlns="{MAIN}"><userInfo name="褚小修"/></users>',
            f"{TYPE}.userNames+xml",
        )
        self.relate("xl/workbook.xml", "revisionHeaders", "revisions/revisionHeaders.xml", "rId97")
        self.relate("xl/revisions/revisionHeaders.xml", "revisionLog", "revisionLog1.xml", "rId1")
        self.relate("xl/workbook.xml", "usernames", "revisions/userNames.xml", "rId98")
        self.add(
            "xl/documenttasks/documenttask1.xml",
            f'<Tasks xmlns="{MICROSOFT}/tasks/2019/documenttasks"><Task><Attribution userName="郑小任"/></Task></Tasks>',
            "application/vnd.ms-excel.documenttasks+xml",
        )
        self.relate(
            "xl/worksheets/sheet90.xml",
            f"{MICROSOFT}/2019/04/relationships/documenttask",
            "../documenttasks/documenttask1.xml",
            "rId10",
        )
        self.add("xl/old.xml", f"<a>{self.at('orphan')}</a>")
        self.add("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")
        self.relate("xl/worksheets/sheet90.xml", "oleObject", "../embeddings/oleObject1.bin", "rId11")


def with_shared_strings(blob: bytes) -> bytes:
    """The same as other programs save it: texts of cells in one table."""
    texts: list[str] = []

    def share(cell: re.Match[str]) -> str:
        texts.append(cell[2])
        return f'{cell[1]} t="s"><v>{len(texts) - 1}</v></c>'

    parts = dict(entries(blob))
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            pattern = r'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>'
            parts[name] = re.sub(pattern, share, parts[name].decode(), flags=re.DOTALL).encode()
    planting = _Planting(parts, Plants())
    content = "".join(f"<si>{each}</si>" for each in texts)
    planting.add("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{content}</sst>', f"{TYPE}.sharedStrings+xml")
    planting.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml", "rId91")
    return _packed(parts, b"")


def _packed(parts: dict[str, bytes], comment: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 4, 5, 6, 7, 8)), data)
        archive.comment = comment
    return buffer.getvalue()


def leaks(blob: bytes, secrets: dict[str, str]) -> list[str]:
    """Where a file holds one of these secrets: any part, read in every way that a reader might; what it says of it."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | {"(comment)": archive.comment}
    parts["(names)"] = "\n".join(parts).encode()
    return [
        f"{part}: {secret} ({place})"
        for part, data in parts.items()
        for read in [_readings(data)]
        for secret, place in secrets.items()
        if secret in read
    ]


def _readings(data: bytes) -> str:
    texts = [
        data.decode("utf-8", "ignore"),
        *(data[at:].decode(f"utf-16-{end}", "ignore") for at in (0, 1) for end in ("le", "be")),
    ]
    plain = html.unescape(texts[0])
    plain = unquote(re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), plain))
    bare = re.sub(r'&(?:"[^"]*"|[A-Z])', "", re.sub("<[^>]*>", "", plain))
    tight = "".join(bare.split())
    return "\n".join([*texts, plain, bare, tight])


def cells_changed(before: Workbook, after: Workbook) -> int:
    """How many cells show something else."""
    return sum(
        cell.text != after.cells(sheet)[ref].text
        for sheet in before.sheets
        for ref, cell in before.cells(sheet).items()
    )
