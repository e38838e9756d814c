"""Build the extension (.oxt): functions and menu, the package, the types and the function wizard's texts.

The same bytes each time: entries in order of name, a fixed date, no compression that depends on the zlib at hand.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from xlperf import __version__
from xlperf.form.written import templates_folder
from xlperf.udf.calc_menu import HANDLER, HANDLER_SERVICE, accelerators, addons, protocol_handler, toolbar
from xlperf.udf.calc_types import RANGE, TABLE, TEXT, VALUE, Method, interface_types
from xlperf.udf.calc_xcu import XML, branch, component_data, node, prop, text
from xlperf.udf.registry import CATEGORY, FUNCTIONS, Argument, Function

IDENTIFIER = "org.xlperf.calc"
SERVICE = f"{IDENTIFIER}.Functions"
IMPLEMENTATION = f"{IDENTIFIER}.FunctionsImplementation"
INTERFACE = f"{IDENTIFIER}.XFunctions"
# Files that LibreOffice loads: name in the extension, source, implementation and service.
_COMPONENTS = (
    ("xlperf_addin.py", "calc_component.py", IMPLEMENTATION, SERVICE),
    ("xlperf_menu.py", "calc_handler.py", HANDLER, HANDLER_SERVICE),
)
# Pure Python that new workbooks, .xls and Chinese numerals need.
_LIBRARIES = ("openpyxl", "et_xmlfile", "xlrd", "cn2an", "proces")
# What works through xlwings: nothing in Calc needs it. Templates come on their own.
_LEFT_OUT = (
    *("cli/", "docs.py", "report/skeleton.py", "workbook_templates/"),
    *(f"udf/{name}.py" for name in ("addin", "buttons", "excel", "install", "lite", "runpython", "scripts")),
)


def method_name(function: Function) -> str:
    """The UNO method of a function: perfGrowthRate.

    One, for the wizard lists every method. Calc knows a function by one name in files, the one that Excel writes.
    """
    return _camel(function.name)


def _camel(name: str) -> str:
    """UNO allows no underscores."""
    first, *others = name.lower().split("_")
    return first + "".join(map(str.capitalize, others))


def result_kind(function: Function) -> str:
    """Calc takes rows back as a table; but a text out of a table never equals the same text, which a grade has to."""
    return TABLE if function.name == "PERF_CHECK" else VALUE


def argument_kind(argument: Argument) -> str:
    """How Calc hands an argument in.

    As cells where it is an area: they alone tell blank from 0 and the format of a number, and Calc takes nothing else.
    As text where it is one figure or word: blank is "" and 0 is "0", and something typed or computed will do as well;
    of a range Calc then takes the cell in the same row, or in an array formula one after the other. What may be left
    out must be a value; a blank cell is 0 there, and since it is never 0, that counts as blank.
    """
    if argument.optional:
        return VALUE
    return RANGE if argument.name == "area" else TEXT


def argument_name(argument: Argument) -> str:
    """As the function wizard shows it."""
    return f"{argument.label}（可不填）" if argument.optional else argument.label


def extension() -> bytes:
    """The whole .oxt."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(_entries()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def _entries() -> Iterator[tuple[str, bytes]]:
    yield "META-INF/manifest.xml", _manifest().encode()
    yield "description.xml", _description().encode()
    for name, content in _configuration().items():
        yield name, content.encode()
    yield "xlperf.components", _components().encode()
    yield "xlperf.rdb", interface_types(INTERFACE, list(_methods()))
    for name, source, *_ in _COMPONENTS:
        yield name, Path(__file__).with_name(source).read_bytes()
    package = Path(__file__).parents[1]
    for path in package.rglob("*"):
        inside = path.relative_to(package).as_posix()
        if path.suffix in (".py", ".toml") and not inside.startswith(_LEFT_OUT):
            yield f"pythonpath/xlperf/{inside}", path.read_bytes()
    for name in _LIBRARIES:
        yield from _library(name)
    for path in (each for each in templates_folder().iterdir() if each.suffix in (".toml", ".xlsx", ".docx")):
        yield f"pythonpath/xlperf/workbook_templates/{path.name}", path.read_bytes()


def _library(name: str) -> Iterator[tuple[str, bytes]]:
    """A library of others as it is installed here, with its licence."""
    for each in metadata.distribution(name).files or ():
        is_licence = each.name.upper().startswith(("LICENSE", "LICENCE"))
        is_module = each.parts[0] == name and each.suffix == ".py" and not each.name.endswith("_test.py")
        if is_module or is_licence:
            inside = f"{name}/{each.name}" if is_licence else each.as_posix()
            yield f"pythonpath/{inside}", each.read_binary()


def _methods() -> Iterator[Method]:
    for function in FUNCTIONS:
        arguments = [(_camel(each.name), argument_kind(each)) for each in function.arguments]
        yield method_name(function), result_kind(function), arguments


def _configuration() -> dict[str, str]:
    return {
        "CalcAddIns.xcu": _functions(),
        "Addons.xcu": addons(),
        "ProtocolHandler.xcu": protocol_handler(),
        "CalcWindowState.xcu": toolbar(),
        "Accelerators.xcu": accelerators(),
    }


def _manifest() -> str:
    kinds = {
        "xlperf.rdb": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "xlperf.components": "application/vnd.sun.star.uno-components",
    } | dict.fromkeys(_configuration(), "application/vnd.sun.star.configuration-data")
    entries = "".join(
        f' <manifest:file-entry manifest:media-type="{kind}" manifest:full-path="{path}"/>\n'
        for path, kind in kinds.items()
    )
    head = '<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n'
    return f"{XML}{head}{entries}</manifest:manifest>\n"


def _description() -> str:
    return f"""{XML}<description xmlns="http://openoffice.org/extensions/description/2006"
 xmlns:d="http://openoffice.org/extensions/description/2006"
 xmlns:l="http://libreoffice.org/extensions/description/2011">
 <identifier value="{IDENTIFIER}"/>
 <version value="{__version__}"/>
 <display-name>
  <name lang="zh-CN">xlperf {CATEGORY}函数</name>
  <name lang="en">xlperf performance self-evaluation functions</name>
 </display-name>
 <dependencies>
  <l:LibreOffice-minimal-version value="25.2" d:name="LibreOffice 25.2"/>
 </dependencies>
</description>
"""


def _components() -> str:
    entries = "".join(
        f""" <component loader="com.sun.star.loader.Python" uri="./{file}">
  <implementation name="{implementation}">
   <service name="{service}"/>
  </implementation>
 </component>
"""
        for file, _, implementation, service in _COMPONENTS
    )
    return f'{XML}<components xmlns="http://openoffice.org/2010/uno-components">\n{entries}</components>\n'


def _functions() -> str:
    """CalcAddIns.xcu: names and help, and the names under which files store the functions.

    Calc has a fixed list of categories, and takes any other for Add-In.
    """
    entries = "".join(map(_function, FUNCTIONS))
    return component_data("CalcAddIns", branch("AddInInfo", node(SERVICE, branch("AddInFunctions", entries))))


def _function(function: Function) -> str:
    parameters = "".join(
        node(_camel(each.name), text("DisplayName", argument_name(each)) + text("Description", each.help))
        for each in function.arguments
    )
    texts = text("DisplayName", function.name) + text("Description", function.help)
    texts += text("CompatibilityName", function.name)
    return node(method_name(function), f"{texts}{prop('Category', 'Add-In')}{branch('Parameters', parameters)}")
