"""Static files get a name after their content, so that a browser may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

_stylesheets, *_ = CompressedManifestStaticFilesStorage.patterns
_aggregated = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class KringStaticStorage(CompressedManifestStaticFilesStorage):
    """Hash the `import` lines between our own modules (static/js) too; files of packages stay as they came."""

    patterns = (_stylesheets, ("js/*.js", _aggregated[1]))
