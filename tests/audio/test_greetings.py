"""The clips that Third Ring ships with, measured one by one as a caller's telephone would receive them."""

from __future__ import annotations

import math
import re
from array import array
from itertools import pairwise

import pytest

from audio import level, wav
from audio.greetings.arabic import for_espeak, stressed, with_stress
from audio.library import CLIPS, SHIPPED, Clip, Library, read_words

LIBRARY = Library.open()
LANGUAGES = ("ar", "en", "es", "fr")
EVERY_CLIP = [pytest.param(language, name, id=f"{language}-{name}") for language in LANGUAGES for name in CLIPS]
RATE = wav.TELEPHONE_RATE
FAINT = -55.0
"""Below this, dBov, a telephone is silent."""


def clip(language: str, name: str) -> Clip:
    found = LIBRARY.clip(language, name)
    assert found is not None, LIBRARY.faults
    return found


def heard(language: str, name: str) -> bytes:
    content = clip(language, name).content
    sound = wav.read(content)
    return level.from_mu_law(content[sound.start : sound.start + sound.size])


def frames(pcm: bytes) -> list[float]:
    """The loudness of every 10 ms."""
    return [level.mean(pcm[start : start + 160]) for start in range(0, len(pcm), 160)]


def test_nothing_is_missing() -> None:
    assert LIBRARY.faults == ()
    assert LIBRARY.languages == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_recording_for_every_clip_and_no_other(language: str) -> None:
    assert sorted(path.stem for path in (SHIPPED / language).glob("*.wav")) == sorted(CLIPS)


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_it_is_what_the_telephone_network_speaks(language: str, name: str) -> None:
    sound = wav.read(clip(language, name).content)
    assert (sound.encoding, sound.bits, sound.channels, sound.rate) == ("mu-law", 8, 1, 8000)


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_it_is_as_loud_as_a_good_prompt_and_never_clips(language: str, name: str) -> None:
    pcm = heard(language, name)
    assert level.active(pcm, RATE) == pytest.approx(-19, abs=0.3)
    assert level.peak(pcm) <= -2


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_it_leaves_room_before_and_after_the_words(language: str, name: str) -> None:
    spoken = [place for place, loud in enumerate(frames(heard(language, name))) if loud > FAINT]
    before, after = spoken[0] * 10, len(heard(language, name)) // 16 - (spoken[-1] + 1) * 10
    assert 180 <= before <= 320
    assert 200 <= after <= 450


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_it_begins_and_ends_softly(language: str, name: str) -> None:
    pcm = array("h", heard(language, name))
    assert max(map(abs, [*pcm[:16], *pcm[-16:]])) <= 32


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_it_has_no_offset_and_no_rumble(language: str, name: str) -> None:
    pcm = array("h", heard(language, name))
    assert abs(sum(pcm) / len(pcm)) < 0.0005 * 32768
    width = RATE // 50
    slow = [sum(pcm[start : start + width]) / width / 32768 for start in range(0, len(pcm) - width, width)]
    assert level.decibels(math.sqrt(sum(value * value for value in slow) / len(slow))) < -45


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_no_pause_inside_it_makes_a_caller_think_it_is_over(language: str, name: str) -> None:
    spoken = [place for place, loud in enumerate(frames(heard(language, name))) if loud > FAINT]
    assert max(after - before for before, after in pairwise(spoken)) * 10 <= 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greeting_says_enough_and_no_more_than_callers_listen_to(language: str) -> None:
    assert 12 <= clip(language, "greeting").seconds <= 20


@pytest.mark.parametrize(("language", "name"), EVERY_CLIP)
def test_a_prompt_is_short(language: str, name: str) -> None:
    assert 1 <= clip(language, name).seconds <= (20 if name == "greeting" else 12)


def test_no_two_recordings_are_the_same() -> None:
    assert len({clip(language, name).digest for language in LANGUAGES for name in CLIPS}) == len(LANGUAGES) * len(CLIPS)


@pytest.mark.parametrize("name", ["key-2", "leave-message"])
def test_a_caller_is_told_that_a_message_is_recorded(name: str) -> None:
    assert "recorded" in LIBRARY.words("en", name)
    assert "ستُسجَّل" in LIBRARY.words("ar", name)
    assert "quedará grabado" in LIBRARY.words("es", name)
    assert "sera enregistré" in LIBRARY.words("fr", name)


def test_keys_are_named_by_their_number() -> None:
    for name, arabic in (("key-0", "صفر"), ("key-1", "واحد"), ("key-2", "اثنين")):
        assert f"press {name[-1]}" in LIBRARY.words("en", name)
        assert arabic in LIBRARY.words("ar", name)
        assert f"marca el {name[-1]}" in LIBRARY.words("es", name)
        assert f"tapez {name[-1]}" in LIBRARY.words("fr", name)


