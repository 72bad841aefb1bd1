"""Names and themes that the Regionale Monitor Brede Welvaart gives its indicators, as in the edition of 2023.

A download names an indicator by code, by name or by both. The names are those of CBS, Dutch; the English ones of our
own indicators stand with their definitions (``province_label``).
"""

from __future__ import annotations

import re
import unicodedata

# CBS's code, as ``code_key`` writes it, and CBS's Dutch name.
NAMES: dict[str, str] = {
    "01_KL_H_01": "Tevredenheid met het leven",
    "01_KL_PK_07": "Tevredenheid met vrije tijd",
    "01_KL_H_36": "Mediaan besteedbaar inkomen",
    "09_E_V_03": "Bruto binnenlands product",
    "01_GZ_08": "Overgewicht",
    "01_KL_PK_01": "Ervaren gezondheid",
    "R_GZ_03": "Personen met één of meer langdurige ziekten of aandoeningen",
    "01_GZ_20": "Levensverwachting bevolking",
    "09_E_V_12": "Nettoarbeidsparticipatie",
    "R_HN_AV_01": "Brutoarbeidsparticipatie",
    "09_E_V_13": "Werkloosheid",
    "05_OPL_08": "Hoogopgeleide bevolking",
    "08_27_NW": "Vacaturegraad",
    "R_HN_AV_02": "Afstand tot ov",
    "01_KL_PK_03": "Tevredenheid met woning",
    "03_PVI_04": "Tevredenheid met woonomgeving",
    "R_HN_SL_02": "Afstand tot sportterrein",
    "R_HN_SL_03": "Afstand tot basisschool",
    "R_HN_SL_04": "Afstand tot café e.d.",
    "01_KL_OK_08": "Contact met familie, vrienden of buren",
    "01_KL_OK_11": "Vertrouwen in instituties",
    "02_HB_SK_01": "Vertrouwen in anderen",
    "01_KL_OK_10": "Vrijwilligerswerk",
    "04_VE_03": "Geregistreerde misdrijven",
    "R_HN_V_01": "Aantal ondervonden delicten",
    "01_KL_OK_39": "Vaak onveilig voelen in de buurt",
    "R_HN_MIL_02": "Natuurgebied per inwoner",
    "01_KL_OK_14": "Natuur- en bosgebieden",
    "R_HN_MIL_01": "Afstand tot openbaar groen",
    "01_KL_OK_30": "Emissies van fijnstof naar lucht",
    "07_K_E_03": "Broeikasgasemissies per inwoner",
    "02_HB_NK_31": "Kwaliteit van zwemwater binnenwateren",
    "02_HB_NK_30": "Kwaliteit van zwemwater kustwateren",
    "18_FIN_32": "Gemiddelde schuld per huishouden",
    "01_07_NW": "Mediaan vermogen van huishoudens",
    "R_L_NK_04": "Particuliere zonne-energie",
    "R_L_NK_03": "Bebouwd terrein",
    "15_15_NW": "Groen-blauwe ruimte, exclusief reguliere landbouw",
    "R_L_SK_01": "Sociale cohesie",
}
# Of these only the name is known, or a code that public sources do not agree on.
OTHER_NAMES = ("Arbeidsduur per week", "Fosfaatuitscheiding landbouw", "Stikstofuitscheiding landbouw")
# English theme -> id of ours.
THEMES: dict[str, str] = {
    "subjective well being": "subjectief-welzijn",
    "material prosperity": "materiele-welvaart",
    "health": "gezondheid",
    "work and free time": "arbeid-en-vrije-tijd",
    "living": "wonen",
    "society": "samenleving",
    "safety": "veiligheid",
    "environment": "milieu",
    "economic capital": "economisch-kapitaal",
    "human capital": "menselijk-kapitaal",
    "natural capital": "natuurlijk-kapitaal",
    "social capital": "sociaal-kapitaal",
}


def code_key(code: str) -> str:
    """A code in one spelling: CBS writes '09_E&V_12' and '01.07_NW' where the definitions have an underscore."""
    return re.sub(r"[^0-9A-Z]+", "_", code.strip().upper()).strip("_")


def label_key(label: str) -> str:
    """A name in one spelling: without capitals, accents and punctuation; the edition spells one word in two ways."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", label.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", " ", plain).strip().replace("neighborhood", "neighbourhood")
