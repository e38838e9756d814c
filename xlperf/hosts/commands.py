"""What can be done to a workbook that is open: one list, for the buttons of Excel, the menu of Calc and scripts.

Nothing heavy is imported here: a menu is shown long before a command is given.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command: its name, what stands on its button and in the menu, the button's colour.

    `question` is asked first; its answers are 是, 否, 取消. `writes_file`: it makes a file beside the workbook, and
    `changes_rows`: it inserts or deletes rows, which xlwings Lite cannot. `asks_file`: one is chosen first, under this
    title. `walks`: it writes nothing and goes to a cell. `key`: of the keyboard in Calc, as LibreOffice calls it.
    `group`: of the menu. `is_main`: it has a button on the sheets and in the toolbar.
    """

    name: str
    title: str
    color: str
    help: str
    question: str = ""
    writes_file: bool = False
    changes_rows: bool = False
    asks_file: str = ""
    walks: bool = False
    key: str = ""
    group: int = 1
    is_main: bool = True

    @property
    def macro(self) -> str:
        """The script that a button runs."""
        return f"{self.name}_book"

    @property
    def is_for_lite(self) -> bool:
        """Can it be done in xlwings Lite?"""
        return not (self.writes_file or self.changes_rows or self.asks_file)


_KEEP = (
    "清除审核留下的底色、批注和“审核结果”。写好的审核说明要不要留着？\n"
    "是：留在“审核结果”里，下次审核接着用　　否：一起清除　　取消：什么也不做"
)
COMMANDS = (
    Command("fill", "填充", "2E75B6", "算出并填入计算项。"),
    Command("check", "审核", "C00000", "逐格核对，把结果标在表里。"),
    Command("next", "下一处", "BF8F00", "到审核结果的下一处，看哪里不对、怎样处理。", walks=True, key="F3"),
    Command("previous", "上一处", "BF8F00", "到审核结果的上一处。", walks=True, key="F3_SHIFT_MOD1"),
    Command("clear", "清除", "7F7F7F", "去掉审核留下的标记。", _KEEP),
    Command(
        "add_indicator",
        "增加指标行",
        "BF8F00",
        "在光标所在的指标下面增加一行，格式、合并和合计一起带好。",
        changes_rows=True,
        group=2,
    ),
    Command(
        "add_project",
        "增加专项行",
        "BF8F00",
        "在光标所在的专项下面增加一行。",
        changes_rows=True,
        group=2,
        is_main=False,
    ),
    Command(
        "drop_placeholders",
        "删除占位行",
        "BF8F00",
        "删去只有“……”或全空的行；印有指标类别的行留着。",
        changes_rows=True,
        group=2,
        is_main=False,
    ),
    Command("freeze", "冻结", "548235", "把公式固定为数值。", group=3, is_main=False),
    Command(
        "hand_in", "上报本", "7030A0", "在旁边另存一份可以直接交的上报本，这份工作簿不动。", writes_file=True, group=3
    ),
    Command(
        "report", "生成报告", "7030A0", "在旁边写出自评报告（.docx），没有写好的段落标出。", writes_file=True, group=3
    ),
    Command(
        "next_year",
        "下一年",
        "7030A0",
        "在旁边新建下一年的工作簿：决算数成为上年数，指标和文字作为草稿带过去。",
        writes_file=True,
        group=3,
        is_main=False,
    ),
    Command(
        "import",
        "导入",
        "44546A",
        "选一份已有的表或报告，在它旁边导入成新的工作簿。",
        writes_file=True,
        asks_file="选择要导入的表或报告",
        group=4,
        is_main=False,
    ),
    Command(
        "compare",
        "对照报告",
        "44546A",
        "选一份自评报告，与这份工作簿逐句核对，不符的列在“报告对照”里。",
        asks_file="选择要对照的自评报告",
        group=4,
        is_main=False,
    ),
    Command("help", "帮助", "7F7F7F", "说明每个命令做什么。", group=5, is_main=False),
)
HINT = "第一次使用，先在“xlwings”选项卡点 Import Functions。"
SIGNS = (*(f'"[0]!{each.macro}"' for each in COMMANDS), HINT)
"""What the shapes of buttons have in them, as the file says it: by these they are known."""


def help_text(*, is_lite: bool = False) -> str:
    """One line for each command, and where more is written; in xlwings Lite also which commands it has not."""
    lines = [f"{each.title}　{each.help}" for each in COMMANDS if each.is_for_lite or not is_lite]
    others = "、".join(each.title for each in COMMANDS if not each.is_for_lite)
    more = (
        *([f"xlwings Lite 不能增删行、不能读写别的文件，这里没有：{others}。请用 Excel 加载项或 Calc。"] * is_lite),
        "每条审核意见的依据和改法写在“审核结果”的“建议”“依据”两栏；各格填什么，选中那一格就有提示，另见“填表说明”表。",
    )
    return "\n".join([*lines, "", *more])
