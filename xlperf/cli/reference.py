"""The commands that look things up: rules, variants, and what one rule says."""

from __future__ import annotations

import click

from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say, say_all, say_json
from xlperf.errors import UnknownNameError

_format = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出形式。")


@click.command(short_help="列出审核规则")
@_format
@click.option("--template", "template_id", metavar="ID", help="哪一种表的规则；默认第一种。")
def rules(form: str, template_id: str | None) -> None:
    """列出全部审核规则；不适用的，注明表里缺少它要用的哪些格子。"""
    from xlperf.audit.applicable import lacking_of
    from xlperf.checks.catalog import CHECKS
    from xlperf.cli.printed import rule_json
    from xlperf.form.forms import default_template, load_template

    template = load_template(template_id) if template_id is not None else default_template()
    lacking = {rule.code: lacking_of(rule, template) for rule in CHECKS}
    if form == "json":
        told = ({"applicable": not lacking[rule.code], "lacking": lacking[rule.code]} for rule in CHECKS)
        say_json([rule_json(rule, template) | each for rule, each in zip(CHECKS, told, strict=True)])
        return
    for rule in CHECKS:
        aside = f"  不适用：表里没有 {'、'.join(lacking[rule.code])}" if lacking[rule.code] else ""
        say(f"{rule.code}  {rule.severity.text}  {rule.titled(template)}  ({rule.slug}){aside}")
    tell_next("rules")


@click.command(short_help="列出评分口径")
@_format
def variants(form: str) -> None:
    """列出全部评分口径：与默认口径不同的数值、出处和证据情况。"""
    from xlperf.cli.variants import variant_lines, variants_json
    from xlperf.form.forms import default_template

    template = default_template()
    if form == "json":
        say_json(variants_json(template))
    else:
        say_all(variant_lines(template))
        tell_next("variants")


@click.command(short_help="解释一条规则")
@click.argument("name", metavar="CODE|NAME")
def explain(name: str) -> None:
    """说明一条规则为何存在、怎样改、依据是什么。"""
    from xlperf.checks.catalog import CHECKS
    from xlperf.cli.printed import rule_lines
    from xlperf.form.forms import default_template

    template, wanted = default_template(), name.strip().lower()
    rule = next((each for each in CHECKS if wanted in (each.code.lower(), each.slug, each.titled(template))), None)
    if rule is None:
        raise UnknownNameError(f"没有规则“{name}”。用 xlperf rules 查看全部规则。")
    say_all(rule_lines(rule, template))
    tell_next("explain")
