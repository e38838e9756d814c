"""What may be said of the lists of rules and derivations themselves."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from tests.places import DATA, ROOT
from xlperf import checks as checks_package
from xlperf import derive as derived_package
from xlperf.checks.catalog import CHECKS, rules_of
from xlperf.checks.rule import DOC_PARTS, Check, check, figures_of_rule
from xlperf.derive import DERIVATIONS
from xlperf.derive.derivation import Derivation, Parameter, derived
from xlperf.derive.engine import operand_key, plan, relations_of
from xlperf.docs import FAMILIES, rules_page
from xlperf.errors import UnknownNameError
from xlperf.form.forms import listed_forms, load_template
from xlperf.form.relations import Kind
from xlperf.form.sources import cite, sources
from xlperf.form.template import Template, row_key, split_row_key
from xlperf.labels.layouts import layouts
from xlperf.prose.words import Words

IDS = [rule.code for rule in CHECKS]
SHARED = {"seen", "cells", "record", *Words._fields} | {
    *("integrity", "previous", "project_forms", "approved", "monitoring", "approved_pairs", "monitoring_pairs"),
}
OF_RELATIONS = {"total", "parts", "derived", "apart"}
ROW_COUNTS = (("indicators", 3), ("project_special", 2))


def source_files(package: object) -> list[Path]:
    assert inspect.ismodule(package)
    folder = Path(str(package.__file__)).parent
    return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]


def decorated_with(function: ast.FunctionDef, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in function.decorator_list
    )


def codes_by_function() -> dict[str, str]:
    return {rule.function.__name__: rule.code for rule in CHECKS}


# --- identity ---------------------------------------------------------------------------------------------------------


def test_codes_are_unique_in_order_and_well_formed() -> None:
    assert sorted(set(IDS)) == IDS
    assert [code for code in IDS if not re.fullmatch(r"XLP[1-7]\d\d", code)] == []


def test_no_code_vanishes() -> None:
    """A code that was published is never removed or given to another rule: tests/codes.txt grows, and only grows."""
    committed = (ROOT / "tests" / "codes.txt").read_text("utf-8").split("\n")
    assert [f"{rule.code} {rule.slug}" for rule in CHECKS] == [line for line in committed if line]


@pytest.mark.parametrize("field", ["slug", "title", "title_en"])
def test_names_are_unique_and_not_empty(field: str) -> None:
    names = [getattr(rule, field) for rule in CHECKS]
    assert all(name.strip() for name in names)
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("rule", CHECKS, ids=IDS)
def test_slug_describes_the_fault(rule: Check) -> None:
    """Not the remedy, and not the act of looking."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.slug)
    assert not rule.slug.startswith(("avoid-", "check-", "use-", "ensure-", "no-", "test-", "verify-"))


@pytest.mark.parametrize("rule", CHECKS, ids=IDS)
def test_titles_are_in_their_language(rule: Check) -> None:
    assert re.search(r"[一-鿿]", rule.title)
    assert rule.title_en.isascii()


# --- documentation and sources ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", CHECKS, ids=IDS)
def test_rule_is_documented(rule: Check, template: Template) -> None:
    docs = rule.docs(template)
    assert tuple(docs) == DOC_PARTS
    assert all(docs.values())
    assert not [text for text in (rule.titled(template), *docs.values()) if re.search(r"\{[a-z]+\}", text)]
    assert (inspect.getdoc(rule.function) or "").partition("\n")[0].endswith("。")


@pytest.mark.parametrize("rule", CHECKS, ids=IDS)
def test_rule_cites_known_sources(rule: Check) -> None:
    assert rule.sources
    assert all(sources()[source.id] == source for source in rule.sources)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.name)
def test_derivation_is_documented_and_cited(derivation: Derivation) -> None:
    assert inspect.getdoc(derivation.function)
    assert sources()[derivation.source.id] == derivation.source


def test_unknown_citation_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="caiyu-1900-1"):
        cite("caiyu-1900-1")
    with pytest.raises(UnknownNameError, match="caiyu-1900-1"):
        check("XLP199", CHECKS[0].severity, "题", "title", cites="caiyu-1900-1")(lambda: iter(()))
    with pytest.raises(UnknownNameError, match="caiyu-1900-1"):
        derived("execution_rate", cites="caiyu-1900-1")(lambda: None)


def test_every_source_is_used(template: Template) -> None:
    """A document that nothing refers to was forgotten or misspelt."""
    cited = {source.id for rule in CHECKS for source in rule.sources} | {each.source.id for each in DERIVATIONS}
    cited |= {figure.source.id for variant in template.variants for figure in template.dated_figures(variant)}
    cited |= {each.source.id for each in every_form()} | {each.source.id for each in layouts()}
    assert set(sources()) == cited


def test_rules_page_names_everything(template: Template) -> None:
    text = rules_page(template)
    for rule in CHECKS:
        for words in (rule.code, rule.slug, rule.titled(template), rule.title_en, *rule.docs(template).values()):
            assert words in text
        for _, figure in figures_of_rule(rule, template):
            assert f"`{figure.name}`" in text
    assert {rule.code[3] for rule in CHECKS} <= set(FAMILIES)