def test_arabic_is_spelled_out_with_its_vowels_for_the_synthesiser() -> None:
    for entry in read_words(SHIPPED / "ar.json").values():
        bare = [
            word
            for word in re.findall(r"\w[\w\u064b-\u0652\u0670]+", entry["spoken"])
            if not re.search("[\u064b-\u0652]", word)
        ]
        assert bare == []


def test_what_is_shown_and_what_is_spoken_in_arabic_are_the_same_letters() -> None:
    signs = str.maketrans("ٱأإآ", "اااا", "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670،.: ")
    for entry in read_words(SHIPPED / "ar.json").values():
        assert entry["say"].translate(signs) == entry["spoken"].translate(signs)


DIGITS = {
    "es": {"el 0": "el cero", "el 1": "el uno", "el 2": "el dos"},
    "fr": {"tapez 0": "tapez zéro", "tapez 1": "tapez un", "tapez 2": "tapez deux"},
}


def spelled_out(language: str, say: str) -> str:
    """A sentence with its digit as a word and without the mark at its end."""
    for digit, word in DIGITS[language].items():
        say = say.replace(digit, word)
    return say.rstrip("\u00a0:.")


def test_spanish_is_spoken_as_most_who_speak_it_do_and_otherwise_as_it_is_shown() -> None:
    for entry in read_words(SHIPPED / "es.json").values():
        seseo = re.sub("c(?=[eiéí])|z", "s", spelled_out("es", entry["say"]))
        assert entry["spoken"].rstrip(".") == seseo


def test_french_is_spoken_as_it_is_shown_without_the_ligature_that_its_voice_misreads() -> None:
    for entry in read_words(SHIPPED / "fr.json").values():
        assert entry["spoken"].rstrip(".") == spelled_out("fr", entry["say"]).replace("œ", "oe")


@pytest.mark.parametrize(
    ("written", "sounded"),
    [
        ("مَعَ ٱلسَّلَامَة.", "مَعَ سْسَلَامَ."),
        ("عَلَى ٱتِّصَالِكُمْ", "عَلَى تْتِصَالِكُمْ"),
        ("هٰذَا ٱلْخَطُّ", "هٰذَا لْخَطْطُ"),
        ("حَقِيقِيّ.", "حَقِيقِي."),
        ("لِلتَّسْجِيلْ", "لِتْتَسْجِيلْ"),
        ("أَرْسِلُوا رِسَالَةً", "أَرْسِلُو رِسَالَةً"),
    ],
)
def test_arabic_is_respelled_as_it_sounds(written: str, sounded: str) -> None:
    assert for_espeak(written) == sounded


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        pytest.param("litt,asdZi:l", "littasdZ'i:l", id="the last is long and closed"),
        pytest.param("RR'aqm", "RR'aqm", id="the last has two consonants"),
        pytest.param("H'aqi:q,i:", "Haq'i:qi:", id="the last but one is long"),
        pytest.param("lmuR'abbaA,i", "lmuR'abbaAi", id="else the one before, when that is closed"),
        pytest.param("sat,usadZdZ,al", "satus'adZdZal", id="the last but one is closed"),
        pytest.param("R,isa:l'atuk,um", "Risa:l'atukum", id="never further than the third from the end"),
        pytest.param("s[a.'u.ti:j,a", "s[a.u.t'i:ja", id="a diphthong is one syllable"),
        pytest.param("fa,uRan", "f'auRan", id="and a long one"),
        pytest.param("SaXs['i.:i,un", "SaXs['i.:jun", id="no vowel that nobody says"),
        pytest.param("m'a:", "m'a:", id="one syllable"),
        pytest.param("fi:", "fi:", id="none where eSpeak has none"),
    ],
)
def test_an_arabic_word_is_stressed_as_it_is_spoken(said: str, spoken: str) -> None:
    assert with_stress(said) == spoken


def test_an_arabic_sentence_is_given_as_sounds_with_its_pauses() -> None:
    assert stressed("شُكْرًا، مَعَ سْسَلَامَ.", ["S'ukRan", "m'aAa ss'ala:m,a"]) == "[[S'ukRan]]، [[m'aAa ssal'a:ma]]."


def test_an_arabic_sentence_of_which_a_part_was_lost_is_not_spoken() -> None:
    with pytest.raises(ValueError, match="zip"):
        stressed("شُكْرًا، مَعَ سْسَلَامَ.", ["S'ukRan"])
