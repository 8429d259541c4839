"""The exception classes of Python and NumPy, and how people spell them."""

import builtins

PARENTS: dict[str, tuple[str, ...]] = {
    name: tuple(parent.__name__ for parent in kind.__mro__[1:-1])
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
_VALUE = ("ValueError", *PARENTS["ValueError"])
_TYPE = ("TypeError", *PARENTS["TypeError"])
_WARNING = ("UserWarning", *PARENTS["UserWarning"])
PARENTS |= {
    "AxisError": ("ValueError", "IndexError", "LookupError", "Exception", "BaseException"),
    "LinAlgError": _VALUE,
    "UFuncTypeError": _TYPE,
    "DTypePromotionError": _TYPE,
    "TooHardError": ("RuntimeError", *PARENTS["RuntimeError"]),
    "MAError": ("Exception", "BaseException"),
    "MaskError": ("MAError", "Exception", "BaseException"),
    "ComplexWarning": ("RuntimeWarning", *PARENTS["RuntimeWarning"]),
    "RankWarning": ("RuntimeWarning", *PARENTS["RuntimeWarning"]),
    "VisibleDeprecationWarning": _WARNING,
    "ModuleDeprecationWarning": ("DeprecationWarning", *PARENTS["DeprecationWarning"]),
}
VAGUE = frozenset({"Exception", "BaseException", "Warning"})
"""Classes that say next to nothing about what is raised."""

_SPELLINGS = {name.lower(): name for name in PARENTS} | {
    "broadcasterror": "ValueError",
    "broadcastingerror": "ValueError",
    "ioerror": "OSError",
    "environmenterror": "OSError",
    "ufuncnolooperror": "UFuncTypeError",
    "ufuncoutputcastingerror": "UFuncTypeError",
    "ufuncinputcastingerror": "UFuncTypeError",
    "ufuncbinaryresolutionerror": "UFuncTypeError",
    "ufunccastingerror": "UFuncTypeError",
    "arraymemoryerror": "MemoryError",
    "zerodivision": "ZeroDivisionError",
    "linalg": "LinAlgError",
}


def class_of(word: str) -> str:
    """The exception class that a word names, however it is written, else an empty string."""
    plain = word.rpartition(".")[2].replace("_", "").replace("-", "").replace(" ", "").lower()
    if plain.endswith("errors"):
        plain = plain[:-1]
    return _SPELLINGS.get(plain, "")


def is_a(name: str, parent: str) -> bool:
    """Whether one class is the other or derives from it."""
    return name == parent or parent in PARENTS.get(name, ())
