"""The laws of the house: imports go down, each library has one home, files and functions stay small."""

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted([*(ROOT / "ivr").rglob("*.py"), *(ROOT / "audio").rglob("*.py"), ROOT / "wsgi.py"])
TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
FORBIDDEN_NAMES = re.compile(r"(?:^|_)(managers?|services?|helpers?|utils?|common|handlers?|data|info|process)(?:_|$)")

WORDS = {
    f"ivr.{name}"
    for name in (
        "clock",
        "errors",
        "folding",
        "hours",
        "keywords",
        "languages",
        "message_segments",
        "phone_numbers",
        "phrases",
        "plain_text",
        "ringing",
        "roles",
        "setting_values",
        "settings",
        "spreadsheets",
        "tokens",
        "translating",
        "translations",
    )
}
HOMES = {
    "sqlite_utils": ("ivr.store",),
    "sqlite3": ("ivr.store",),
    "pysqlite3": ("ivr.store",),
    "twilio": ("ivr.carrier", "ivr.simulator"),
    "flask": ("ivr.web", "ivr.simulator", "ivr"),
    "pydub": ("audio",),
    "click": ("ivr.cli",),
    "phonenumbers": ("ivr.phone_numbers",),
}


def name_of(path: Path) -> str:
    """A file's module name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in CODE}


def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, deferred imports too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module


def floor_of(module: str) -> str:
    """On which floor a module lives."""
    for floor in ("store", "carrier", "web", "simulator", "cli"):
        if module == f"ivr.{floor}" or module.startswith(f"ivr.{floor}."):
            return floor
    if module == "audio" or module.startswith("audio."):
        return "audio"
    if module in WORDS:
        return "words"
    return "top" if module in {"ivr", "wsgi", "ivr.serving"} else "rules"


BELOW = {
    "words": {"words"},
    "audio": {"audio"},
    "store": {"store", "words"},
    "carrier": {"carrier", "words"},
    "rules": {"rules", "store", "carrier", "audio", "words"},
    "web": {"web", "rules", "store", "carrier", "words"},
    "simulator": {"simulator", "words"},
    "top": {"top", "web", "rules", "words"},
    "cli": {"cli", "simulator", "top", "rules", "store", "carrier", "audio", "words"},
}


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    allowed = BELOW[floor_of(module)]
    wrong = [found for found in imports(MODULES[module]) if found in MODULES and floor_of(found) not in allowed]
    assert not wrong, f"{module} imports {wrong}"


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {
        module: {found for found in imports(path) if found in MODULES and found != module}
        for module, path in MODULES.items()
    }
    assert list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("module", MODULES)
def test_each_library_is_imported_at_its_home_only(module: str) -> None:
    wrong = [
        found
        for found in imports(MODULES[module])
        for library, homes in HOMES.items()
        if found.split(".")[0] == library
        and not any(module == home or (home != "ivr" and module.startswith(home + ".")) for home in homes)
    ]
    assert not wrong, f"{module} imports {wrong}"


def test_the_simulator_signs_with_the_validator_and_uses_nothing_else_of_twilio() -> None:
    used = {
        found
        for module, path in MODULES.items()
        if floor_of(module) == "simulator"
        for found in imports(path)
        if found.startswith("twilio")
    }
    assert used <= {"twilio.request_validator"}


@pytest.mark.parametrize("path", [path for path in CODE if "store" not in path.parts], ids=name_of)
def test_sql_is_written_in_the_store_only(path: Path) -> None:
    found = [
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"\s*(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA)\b", node.value)
    ]
    assert not found


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=name_of)
def test_every_module_opens_by_saying_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_what_others_use_says_what_it_means(path: Path) -> None:
    outer = [node for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    public = [one for one in outer if not one.name.startswith("_")]
    methods = [node for one in public if isinstance(one, ast.ClassDef) for node in one.body]
    public += [node for node in methods if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    setters = {id(node) for node in public if any("setter" in ast.unparse(mark) for mark in node.decorator_list)}
    assert not [node.name for node in public if not ast.get_docstring(node) and id(node) not in setters]


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=name_of)
def test_files_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_functions_are_short_and_flat(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40 + documented(node), node.name
            assert depth(node) < 4, node.name


def documented(node: ast.FunctionDef) -> int:
    """Lines of a function's docstring."""
    first = node.body[0]
    return (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0


def depth(node: ast.AST) -> int:
    """How deep blocks are nested in a function."""
    blocks = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match)
    below = max((depth(child) for child in ast.iter_child_nodes(node)), default=0)
    chained = isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
    return below + (isinstance(node, blocks) and not chained)


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_name_says_nothing(path: Path) -> None:
    names = {path.stem} | {
        node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert not [name for name in names if FORBIDDEN_NAMES.search(name.lower())]


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_read_from_the_environment_at_import(module: str) -> None:
    if module in {"wsgi", "ivr.serving"}:  # what gunicorn loads: they are the start
        return
    top = [node for node in tree(MODULES[module]).body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    reads = [ast.unparse(node) for node in top if re.search(r"os\.(environ|getenv)", ast.unparse(node))]
    assert not reads
