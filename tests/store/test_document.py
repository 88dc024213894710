"""The document: what is written is read back, and nothing but that is accepted."""

import json
import re
import subprocess
import sys
import zlib

import pytest
from conftest import SRC
from hypothesis import given, settings
from hypothesis import strategies as st

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import find_volume, with_volumes
from sdxsim.model.records import Clock, File, Lab, Tree
from sdxsim.store import jsontext
from sdxsim.store.document import FORMAT, Document, from_bytes, to_bytes, trees
from sdxsim.store.trouble import Damaged


@pytest.fixture(scope="module")
def raw():
    return to_bytes(Document(7, {"argv": ["sdxinfo", "é"], "at": 1}, load("backing-up")))


SMALL = to_bytes(Document(1, {"argv": []}, Lab("x", Clock())))


def test_read_back_equal(raw):
    document = from_bytes(raw, "x")
    assert to_bytes(document) == raw
    expected = load("backing-up")
    assert to_bytes(Document(7, document.op, expected)) == raw, "trees are compared by name"
    assert document.lab == expected
    assert document.seq == 7


def test_it_is_json_sorted_and_readable(raw):
    content = json.loads(raw)
    assert list(content) == ["checksum", "format", "lab", "op", "seq"]
    assert content["format"] == FORMAT
    for line in raw.splitlines():
        assert line.count(b'"name"') <= 1  # one named object a line
    lab = content["lab"]
    assert [v["name"] for v in lab["classes"][0]["volumes"]][:3] == ["root", "usr", "home"]


def test_every_flipped_bit_is_noticed():
    for at in range(len(SMALL)):
        for bit in range(8):
            broken = bytearray(SMALL)
            broken[at] ^= 1 << bit
            with pytest.raises(Damaged):
                from_bytes(bytes(broken), "x")


def test_every_truncation_and_every_zeroed_byte_is_noticed(raw):
    for at in range(0, len(raw), 7):
        with pytest.raises(Damaged):
            from_bytes(raw[:at], "x")
        if raw[at]:
            with pytest.raises(Damaged):
                from_bytes(raw[:at] + b"\0" + raw[at + 1 :], "x")
    with pytest.raises(Damaged):
        from_bytes(raw + b"\n", "x")


def checksummed(body):
    return b'{"checksum": "crc32 %08x of %d bytes",\n' % (zlib.crc32(body), len(body)) + body


# fmt: off
@pytest.mark.parametrize("body", [
    b"", b"}", b"[]", b' "format": 1}', b' "format": 2, "lab": {}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": {}, "op": {}, "seq": 1}', b' "format": 1, "lab": {"scenario": "x", "clock": 5}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": {"scenario": "x", "clock": {}, "nodes": [{}]}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": {"scenario": "x", "clock": {}, "more": 1}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": ' + b"[" * 100_000 + b"]" * 100_000 + b', "op": {}, "seq": 1}',
    b' "format": 1, "lab": {"scenario": "x", "clock": {"virtual": 1e999}}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": {"scenario": "x", "clock": {"virtual": 1.5}}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": {"scenario": "x", "clock": {"virtual": NaN}}, "op": {}, "seq": 1}',
    b' "format": 1, "lab": {"scenario": "x", "clock": {"virtual": 9223372036854775808}}, "op": {}, "seq": 1}',
    b' "format": 1, "format": 1, "lab": {"scenario": "x", "clock": {}}, "op": {}, "seq": 1}',
    b' "format": ' + b"9" * 5_000 + b', "lab": {}, "op": {}, "seq": 1}',
    b"\xff\xfe", "{}".encode("utf-16"), b"\xef\xbb\xbf{}",
])
# fmt: on
def test_a_whole_document_that_says_something_else_is_refused_in_a_sentence(body):
    with pytest.raises(Damaged) as caught:
        from_bytes(checksummed(body), "NAME")
    assert str(caught.value).startswith("NAME ")
    assert "\n" not in str(caught.value)


