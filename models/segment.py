"""Arabic sentence segmentation, with offsets into the untouched original."""

from __future__ import annotations

from models.normalize import has_arabic, normalize, scripts

__all__ = ["VERSION", "has_arabic", "normalize", "scripts"]

VERSION = "1"  # goes into every signature: raise it with any change of what is split or normalised
