"""Hostile lines: our own, and where it lies beside the repository, a corpus of others."""

from pathlib import Path
from typing import NamedTuple

OURS = Path(__file__).parent / "hostile.txt"
THEIRS = Path(__file__).parents[2] / "shared" / "attacks.txt"

LAYERS = ("gate", "limits", "jail")


class Line(NamedTuple):
    """A line of a corpus: its class, the layers of which one has to stop it, and its source."""

    group: str
    expect: frozenset[str]
    source: str

    @property
    def steps(self) -> bool:
        """Whether it is a function."""
        return self.source.startswith("def solve")


def read(path: Path) -> list[Line]:
    r"""The lines of a corpus; `\n` stands for a newline within one."""
    group, expect = "", frozenset[str]()
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# class:"):
            group, _, said = line.removeprefix("# class:").partition("| expect:")
            words = said.replace("(", " ").replace(")", " ").replace(";", " ").split()
            layers = [word for word in (*LAYERS, "verdict", "contain") if word in words]
            expect = frozenset(layers)
        elif line and not line.startswith("#"):
            found.append(Line(group.strip(), expect, line.replace("\\n", "\n")))
    return found


def corpus() -> list[Line]:
    """All lines there are."""
    return [*read(OURS), *(read(THEIRS) if THEIRS.is_file() else [])]