# --- registration -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", source_files(checks_package), ids=lambda path: path.stem)
def test_every_rule_is_registered(path: Path) -> None:
    registered = {rule.function.__name__ for rule in CHECKS}
    for function in functions(path):
        if decorated_with(function, "check"):
            assert function.name in registered, f"{path.name}: {function.name} is in no module of CHECKS"
        elif not function.name.startswith("_"):
            assert "Mismatch]" not in ast.unparse(function.returns or ast.Constant(None)), (
                f"{path.name}: {function.name} looks like a rule and is not decorated"
            )


def test_nothing_is_registered_twice_or_from_elsewhere() -> None:
    written = [f.name for path in source_files(checks_package) for f in functions(path) if decorated_with(f, "check")]
    assert sorted(written) == sorted(codes_by_function())


@pytest.mark.parametrize("path", source_files(derived_package), ids=lambda path: path.stem)
def test_every_derivation_is_registered(path: Path) -> None:
    written = [function.name for function in functions(path) if decorated_with(function, "derived")]
    assert set(written) <= {derivation.name for derivation in DERIVATIONS}


# --- parameters -------------------------------------------------------------------------------------------------------


def stems_of(each: str | None, template: Template) -> list[str]:
    """What stands before the parameters of a rule that runs over a family or a table; once for a plain rule."""
    if each is None:
        return [""]
    if each.endswith("[]"):
        table = template.table(each.removesuffix("[]"))
        return [] if table is None else [row_key(table.key, 0, "")]
    return list(template.stems(each.removeprefix("*")))


def is_key(key: str, template: Template) -> bool:
    row = split_row_key(key)
    if row is not None:
        return row[0] in template.tables and row[2] in template.tables[row[0]].columns
    return key in template.fields


@cache
def every_form() -> tuple[Template, ...]:
    return tuple(listed_forms())


@cache
def shared_by(form: str) -> frozenset[str]:
    template = load_template(form)
    roles = (role.removeprefix("@") for role in template.roles)
    return frozenset((*SHARED, *roles, *template.figures_of(None)))


def unknown(stem: str, parameters: list[Parameter], template: Template) -> list[str]:
    known = shared_by(template.id)
    names = [parameter.name for parameter in parameters if parameter.name not in known]
    return [name for name in names if not is_key(operand_key(stem, name), template)]


@pytest.mark.parametrize("rule", CHECKS, ids=IDS)
def test_every_parameter_is_known(rule: Check, template: Template) -> None:
    parameters = list(rule.parameters)
    if own := [parameter for parameter in parameters if parameter.name in OF_RELATIONS]:
        assert unknown("", [each for each in parameters if each not in own], template) == []
        assert rule.relations or rule.each == "totals"
    elif rule.relations:
        assert unknown("", parameters, template) == []
    elif rule.each == "longest":
        assert unknown("", parameters, template) == []
        assert any(layout.longest for layout in layouts())
    else:
        # A family rule skips members that lack an operand, so it has to match at least one.
        # A rule on what this form does not have is one of another form; what may be absent may be of yet another.
        forms = [template, *every_form()]
        asked = [[each for each in parameters if not each.may_be_absent], *([each] for each in parameters)]
        for each in asked:
            assert any(unknown(stem, each, form) == [] for form in forms for stem in stems_of(rule.each, form)), each


@pytest.mark.parametrize("rule", [rule for rule in CHECKS if rule.of is not None], ids=lambda rule: rule.code)
def test_narrowed_rule_matches_something(rule: Check, template: Template) -> None:
    relations = relations_of(template)
    assert any(rule.is_of(each) if rule.relations else rule.of is None or rule.of(each) for each in relations)


@pytest.mark.parametrize("rule", [rule for rule in CHECKS if rule.relations], ids=lambda rule: rule.code)
def test_every_rule_of_relations_has_one_in_some_form(rule: Check) -> None:
    assert any(rule in rules_of(relation) for form in every_form() for relation in relations_of(form))


@pytest.mark.parametrize("form", every_form(), ids=lambda form: form.id)
def test_every_relation_has_a_rule_that_reports_it(form: Template) -> None:
    """But for the words and points of single indicators, which are a person's to give."""
    told = {relation.kind for relation in relations_of(form) if not rules_of(relation)}
    assert told <= {Kind.WORD, Kind.PRODUCT}


# --- derived cells ----------------------------------------------------------------------------------------------------


def test_every_derived_field_is_computed_and_nothing_else(template: Template) -> None:
    computed = {step.key for step in plan(template, ROW_COUNTS)}
    wanted = {key for key, field in template.fields.items() if field.derived}
    proposals = {row_key("indicators", index, "score") for index in range(3)}  # for blank cells only
    assert computed == wanted | proposals


def test_every_derivation_computes_something(template: Template) -> None:
    """In one of the forms, or in one of somebody's own whose rows have rates."""
    forms = [template, *every_form(), load_template(str(DATA / "own_department.toml"))]
    plans = [plan(form, tuple((table, 1) for table in form.tables)) for form in forms]
    used = {choice.derivation for steps in plans for step in steps for choice in step.choices}
    assert [derivation.name for derivation in DERIVATIONS if derivation not in used] == []


def test_operands_come_before_what_is_computed_from_them(template: Template) -> None:
    place = {step.key: index for index, step in enumerate(plan(template, ROW_COUNTS))}
    for key, index in place.items():
        step = plan(template, ROW_COUNTS)[index]
        for choice in step.choices:
            late = [operand for operand in choice.operands if place.get(operand, -1) >= index]
            assert late == [], key
