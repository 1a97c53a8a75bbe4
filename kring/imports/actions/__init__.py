"""What one can do with a roster: read it in, say what its year codes mean, apply it, put it aside."""

from kring.imports.actions.applying import AsksAgain, apply_import
from kring.imports.actions.reading import Upload, cancel_import, expire_imports, preview_import, set_levels

__all__ = [
    "AsksAgain",
    "Upload",
    "apply_import",
    "cancel_import",
    "expire_imports",
    "preview_import",
    "set_levels",
]
