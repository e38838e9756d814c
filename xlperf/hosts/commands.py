"""What can be done to a workbook that is open: one list, for the buttons of Excel, the menu of Calc and scripts.

Nothing heavy is imported here: a menu is shown long before a command is given.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command: its name, what stands on its button and in the menu, the button's colour.

    `question` is asked first; its answers are 是, 否, 取消. `writes_file`: it makes a file beside the workbook, which
    xlwings Lite cannot. `walks`: it writes nothing and goes to a cell. `key`: of the keyboard in Calc, as LibreOffice
    calls it.
    """

    name: str
    title: str
    color: str
    help: str
    question: str = ""
    writes_file: bool = False
    walks: bool = False
    key: str = ""

    @property
    def macro(self) -> str:
        """The script that a button runs."""
        return f"{self.name}_book"


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
    Command("freeze", "冻结", "548235", "把公式固定为数值。"),
    Command("hand_in", "上报本", "7030A0", "在旁边另存一份可以直接交的上报本，这份工作簿不动。", writes_file=True),
)
HINT = "第一次使用，先在“xlwings”选项卡点 Import Functions。"
SIGNS = (*(f'"[0]!{each.macro}"' for each in COMMANDS), HINT)
"""What the shapes of buttons have in them, as the file says it: by these they are known."""
