"""The index: SQLite's full text search in memory, built once and only read after that."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from monitor.search.documents import KINDS, Document
from monitor.search.words import STOP, Fit, asked_words, fit, plain, stem, words
from monitor.state import LONGEST

# How a hit weighs: first how the word fits, then where it stands.
_KIND, _TITLE, _OTHER_WORDS = 20, 10, 6
_WHOLE_TITLE = 50
# Shown at most; a wrongly spelt word must look at least this much like a known one
# (and more so when the word as typed does occur, deep within another).
_SUGGESTIONS, _ALIKE, _VERY_ALIKE = 3, 0.7, 0.85


@dataclass(frozen=True)
class Hit:
    """A document that was found, and the words of its texts that were matched (plain)."""

    document: Document
    matched: frozenset[str]


@dataclass(frozen=True)
class Found:
    """The answer to a query.

    Args:
        asked: the query as it was searched.
        words: its telling words, plain; empty for a query that holds none.
        hits: best first.
        complete: whether the hits have all words; otherwise at least one.
        unknown: words that occur nowhere.
        suggestions: other queries that do find something.
    """

    asked: str
    words: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    complete: bool = True
    unknown: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Kind -> how many were found, in the order of the best hit."""
        return dict(Counter(h.document.kind for h in self.hits))


