"""How hard our own explanatory sentences are to read, as far as that can be counted.

Counted are words per sentence, words of four syllables or more, and the reading ease of Flesch as Douma (1960) fitted
it to Dutch: 206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence; 60 and more is called 'ordinary' to
'easy'. Syllables are counted as groups of vowels. Easy to read is not the same as level B1: no count proves that.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from monitor.screens.statement import statement
from tests.spec_table import ROOT, definitions

VOWELS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|ie|oe|eu|ui|ij|ei|au|ou|oo|uu|[aeiouyàáâäèéêëìíîïòóôöùúûü]", re.IGNORECASE
)
WORD = re.compile(r"[\w’%€-]+")
BLOCK = re.compile(r"</?(p|h\d|li|ul|ol|dt|dd|th|td|tr|caption|summary)\b[^>]*>")
# No sentence is longer than this, and on the average they are far shorter.
MOST_WORDS, MEAN_WORDS = 27, 13.0
MOST_LONG_WORDS, LEAST_EASE = 0.06, 65.0


def syllables(word: str) -> int:
    """Groups of vowels in a word; a dieresis begins a new one."""
    return max(1, len(VOWELS.findall(re.sub("[ëïöü]", lambda m: f"-{m[0]}", word))))


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?;:])\s+", text.strip()) if re.search("[a-zA-Z]", s)]


def ease(found: list[str]) -> float:
    words = [w for s in found for w in WORD.findall(s)]
    return 206.84 - 77 * sum(map(syllables, words)) / len(words) - 0.93 * len(words) / len(found)


def defined() -> Iterator[tuple[str, str]]:
    """Explanations and summaries of the definitions: where, text."""
    for i in definitions().indicators:
        for name in ("description", "not_shown", "border_note"):
            if text := getattr(i, name, None):
                yield f"{i.id}, {name}", text
    for f in definitions().findings:
        yield f.id, f.summary


def on_screen() -> Iterator[tuple[str, str]]:
    """Sentences in the code of pages and screens: where, text without tags, a filled-in part as X."""
    files = [p for folder in ("pages", "ui", "monitor/screens") for p in sorted((ROOT / folder).glob("*.py"))]
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in literals(tree):
            plain = " ".join(re.sub(r"<[^>]*>", " ", BLOCK.sub(". ", text)).split())
            if len(WORD.findall(plain)) >= 6 and plain.endswith((".", "?", "!")) and "{" not in plain:
                yield path.name, plain


def literals(tree: ast.Module) -> Iterator[str]:
    """Texts in a module that are no docstrings."""
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    joined = [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)]
    inside = {id(part) for n in joined for part in n.values} | told
    for n in joined:
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else "X" for v in n.values)
    for n in ast.walk(tree):
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in inside:
            yield n.value


def documents() -> Iterator[tuple[str, str]]:
    """The statement on accessibility, paragraph by paragraph."""
    for block in re.sub(r"<[^>]*>|^#+ .*$|\*\*|^[-|] *", " ", statement(), flags=re.MULTILINE).split("\n\n"):
        plain = " ".join(block.split())
        if plain.endswith("."):
            yield Path("toegankelijkheidsverklaring.md").name, plain


@cache
def texts() -> dict[str, list[tuple[str, str]]]:
    return {
        kind: [(where, s) for where, text in found() for s in sentences(text)]
        for kind, found in {"definitions": defined, "screens": on_screen, "documents": documents}.items()
    }


@pytest.mark.parametrize("kind, least", [("definitions", 800), ("screens", 400), ("documents", 15)])
def test_explanatory_sentences_are_short_and_easy(kind: str, least: int) -> None:
    found = texts()[kind]
    assert len(found) >= least
    lengths = {(where, s): len(WORD.findall(s)) for where, s in found}
    assert not [(n, *k) for k, n in lengths.items() if n > MOST_WORDS]
    words = [w for _, s in found for w in WORD.findall(s)]
    assert len(words) / len(found) <= MEAN_WORDS
    assert sum(syllables(w) >= 4 for w in words) / len(words) <= MOST_LONG_WORDS
    assert ease([s for _, s in found]) >= LEAST_EASE


def test_the_count_knows_hard_from_easy() -> None:
    assert [syllables(w) for w in ("huis", "regio", "gemeenten", "voorzieningen", "coördinatie")] == [1, 3, 3, 4, 5]
    hard = ["De beleidsmatige implementatie van gemeenschappelijke regelingen veronderstelt bestuurlijke coördinatie."]
    assert ease(hard) < 10 < 80 < ease(["De bus komt hier niet vaak.", "Wie oud is, komt dan niet ver."])
