"""Reads what stands for a dtype: allowed where a dtype belongs, and nowhere else."""

import ast

from bot.sandbox import vocabulary as words
from bot.sandbox.reading import Reading
from bot.sandbox.syntax import dotted, is_opaque


class Dtypes(Reading):
    """An array of dtypes, or of what they tell, would be one of objects, or of any letters."""

    def _opaque(self, node: ast.expr) -> bool:
        """Read what stands for a dtype or tells of one; false, and nothing read, for all else."""
        if not is_opaque(node):
            return False
        if isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Attribute):
            self._allow(node, ".dtype")
            self.value(node.value)
        return True

    def _of_dtype(self, node: ast.expr) -> bool:
        """Read what a dtype tells, such as its kind; false, and nothing read, for all else."""
        match node:
            case ast.Attribute(value=value, attr=name) if name in words.OF_DTYPE and is_opaque(
                value
            ):
                return self._opaque(value)
        return False

    def _dtype(self, node: ast.expr) -> None:
        """Read what stands where a dtype belongs."""
        if self._opaque(node):
            return
        match node:
            case ast.Name(id=name) if name in words.TYPES and name not in self.known:
                self._allow(node, name)
            case ast.Attribute() if (dotted(node) or "")[3:] in words.DTYPES:
                self._allow(node, str(dotted(node)))
            case ast.Constant(value=str() as text) if text in words.DTYPE_STRINGS:
                pass
            case ast.Constant(value=None):
                pass
            case _:
                self.refuse(node, "Here a dtype belongs, such as `float` or `np.int64`.")

    def _either(self, node: ast.expr) -> None:
        """Read an argument that is a dtype, an input or a number: nothing put together."""
        known = (
            isinstance(node, ast.Name)
            and node.id in self.rules.inputs
            and node.id not in self.assigned
        )
        if known or (isinstance(node, ast.Constant) and isinstance(node.value, int | float)):
            self.value(node)
        else:
            self._dtype(node)
