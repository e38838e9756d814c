"""What forms and layouts are known: the commands that list them, and what is said of the one that was recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say, say_json
from xlperf.form.template import Template

if TYPE_CHECKING:
    from xlperf.labels.layouts import Layout

_format = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出形式。")


def tell_layout(template: Template) -> None:
    """Say by which layout a form was read that is none of our workbooks."""
    from xlperf.labels.layouts import layout_called

    if template.layout:
        said = f"按《{layout_called(template.layout).title}》式样读取；换一种：--layout（xlperf layouts 列出全部）。"
    else:
        said = "没有对上已知的式样，按表头的字词读取；指定一种：--layout（xlperf layouts 列出全部）。"
    say(said, err=True)


@click.command("layouts", short_help="列出表的式样")
@_format
def layouts_command(form: str) -> None:
    """列出认得的各地式样：凭哪些表头认出，按哪种表读取，用什么口径。"""
    from xlperf.labels.layouts import layouts

    if form == "json":
        say_json([_layout_json(each) for each in layouts()])
        return
    for each in layouts():
        variant = f"  口径 {each.variant}" if each.variant else ""
        say(f"{each.id}  {each.title}（{each.place}）{variant}")
    tell_next("layouts")


def _layout_json(layout: Layout) -> dict[str, Any]:
    return {
        "id": layout.id,
        "title": layout.title,
        "place": layout.place,
        "form": layout.form,
        "variant": layout.variant or None,
        "required": list(layout.required),
        "source": layout.source.reference,
    }


@click.command("forms", short_help="列出认得的表")
@_format
def forms_command(form: str) -> None:
    """列出全部表：能用 new 新建的，和只在别人的文件里认出、在原处审核的。"""
    from xlperf.form.forms import elsewhere_ids, form_ids, load_template

    listed = [load_template(each) for each in dict.fromkeys((*form_ids(), *elsewhere_ids()))]
    if form == "json":
        say_json(
            [
                {"id": each.id, "title": each.title, "edition": each.edition, "new": each.id in form_ids()}
                for each in listed
            ]
        )
        return
    for each in listed:
        say(f"{each.id}  {each.title}（{each.edition}）{'' if each.id in form_ids() else '  只在原处审核，不能新建'}")
    tell_next("forms")
