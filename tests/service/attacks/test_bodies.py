"""Bodies that would take memory, time or trust: each is answered with an error of its sender's, or harmlessly."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from tests.service.attacks.conftest import ASKED, ENGLISH, TEXT

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MILLION = 1_000_000


def body(text: str) -> str:
    return json.dumps({**ASKED, "q": text})


def packed(data: bytes, name: str = "word/document.xml") -> bytes:
    """A zip of `data`: a .docx as far as its name goes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, data)
    return out.getvalue()


LAUGHS = "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
)  # a thousand million times ha
LAUGHS += "]><html><body><p>&j;</p></body></html>"
SECRET = "<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x; " + TEXT + "</p>"

BODIES = {
    # name: body, content type, statuses of /api/v1/translations, and of /translate
    "arrays a million deep": ('{"text":' + "[" * MILLION + "]" * MILLION + "}", JSON, {400}, {400}),
    "objects half a million deep": ('{"q":' * (MILLION // 2), JSON, {400, 413}, {400, 413}),
    "a number of a million digits": ('{"text": ' + "9" * MILLION + "}", JSON, {400}, {400}),
    "a number beyond all floats": ('{"text": 1e999999}', JSON, {422}, {400}),
    "NaN": ('{"text": NaN, "q": NaN}', JSON, {422}, {400}),
    "a key twice": ('{"text": 1, "text": 2, "q": 1, "q": 2}', JSON, {422}, {400}),
    "half a surrogate pair": ('{"text": "\\ud800 \\u0628\\u064a\\u062a", "q": "\\ud800"}', JSON, {422}, {400}),
    "a surrogate as a field": ('{"text": "\\u0628", "\\ud800": 1}', JSON, {422}, {400}),
    "what is no UTF-8": (b'{"text": "\xff\xfe", "q": "\xff"}', JSON, {400}, {400}),
    "overlong UTF-8": (b'{"text": "\xc0\xae\xc0\xae/", "q": "\xc0\xae"}', JSON, {400}, {400}),
    "UTF-7": ("+ADw-script+AD4-", "text/plain; charset=utf-7", {415}, {400}),
    "a codec that unpacks": ("x", "text/plain; charset=zlib_codec", {415}, {400}),
    "a charset of 100,000 letters": ("x", "text/plain; charset=" + "x" * 100_000, {415}, {400}),
    "a bomb in the content encoding": (gzip.compress(b" " * 50 * MILLION), JSON, {400}, {400}),
    "a form that says it is JSON": ("text=x&q=x", JSON, {400}, {400}),
    "JSON that says it is a form": (body(TEXT), FORM, {415}, {400}),
    "a form without a boundary": ("--x\r\n", "multipart/form-data", {415}, {400}),
    "200,000 fields": ("a=1&" * 200_000, FORM, {415}, {400, 413}),
    "a boundary of 10,000 letters": ("--", "multipart/form-data; boundary=" + "x" * 10_000, {415}, {400}),
    "XML": ("<x/>", "application/xml", {415}, {400}),
    "a text beyond the limit": (json.dumps({"text": "ب" * 200_001, "q": "ب" * 200_001}), JSON, {413}, {400}),
    "a body beyond the limit": ('{"text": "' + " " * 3_000_000, JSON, {413}, {413}),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body(client, name):
    data, kind, ours, theirs = BODIES[name]
    headers = {"Content-Encoding": "gzip"} if "encoding" in name else {}
    for path, right in (("/api/v1/translations", ours), ("/translate", theirs)):
        answer = client.post(path, data=data, content_type=kind, headers=headers)
        assert answer.status_code in right, (path, answer.get_data()[:300])
        assert len(answer.get_data()) < 5_000, "an attack is not echoed at length"


UPLOADS = {
    # name: file name, data, status
    "a zip bomb as a Word document": ("a.docx", packed(b" " * 300 * MILLION), {400, 413, 422}),
    "a Word document that lies": ("a.docx", packed(b" " * MILLION).replace(b"\x40\x42\x0f\0", b"\1\0\0\0"),
     {400, 413, 422}),
    "a thousand million laughs in a Word document": ("a.docx", packed(LAUGHS.encode()), {400, 422}),
    "a gzip bomb": ("a.txt.gz", gzip.compress(b" " * 50 * MILLION), {400, 413, 422}),
    "a gzip bomb that says it is text": ("a.txt", gzip.compress(b" " * 50 * MILLION), {400}),
    "a thousand million laughs": ("a.html", LAUGHS.encode(), {200, 400}),
    "a file of this machine": ("a.html", SECRET.encode(), {200}),
    "a page of 60,000 open elements": ("a.html", b"<div>" * 30_000 + b"<b>" * 30_000 + TEXT.encode(), {200, 400}),
    "a program": ("a.exe", b"MZ\x00\x01", {400}),
    "a text with NULs": ("a.txt", b"\x00" * 1000, {200, 400}),
    "no file name": ("", TEXT.encode(), {400}),
    "a name of 100,000 letters": ("x" * 100_000 + ".txt", TEXT.encode(), {200, 400, 413}),
}  # fmt: skip


@pytest.mark.parametrize("name", UPLOADS)
def test_an_upload(client, name):
    file, data, right = UPLOADS[name]
    form = {"file": (io.BytesIO(data), file), "source": "ar", "target": "en"}
    answer = client.post("/translate_file", data=form, content_type="multipart/form-data")
    assert answer.status_code in right, answer.get_data()[:300]
    if answer.status_code == 200:
        found = client.get(answer.get_json()["translatedFileUrl"]).get_data()
        assert b"root:" not in found and len(found) <= 10 * len(data) + 1000


def test_a_file_of_this_machine_in_pasted_html(client):
    """An entity is never looked up, and laughs are not counted out."""
    for page in (SECRET, LAUGHS + TEXT):
        told = client.post("/api/v1/translations", json={"text": "<p>" + page}).get_data(as_text=True)
        assert "root:" not in told and len(told) < 200_000


def test_many_files_and_large_part_headers(client):
    files = {"file": [(io.BytesIO(b"x"), "a.txt") for _ in range(1500)]}
    many = client.post("/translate_file", data=files, content_type="multipart/form-data")
    assert many.status_code in (400, 413)
    part = b'--x\r\nContent-Disposition: form-data; name="q"; a="' + b"y" * 500_000 + b'"\r\n\r\nz\r\n--x--\r\n'
    told = client.post("/translate", data=part, content_type="multipart/form-data; boundary=x")
    assert told.status_code in (400, 413)


def test_a_method_is_what_it_says(client):
    made = client.post("/api/v1/briefs", json={"text": TEXT}).get_json()["id"]
    for tried in ({"headers": {"X-HTTP-Method-Override": "DELETE"}}, {"query_string": {"_method": "DELETE"}}):
        client.get(f"/api/v1/briefs/{made}", **tried)
        client.post(f"/api/v1/briefs/{made}", data={"_method": "DELETE"}, **tried)
    assert client.get(f"/briefs/{made}/delete").status_code == 405
    assert client.get(f"/api/v1/briefs/{made}").status_code == 200


def test_pairs_to_check_count_as_text(client):
    """1,000 pairs of 2,000 characters are more than is taken at a time."""
    pairs = [{"arabic": TEXT, "english": "x" * 2000}] * 1000
    assert client.post("/api/v1/checks", json={"pairs": pairs}).status_code == 413


def test_a_list_in_place_of_one_field_is_no_way_round_the_limit(client):
    many = client.post("/translate", json={**ASKED, "q": ["ب" * 1000] * 201})
    assert many.status_code == 400 and "exceeds" in many.get_json()["error"]
    assert client.post("/translate", json={**ASKED, "q": [TEXT]}).get_json()["translatedText"] == [ENGLISH]
