"""The families of `content/families/`, and one instance of one."""

from typing import TYPE_CHECKING

from bot.bank.problem import Problem

if TYPE_CHECKING:
    from content.families.registry import Family
    from content.schema import Item

_HOME = "content/families"


def families() -> tuple[dict[str, "Family"], tuple[Problem, ...]]:
    """Every family by id. A module that cannot be imported is a problem, not an end."""
    try:
        from content.families import registry  # noqa: PLC0415 -- imports every topic's module

        return {family.id: family for family in registry.load()}, ()
    except Exception:  # noqa: BLE001 -- a family module may fail in any way
        return _salvaged()


def _salvaged() -> tuple[dict[str, "Family"], tuple[Problem, ...]]:
    """The families of the modules that can be imported, one problem for each other one."""
    import importlib  # noqa: PLC0415 -- needed when something is broken
    import pkgutil  # noqa: PLC0415 -- the same

    import content.families  # noqa: PLC0415 -- the same

    found: dict[str, Family] = {}
    problems = []
    for name in sorted(module.name for module in pkgutil.iter_modules(content.families.__path__)):
        try:
            module = importlib.import_module(f"content.families.{name}")
        except Exception as error:  # noqa: BLE001 -- the same
            file, line = _origin(error)
            said = f"cannot be imported ({type(error).__name__}: {error})"
            problems.append(Problem(file, line, "", said, "Its families are left out: mend it."))
            continue
        family_type = importlib.import_module("content.families.registry").Family
        found |= {f.id: f for f in vars(module).values() if isinstance(f, family_type)}
    return dict(sorted(found.items())), tuple(problems)


def draft(family: "Family", seed: int, level: int | None = None) -> "Item":
    """One instance as its family drafts it, at the family's level nearest to `level`.

    Raises whatever the family raises.
    """
    import numpy as np  # noqa: PLC0415 -- costly, and a bank without families needs none

    wanted = family.level if level is None else level
    nearest = min(family.levels or (family.level,), key=lambda n: (abs(n - wanted), n))
    return family.make(np.random.default_rng(seed), nearest)


def place(family: "Family") -> tuple[str, int]:
    """The file and line where a family is written."""
    code = getattr(family.make, "__code__", None)
    if code is None:
        return _HOME, 1
    return _short(code.co_filename), code.co_firstlineno


def _origin(error: Exception) -> tuple[str, int]:
    if isinstance(error, SyntaxError) and error.filename:
        return _short(error.filename), error.lineno or 1
    frames = []
    trace = error.__traceback__
    while trace:
        frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    written = [(file, line) for file, line in frames if not file.startswith("<frozen")]
    ours = [(file, line) for file, line in written if _HOME in file.replace("\\", "/")]
    file, line = (ours or written or [(_HOME, 1)])[-1]
    return _short(file), line


def _short(file: str) -> str:
    before, found, after = file.replace("\\", "/").rpartition(_HOME)
    return f"{found}{after}" if found else before or after
