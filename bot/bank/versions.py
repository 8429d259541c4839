"""Which NumPy runs here, found without importing it, and which ranges hold it."""

import re
import sys
from pathlib import Path

from bot.bank.problem import Fault

DEFAULT = ">=2.0"
_SIMPLE = re.compile(r">=\s*(\d+)\.(\d+)")
_VERSION = re.compile(r"^version = \"([^\"]+)\"", re.MULTILINE)


def running_numpy() -> str:
    """The version of NumPy that `import numpy` gives."""
    loaded = getattr(sys.modules.get("numpy"), "__version__", None)
    if isinstance(loaded, str):
        return loaded
    from importlib.util import find_spec  # noqa: PLC0415 -- needed for few banks

    spec = find_spec("numpy")
    if spec and spec.origin:
        file = Path(spec.origin).with_name("version.py")
        found = _VERSION.search(file.read_text(encoding="utf-8")) if file.is_file() else None
        if found:
            return found[1]
    from importlib.metadata import version  # noqa: PLC0415 -- slow, the way of last resort

    return version("numpy")


def minor(version: str) -> str:
    """`2.4` of `2.4.6`, the name of a version in the lock file."""
    return ".".join(version.split(".")[:2])


def fits(wanted: str, version: str) -> bool:
    """Whether a range such as `>=2.3` holds a version. Raises `Fault` for what is no range."""
    simple = _SIMPLE.fullmatch(wanted.strip())
    if simple:
        major_minor = version.split(".")[:2]
        if all(part.isdigit() for part in major_minor):
            return tuple(map(int, major_minor)) >= (int(simple[1]), int(simple[2]))
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 -- slow, rare

    try:
        return SpecifierSet(wanted).contains(version, prereleases=True)
    except InvalidSpecifier:
        raise Fault(
            "numpy", f"`{wanted}` is no range of versions", 'Write something like numpy = ">=2.0".'
        ) from None