class Index:
    """Search over documents; safe to share between threads.

    A search takes a few milliseconds; the connection is lent to one thread at a time. Two tables of FTS5: the
    documents, for which words stand where and how telling that is (bm25), and the words themselves in pieces of
    three letters (trigram), to find a word within a compound. How a word fits is said by ``words.fit`` alone.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        run = self._database.execute
        run("CREATE VIRTUAL TABLE document USING fts5(title, other, body, tokenize='unicode61')")
        run("CREATE VIRTUAL TABLE piece USING fts5(plain, stem, tokenize='trigram')")
        run("CREATE TABLE known (plain TEXT PRIMARY KEY, stem TEXT) WITHOUT ROWID")
        shown: dict[str, Counter[str]] = {}
        self._fields: list[tuple[frozenset[str], frozenset[str]]] = []
        # What ranking asks of every hit: the stems of the whole title, and the place among equals.
        self._whole = [frozenset(stem(w) for w in asked_words(d.title)) for d in self.documents]
        order = list(KINDS)
        # 'gemeente Winterswijk': beside other words, the name of a kind stands for all of that kind.
        self._of_kind = {stem(plain(one)): dict[int, tuple[int, float]]() for one, _ in KINDS.values()}
        for place, d in enumerate(self.documents, start=1):
            if d.kind in KINDS:
                self._of_kind[stem(plain(KINDS[d.kind][0]))][place] = (100 * Fit.WHOLE + _KIND, 0.0)
        self._equals = [
            (order.index(d.kind) if d.kind in KINDS else len(order), plain(d.title), d.id) for d in self.documents
        ]
        rows = []
        for place, d in enumerate(self.documents, start=1):
            fields = [_spelt(texts) for texts in ([d.title], d.words, [d.text])]
            for w, spelling in (pair for field in fields for pair in field):
                shown.setdefault(w, Counter())[spelling] += 1
            title, other, body = ([w for w, _ in field] for field in fields)
            self._fields.append((frozenset(title), frozenset(other)))
            rows.append((place, " ".join(title), " ".join(other), " ".join(body)))
        self._database.executemany("INSERT INTO document(rowid, title, other, body) VALUES (?, ?, ?, ?)", rows)
        # As a word is shown in a suggestion: the spelling that occurs most.
        self._shown = {w: c.most_common(1)[0][0] for w, c in shown.items()}
        self._spelt = [w for w in self._shown if len(w) > 3 and w.isalpha() and w not in STOP]
        known = [(w, stem(w)) for w in self._shown]
        self._database.executemany("INSERT INTO known VALUES (?, ?)", known)
        self._database.executemany("INSERT INTO piece VALUES (?, ?)", known)
        run("CREATE INDEX by_stem ON known(stem)")
        self._database.commit()
        run("PRAGMA query_only = ON")

    def search(self, text: str) -> Found:
        """Return what fits a query, best first.

        Every word must be found, as a whole word, at the start or end of one, or within one; where nothing has all
        words, whatever has at least one.

        Args:
            text: what somebody typed; any sign is text, and what is longer than 80 characters is cut off.
        """
        asked = " ".join(text.split())[:LONGEST].strip()
        sought = asked_words(asked)
        if not sought:
            return Found(asked, ())
        with self._lock:
            per_word = [self._fits(w) for w in sought]
            scores = [self._scores(f) for f in per_word]
        if len(sought) > 1:
            scores = [self._of_kind.get(stem(w), {}) | s for w, s in zip(sought, scores, strict=True)]
        places = set.intersection(*(set(s) for s in scores))
        complete = bool(places)
        if not complete:
            places = set().union(*scores)
        matched = frozenset(w for f in per_word for level in f.values() for w in level)
        hits = tuple(Hit(self.documents[p - 1], matched) for p in self._ranked(places, scores, sought))
        unknown = tuple(w for w, f in zip(sought, per_word, strict=True) if not f)
        doubtful = {w: _VERY_ALIKE if f else _ALIKE for w, f in zip(sought, per_word, strict=True) if _weak(f)}
        return Found(asked, tuple(sought), hits, complete, unknown, self._suggestions(asked, sought, doubtful))

    def _fits(self, asked: str) -> dict[Fit, list[str]]:
        """The known words that an asked word fits, by how it fits; what does not occur is left out."""
        own = stem(asked)
        run = self._database.execute
        near = [w for (w,) in run("SELECT plain FROM known WHERE stem = ? OR plain = ?", (own, asked))]
        if min(len(own), len(asked)) >= 3:
            # In quotes nothing is an operator, and a plain word holds no quote itself.
            near += [w for (w,) in run("SELECT plain FROM piece WHERE piece MATCH ?", (f'"{own}" OR "{asked}"',))]
        found: dict[Fit, list[str]] = {}
        for word in dict.fromkeys(near):
            level = fit(asked, word)
            if level is not Fit.NONE:
                found.setdefault(level, []).append(word)
        return found

    def _scores(self, fits: dict[Fit, list[str]]) -> dict[int, tuple[int, float]]:
        """Row -> points (how the word fits, and where it stands) and relevance (higher is better)."""
        scores: dict[int, tuple[int, float]] = {}
        every = {w for fitting in fits.values() for w in fitting}
        for level, fitting in sorted(fits.items(), reverse=True):
            query = " OR ".join(f'"{w}"' for w in fitting)
            rows = self._database.execute(
                "SELECT rowid, bm25(document, 8.0, 5.0, 1.0) FROM document WHERE document MATCH ?", (query,)
            )
            for place, rank in rows.fetchall():
                title, other = self._fields[place - 1]
                where = _TITLE if title & every else _OTHER_WORDS if other & every else 0
                points = 100 * level + where
                if place not in scores or scores[place][0] < points:
                    scores[place] = (points, -rank)
        return scores

    def _ranked(self, places: set[int], scores: Sequence[dict[int, tuple[int, float]]], sought: list[str]) -> list[int]:
        stems = {stem(w) for w in sought}

        def key(place: int) -> tuple[object, ...]:
            own = [s[place] for s in scores if place in s]
            points = sum(p for p, _ in own) + (
                _WHOLE_TITLE if self._whole[place - 1] and self._whole[place - 1] <= stems else 0
            )
            relevance = round(sum(r for _, r in own), 6)
            return -len(own), -points, -relevance, *self._equals[place - 1]

        return sorted(places, key=key)

    def _suggestions(self, asked: str, sought: Sequence[str], doubtful: dict[str, float]) -> tuple[str, ...]:
        """The query with its doubtful words spelt as known ones, the nearest first; ``doubtful``: word -> how alike."""
        options = {w: self._like(w, doubtful[w]) for w in list(doubtful)[:_SUGGESTIONS]}
        made = []
        for rank in range(_SUGGESTIONS):
            spelt = {w: o[min(rank, len(o) - 1)] for w, o in options.items() if o}
            if spelt:
                kept = [w for w in sought if w in spelt or doubtful.get(w) != _ALIKE]
                made.append(" ".join(spelt.get(w) or self._shown.get(w, w) for w in kept))
        return tuple(dict.fromkeys(m for m in made if plain(m) != plain(asked)))

    def _like(self, word: str, alike: float) -> list[str]:
        """Known words that look like a word, as they are spelt; else the known word that it ends with."""
        if len(word) < 4:
            return []
        scorer = DamerauLevenshtein.normalized_similarity
        near = process.extract(word, self._spelt, scorer=scorer, score_cutoff=alike, limit=12)
        found: dict[str, str] = {}
        for other, _, _ in near:
            found.setdefault(stem(other), self._shown[other])
        if not found and alike == _ALIKE:
            own = stem(word)
            ends = [w for w in self._spelt if len(w) > 4 and own.endswith(stem(w))]
            found = {"": self._shown[max(ends, key=lambda w: (len(stem(w)), -len(w)))]} if ends else {}
        return list(found.values())[:_SUGGESTIONS]


def _weak(fits: dict[Fit, list[str]]) -> bool:
    """Whether a word was found nowhere, or only deep within others."""
    return max(fits, default=Fit.NONE) < Fit.START


def _spelt(texts: Iterable[str]) -> list[tuple[str, str]]:
    """The words of texts, plain and as spelt; those with a hyphen also as one ('noordlimburg')."""
    found = []
    for text in texts:
        own = words(text)
        found += [(w.plain, text[w.start : w.end]) for w in own]
        for one, two in pairwise(own):
            if text[one.end : two.start] == "-":
                found.append((one.plain + two.plain, text[one.start : two.end]))
    return found
