"""What a sender writes as an article's language in, the tag that it means out: BCP 47, or nothing that can be told."""

from __future__ import annotations

import re

from pipeline.contract.field_types import is_language_tag

# ISO 639-1, with the withdrawn codes that are still sent; but "in" is India. Nor are "us" and "gb" languages.
_ALPHA_2 = re.compile(
    r"a[abefkmnrsvyz]|b[aeghimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]|h[aeiortuyz]|"
    r"i[adegikostuw]|j[aivw]|k[agijklmnorsuvwy]|l[abginotuv]|m[ghiklnorsty]|n[abdeglnorvy]|o[cjmrs]|p[ailst]|qu|"
    r"r[mnouw]|s[acdeghiklmnoqrstuvw]|t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|xh|y[io]|z[ahu]"
)
# Countries with news in English whose codes are also those of languages; the first ones are hardly sent for these.
_COUNTRIES = re.compile(r"(?i:usa|gbr|aus|can|nzl|irl|zaf|nga|gha|ken|jam|phl|sgp)|UK")
_COUNTRY_OR_LANGUAGE = re.compile(r"uk|bs|ca|fj|gd|ie|ki|ky|mh|mt|my|na|ng|rw|sc|sg|sl|ss|to|tt|za", re.IGNORECASE)
_UNDETERMINED = frozenset({"und", "mul", "mis", "zxx"})  # ISO 639-2 for unknown, many, uncoded and none
_LONGEST_CODE = 3
_ENGLISH = re.compile(r"\benglish\b", re.IGNORECASE)


def understood(written: str) -> str | None:
    """Return the language tag that a sender means, as written where it is one; None where it cannot be told."""
    tag = written.strip().replace("_", "-")
    primary = tag.split("-", 1)[0]
    if _ENGLISH.search(tag):
        return "en"
    if not is_language_tag(tag) or len(primary) > _LONGEST_CODE or _COUNTRIES.fullmatch(primary):
        return None
    code = primary.lower()
    return tag if (_ALPHA_2.fullmatch(code) if len(code) < _LONGEST_CODE else code not in _UNDETERMINED) else None


def may_be_a_country(tag: str) -> bool:
    """Whether a tag may be meant as a country with news in English: "uk" is Ukrainian, and not always sent for it."""
    return bool(_COUNTRY_OR_LANGUAGE.fullmatch(tag))
