"""Dutch words as they are compared: plain letters, the stem of a plural, and how one word fits another.

Why a stemmer of our own: Snowball's two for Dutch either take off too much (Kraaij-Pohlmann: 'gezond' and 'zon'
both become 'zon', 'gemeente' becomes 'meen') or mix up short and long vowels (Porter: 'man' and 'maan', 'tak' and
'taak'). This one only undoes plurals and the e of an adjective.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache


class Fit(IntEnum):
    """How an asked word stands in a word of a text, the best first."""

    WHOLE = 4
    START = 3
    END = 2
    INSIDE = 1
    NONE = 0


@dataclass(frozen=True)
class Word:
    """One word of a text: as compared, and where it stands in the text."""

    plain: str
    start: int
    end: int


# Words that say nothing about what is sought, without accents; a text made of nothing else is searched all the same.
_TELL_NOTHING = (
    "aan al als bij daar dan dat de der deze die dit dus een en er geen haar had heb hebben heeft hem hen het hier hij "
    "hoe hun ik in is je kan kunnen maar me meer men met mij moet na naar niet nog nu of om omdat ons ook op over te "
    "tegen toch toen tot u uit uw van veel voor waar waren was wat we wel welke werd wie wij wil word worden wordt zal "
    "ze zelf zich zij zijn zo zonder zou"
)
STOP = frozenset(_TELL_NOTHING.split())
# A number keeps its comma or point; a mark within a word belongs to it ('regio's').
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)*")
_MARKS = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_OWN_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ĳ": "ij", "Ĳ": "IJ"})


def plain(text: str) -> str:
    """Return a text in small letters without accents; every apostrophe is the straight one."""
    split = unicodedata.normalize("NFKD", text.casefold().translate(_MARKS).translate(_OWN_LETTERS))
    return "".join(c for c in split if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    return plain(letter)


def words(text: str) -> list[Word]:
    """Return the words of a text in order, with their places in it."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        made = _letter(letter)
        letters.append(made)
        places += [place] * len(made)
    places.append(len(text))
    found = []
    for match in _WORD.finditer("".join(letters)):
        # 's-Hertogenbosch is found as 'hertogenbosch', regio's as 'regio'.
        word = match[0].removesuffix("'s").replace("'", "")
        found.append(Word(word, places[match.start()], places[match.end() - 1] + 1))
    return found


def asked_words(text: str) -> list[str]:
    """The words that somebody looks for, each once: without stop words and single letters while others remain."""
    every = list(dict.fromkeys(w.plain for w in words(text)))
    telling = [w for w in every if w not in STOP and (len(w) > 1 or w.isdigit())]
    return telling or [w for w in every if len(w) > 1]


# Plurals that no rule makes, by how they end, also in compounds ('hoofdsteden', 'kleinkinderen').
_IRREGULAR = {
    "kinderen": "kind", "eieren": "ei", "bladeren": "blad", "goederen": "goed", "steden": "stad", "leden": "lid",
    "schepen": "schip", "wegen": "weg", "dagen": "dag", "daken": "dak", "paden": "pad", "baden": "bad",
    "bladen": "blad", "gaten": "gat", "vaten": "vat", "glazen": "glas", "bedragen": "bedrag", "verdragen": "verdrag",
    "oorlogen": "oorlog", "musea": "museum", "centra": "centrum", "stadia": "stadium", "criteria": "criterium",
    "politici": "politicus", "motoren": "motor", "oren": "oor", "ogen": "oog", "meren": "meer", "koeien": "koe",
    "panelen": "paneel", "kastelen": "kasteel", "delen": "deel", "middelen": "middel", "handelen": "handel",
    "bundelen": "bundel", "wandelen": "wandel",
}  # fmt: skip
_IRREGULAR_END = re.compile(f"(^|.{{3}})({'|'.join(sorted(_IRREGULAR, key=len, reverse=True))})$")
# An s that belongs to the word.
_OWN_S = re.compile(r"(^(mens|medemens|wens|lens|vers|pers|kies|bes|soms)|grens|bos|lies|fles|less)$")
_PLURAL_S = re.compile(
    r"[aeiouy].*(els|ens|ers|eurs|aars|ors|ons|ants|ings|bs|ms|ies|ios|tos|eos|mas|das|jes|[bdfghklmnptvwz]es|ees)$"
)
_VOWEL = re.compile("[aeiouy]")
# An open syllable at the end of what is left when -en or -e goes: its vowel is written double when closed.
_OPEN = re.compile(r"(?:^|[^aeiouy])([aeou])([bdfgklmnprstvz])$")


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return what the singular and plural of a plain word have in common.

    'ziekenhuizen' -> 'ziekenhuis', 'scholen' -> 'school', 'musea' -> 'museum', 'grote' -> 'groot'. It need not be a
    word: what counts is that forms of one word agree and those of two do not.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if match := _IRREGULAR_END.search(word):
        return word[: match.start(2)] + _IRREGULAR[match[2]]
    if word.endswith("heden") and len(word) > 6:
        return word.removesuffix("heden") + "heid"
    if word.endswith("s") and not _OWN_S.search(word) and _PLURAL_S.search(word):
        word = word[:-1]
    if word.endswith(("eeen", "ieen")):
        return word[:-2]
    if word.endswith("ien") and len(word) > 6:
        return word[:-1]
    for ending in ("en", "e"):
        left = word.removesuffix(ending)
        # 'steen' and 'groen' have no ending, nor has 'regio' or 'zee'.
        if left != word and left[-1] not in "aeiouy" and _VOWEL.search(left):
            return _closed(left)
    return word


def _closed(left: str) -> str:
    """What is left of a word without its ending, spelt as a word: 'schol' -> 'school', 'huiz' -> 'huis'."""
    if len(left) < 3:
        return left
    if left[-1] == left[-2] and left[-1] not in "aeiou":
        return left[:-1]
    if match := _OPEN.search(left):
        vowel, last = match[1], match[2]
        # An e before r, l or n in a longer word has no stress: 'jongeren', 'winkelen', 'tekenen'.
        weak = vowel == "e" and last in "rln" and _VOWEL.search(left[: match.start(1)])
        if not weak:
            left = f"{left[:-1]}{vowel}{last}"
    return left[:-1] + {"z": "s", "v": "f"}.get(left[-1], left[-1])


def fit(asked: str, word: str) -> Fit:
    """How an asked word stands in a word of a text; both plain.

    Whole: the same stem. Start: the word begins with it ('ziekenh', 'huisarts' for 'huis'). End: a compound that ends
    with it ('streekziekenhuis'). Inside: within a compound. Three letters are found at the start or end of a compound
    only, and not where less than three letters remain ('kam' is not in 'kamer'); one or two only as a whole.
    """
    sought, own = stem(asked), stem(word)
    if asked == word or sought == own:
        return Fit.WHOLE
    if sought not in own and not word.startswith(asked):
        return Fit.NONE
    size = len(sought)
    if min(size, len(asked)) < 3 or word in STOP:
        return Fit.NONE
    rest = len(own) - size
    if size >= 4 and (own.startswith(sought) or word.startswith(asked)):
        return Fit.START
    if rest < 3:
        return Fit.NONE
    if own.startswith(sought):
        return Fit.START
    if own.endswith(sought):
        return Fit.END
    return Fit.INSIDE if size >= 4 and sought in own[3:-2] else Fit.NONE
