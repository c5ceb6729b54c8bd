"""Derived ids: values of an article in, ids out. None is random: the same article gives the same ids again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from hashlib import blake2b

_HASH_BYTES = 8  # 64 bits: among 10^8 articles two equal hashes have a chance of 3 in 10,000


def text_hash(*parts: str) -> str:
    """A hash of texts, 16 hexadecimal digits; each one's length keeps ``("a", "b")`` and ``("ab", "")`` apart."""
    digest = blake2b(digest_size=_HASH_BYTES)
    for part in parts:
        value = part.encode()
        digest.update(len(value).to_bytes(8, "big") + value)
    return digest.hexdigest()


def article_id(*, key: bytes | None, url: str | None, text: str) -> str:
    """The id of an article that brings none: the record's key, else a hash of the URL, else a hash of the text."""
    if key:
        try:
            return key.decode()
        except UnicodeDecodeError:
            pass  # a binary key is no text; the next best names the article
    return text_hash(url) if url else text_hash(text)


def event_id(article: str, *, title: str | None, text: str) -> str:
    """The id of what was found in one version of an article: another text under the same id makes another one."""
    return f"{article}:{text_hash(title or '', text)}"


def lineage_ids(article: str, claims: Iterable[str], *, taken: AbstractSet[str] = frozenset()) -> list[str]:
    """The ids that the claims of an article have from now on, by their words; those in ``taken`` are other claims'.

    The same words again get another one.
    """
    seen: Counter[str] = Counter()
    found = []
    for claim in (" ".join(claim.split()) for claim in claims):
        while (lineage := text_hash(article, claim, str(seen[claim]))) in taken:
            seen[claim] += 1
        seen[claim] += 1
        found.append(lineage)
    return found


def sentence_id(event: str, index: int) -> str:
    """The id of a sentence, and of the claim that it makes."""
    return f"{event}/{index}"
