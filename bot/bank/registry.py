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
    except Exception as error:  # noqa: BLE001 -- a family module may fail in any way
        file, line = _origin(error)
        said = f"the families cannot be imported ({type(error).__name__}: {error})"
        return {}, (Problem(file, line, "", said, "Mend the module that it names."),)


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
    file, line, trace = _HOME, 1, error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if _HOME in name.replace("\\", "/"):
            file, line = _short(name), trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _short(file: str) -> str:
    before, found, after = file.replace("\\", "/").rpartition(_HOME)
    return f"{found}{after}" if found else before or after