def test_where_there_is_no_file_system_there_is_none(raw):
    said = {key: value for key, value in json.loads(raw).items() if key != "checksum"}
    said["lab"]["classes"][0]["volumes"][0]["data"] = None
    body = json.dumps(said, sort_keys=True)[1:].encode()
    assert find_volume(from_bytes(checksummed(body), "x").lab, "System", "root").data is None


def test_files_that_are_neither_a_name_nor_files_are_damage(raw):
    body = raw[raw.index(b"\n") + 1 :]
    named = re.search(rb'"files": "[0-9a-f]+"', body)[0]
    with pytest.raises(Damaged, match="is damaged"):
        from_bytes(checksummed(body.replace(named, b'"files": 5', 1)), "NAME")


def holding(lab, files):
    """`lab` with these files on volume opt."""
    volume = find_volume(lab, "System", "opt")
    return with_volumes(lab, "System", [volume._replace(data=volume.data._replace(files=files))])


def test_files_that_nobody_made_a_tree_of_are_kept_and_named_the_same():
    files = {"/a": File("x"), "/d": File("", 0o755, kind="dir")}
    labs = [holding(load("single-user"), made) for made in (files, Tree(files))]
    assert [len(list(trees(lab))) for lab in labs] == [len(list(trees(labs[1])))] * 2
    assert len({to_bytes(Document(1, {}, lab)) for lab in labs}) == 1


def test_json_without_its_accelerator_is_read_the_same(raw, monkeypatch):
    with_it = from_bytes(raw, "x")
    monkeypatch.setattr(jsontext, "_scanner", lambda: None)
    assert from_bytes(raw, "x") == with_it
    for broken in (b'{"a": NaN}', b'{"a": 1.5}', b'{"a": 1, "a": 1}', b'{"a": 99999999999999999999}', b"{} {}", b""):
        with pytest.raises(ValueError):
            jsontext.parse(broken.decode())


def test_json_without_its_accelerator_is_written_the_same(raw, monkeypatch):
    document = from_bytes(raw, "x")
    monkeypatch.setattr(jsontext, "_encoder", lambda: None)
    assert to_bytes(document) == raw


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_the_accelerator_writes_what_json_writes(value):
    assert jsontext._encoder() is not None
    assert jsontext._inline()(value) == json.dumps(value, sort_keys=True)


def test_what_is_no_json_value_is_not_written():
    with pytest.raises(TypeError):
        jsontext.written({"a": object()}, 1, " ")


def test_malformed_json_is_refused_where_json_itself_is_not_imported():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from sdxsim.store.jsontext import parse\n"
        "assert 'json' not in sys.modules\n"
        "for text in ('{,}', '[1,]', '{\"a\" 1}', '\"a', '[1 2]', '{\"a\": \"\\\\x\"}'):\n"
        "    try: parse(text)\n"
        "    except ValueError: print('refused')\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", code, str(SRC)], capture_output=True, text=True)
    assert (ran.stdout.split(), ran.stderr) == (["refused"] * 6, "")


def test_text_behind_the_value_or_none_at_all_is_refused():
    for broken in ("", " ", "{} {}", '{"a": 1}x', "nonsense"):
        with pytest.raises(ValueError):
            jsontext.parse(broken)


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_no_bytes_give_a_traceback(data):
    with pytest.raises(Damaged):
        from_bytes(data, "x")


@pytest.mark.parametrize("line", ["sdxinfo", "sdxinfo -G", "sdxproxy Part -c System -p Proxy1", "sdxsim status", "mount", "sdxsim wait"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb'"blocks": \d+', b'"blocks": "x"'), (rb'"blocks": \d+', b'"blocks": null'), (rb'"name": "[^"]*"', b'"name": 5'),
        (rb'"slices": \[', b'"slices": [5, '), (rb'"members": \[', b'"members": [[], '), (rb'"virtual": \d+', b'"virtual": "x"'),
    ],
)  # fmt: skip
def test_a_value_of_a_wrong_kind_with_a_right_checksum_is_no_traceback(shell, line, old, new):
    body = shell.document().partition(b"\n")[2]
    (shell.state / "state.json").write_bytes(checksummed(re.sub(old, new, body)))
    ran = shell.run(line)
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0 or ran.stderr.count("\n") in (1, 2)
