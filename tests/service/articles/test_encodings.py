"""Encodings: told rightly, guessed aloud, refused otherwise; never a text that its bytes do not say."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from models.errors import InputError
from service.articles.encodings import Unreadable, decode, detect, known, plausible
from tests import tiny
from tests.conftest import article, cases

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ"
WORDS = st.text(LETTERS, min_size=2, max_size=9)
PROSE = st.lists(WORDS | st.sampled_from(["،", "؟", "«", "»", "2024", "3.5", "UN", "\n", "\r\n"]), min_size=1).map(
    " ".join
)
BOMS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}

ARTICLES = [path.read_text(encoding="utf-8") for path in tiny.ARTICLES.glob("*.txt") if ".en." not in path.name]
# Windows-1256 has no Arabic-Indic digits.
PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩٪٬٫", "0123456789%,.")


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-16-le", "surrogatepass")))
@example("أ؟".encode("cp1256"))
@example(b"\x06\x27")
def test_what_is_read_encodes_back_to_the_same_bytes(data):
    try:
        text, encoding = decode(data)
    except Unreadable as error:
        assert "--encoding" in str(error) or "NUL" in str(error) or "is not" in str(error)
        return
    assert data[encoding.mark :] == text.encode(encoding.name)
    assert data[: encoding.mark] == (BOMS[encoding.name] if encoding.mark else b"")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), st.booleans())
def test_utf8_is_read_as_it_is_and_is_no_guess(text, mark):
    assume(not text.startswith("\ufeff"))
    assert decode(text.encode("utf-8-sig" if mark else "utf-8")) == (text, decode((b"\xef\xbb\xbf" * mark) + b"x")[1])
    assert not decode(text.encode())[1].guess


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf16_with_a_mark(text, name):
    read, encoding = decode(BOMS[name] + text.encode(name))
    assert read == text and not encoding.guess


@given(PROSE, st.sampled_from(["utf-16-le", "utf-16-be", "cp1256", "iso8859-6", "mac_arabic", "cp720", "utf-8"]))
def test_arabic_without_a_mark_is_never_silently_another(text, name):
    """Whatever the encoding: what is not read right is refused, or reported as a guess."""
    assume(any(letter in text for letter in LETTERS))
    try:
        data = text.encode(name)
    except UnicodeEncodeError:
        assume(False)
    try:
        read, encoding = decode(data)
    except Unreadable:
        assert name != "utf-8"
        return
    assert encoding.guess == (name != "utf-8")
    assert read == text or (encoding.guess and name not in ("utf-16-le", "utf-16-be"))


@pytest.mark.parametrize("length", [100, 200, 1000])
def test_windows_1256_is_told_from_pieces_of_articles(length):
    rng, body = random.Random(5), " ".join(ARTICLES).translate(PLAIN)
    for start in (rng.randrange(len(body) - length) for _ in range(60)):
        text = body[start : start + length]
        assert decode(text.encode("cp1256")) == (text, detect("وصلت القافلة إلى المدينة".encode("cp1256"), True))
        for other in ("iso8859-6", "mac_arabic", "cp720"):
            with pytest.raises(Unreadable, match="--encoding"):
                decode(text.encode(other, "ignore"))


@pytest.mark.parametrize(("name", "text"), cases("old-encodings"))
def test_other_languages_in_old_encodings_are_refused(name, text):
    with pytest.raises(Unreadable, match="no likely Arabic"):
        decode(text.encode(name))


def test_broken_utf8_is_refused_and_the_byte_named():
    data = ARTICLES[0].encode()
    half = len(ARTICLES[0][:200].encode()) + 1  # between the two bytes of a letter
    assert data[half] & 0xC0 == 0x80
    without, with_another = data[:half] + data[half + 1 :], data[:half] + b"\xff" + data[half:]
    for broken, at in ((data[:half], half), (without, half), (with_another, half)):
        with pytest.raises(Unreadable, match="is not UTF-8") as refused:
            decode(broken)
        assert abs(int(str(refused.value).split("byte ")[1].split(")")[0]) - at) <= 2


def test_an_encoding_that_was_asked_for_is_kept_to():
    text = article("05")[1].translate(PLAIN)
    assert decode(text.encode("iso8859-6", "ignore"), "iso-8859-6")[1].name == "iso8859-6"
    assert decode(text.encode("utf-16"), "utf-16")[0] == text
    assert decode(text.encode("utf-16-be"), "utf-16-be") == (text, detect(b"", True, "utf-16-be"))
    assert decode(text.encode("utf-8-sig"), "utf-8")[0] == text
    assert decode("وصل".encode("cp1256"), "windows-1256")[0] == "وصل"
    with pytest.raises(Unreadable, match=r"is not UTF-8 \(byte 0\)"):
        decode(text.encode("cp1256"), "utf-8")
    with pytest.raises(Unreadable, match="NUL"):
        decode(text.encode("utf-16"), "windows-1256")


def test_what_a_page_declares_is_believed_where_it_gives_arabic():
    text = article("05")[1].translate(PLAIN)
    assert not decode(text.encode("cp1256"), declared="windows-1256")[1].guess
    assert decode(text.encode("iso8859-6", "ignore"), declared="ISO-8859-6")[1].name == "iso8859-6"
    assert decode(text.encode("cp1256"), declared="iso-8859-1")[1] == decode(text.encode("cp1256"))[1]
    assert decode(text.encode(), declared="windows-1256")[0] == text
    assert decode(text.encode("cp1256"), declared="no-such-thing")[0] == text
    with pytest.raises(Unreadable):
        decode(text.rstrip(".").encode()[:-1], declared="windows-1256")


@pytest.mark.parametrize("name", ["utf-9", "hex", "rot13", "", "zip"])
def test_an_encoding_that_does_not_exist(name):
    with pytest.raises(InputError, match="choose utf-8, utf-16, windows-1256"):
        known(name)


@pytest.mark.parametrize("name", ["utf-8", "UTF-16", "windows-1256", "cp720", "mac_arabic"])
def test_encodings_that_exist(name):
    assert known(name) == name


def test_vowelled_and_persian_letters_are_plausible_too():
    assert plausible("إِنَّ السَّمَاءَ صَافِيَةٌ وَالْبَحْرَ هَادِئٌ هٰذَا الصَّبَاحَ".replace("\u0670", ""))
    assert plausible("أعلن الناطق باسم بلدية پنجوين وصول گاز الطهي إلى المحلات")
    assert not plausible("ط§ظ„ط³ظ„ط§ظ… ط¹ظ„ظٹظƒظ…") and not plausible("Nothing here.")
