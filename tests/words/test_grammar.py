"""Synopses as forms: every form matches its own printed shape, wrong typing is refused with usage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdxsim.words import grammar
from sdxsim.words.attributes import ATTRIBUTES
from sdxsim.words.notes import Refusal
from sdxsim.words.syntax import ATTRIBUTES_OF, COMMANDS, EVIDENCE, FORMS, forms_of

SAMPLES = {
    "class": "C1", "group": "G1", "hgroup": "G1", "lgroup": "G2", "disk": "D1", "volume": "V1", "proxy": "P1",
    "master": "M1", "size": "65536", "slice": "D1.V1", "object": "V1", "infile": "in", "outfile": "out",
    "param": "copy_delay", "classname": "C2",
}  # fmt: skip


def sample(form, letter, printed):
    """A value that fits what the synopsis prints for an option."""
    if letter in "ex":
        known, _, needed = grammar.keywords(printed)
        word = needed or next(iter(known))
        value = known[word]
        return word if value is None else f"{word}={dict(msec='100', val='rw').get(value.partition(':')[0], 'node1')}"
    if printed.startswith("attribute="):
        table = ATTRIBUTES[ATTRIBUTES_OF.get(form.id, "volume")]
        return next(f"{n}={row[0] if n == 'name' else row[0][0]}" for n, row in table.items())
    # fmt: off
    pairs = {"num": "0=V1:on", "device": "c1t1d0=D1:undef", "mvol": "V1=V2:on", "param": "p=1", "disk": "D1=c1t1d0",
             "class": "C1=C2"}
    # fmt: on
    first = printed.partition("=")[0].partition(",")[0].partition("[")[0]
    if "=" in printed:
        return "c1t1d0=c1t2d0" if printed.startswith("device=newdevice") else pairs[first]
    return SAMPLES[first]


def typed(form, optional):
    """The words of one way to type the form."""
    plan = grammar.shape(form.synopsis)
    words = [plan.word] if plan.word else []
    words += [f"-{flag}" for flag in plan.flags]
    chosen = set().union(*(ways[0] for ways in plan.choices)) if plan.choices else set()
    among = set().union(*(set().union(*ways) for ways in plan.choices)) if plan.choices else set()
    for letter, (printed, required) in plan.options.items():
        if required or letter in chosen or (optional and letter not in among):
            words += [f"-{letter}", sample(form, letter, printed)]
    return words


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.id)
@pytest.mark.parametrize("optional", [False, True])
def test_every_form_matches_what_its_synopsis_says(form, optional):
    command = form.synopsis.split()[0]
    matched, arguments = grammar.match(command, typed(form, optional))
    assert matched.id == form.id
    assert arguments.get("class", "C1") == "C1" or form.id == "config.rename"


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.id)
def test_every_required_option_is_required(form):
    command, words = form.synopsis.split()[0], typed(form, False)
    for at, word in enumerate(words):
        if word.startswith("-") and at + 1 < len(words) and not words[at + 1].startswith("-"):
            try:
                matched, _ = grammar.match(command, words[:at] + words[at + 2 :])
            except Refusal as refused:
                assert refused.note.id == "usage.syntax"
                assert refused.forms
            else:
                assert matched.id != form.id


def test_no_two_forms_match_the_same_words():
    seen = {}
    for form in FORMS:
        key = (form.synopsis.split()[0], *typed(form, True))
        assert key not in seen, (form.id, seen.get(key))
        seen[key] = form.id
    assert len({form.id for form in FORMS}) == len(FORMS)


def test_every_printed_word_is_a_kind():
    for form in FORMS:
        for letter, (printed, _) in grammar.shape(form.synopsis).options.items():
            if letter not in "exa" and "=" not in printed:
                assert printed.partition(",")[0].partition("[")[0] in grammar.KINDS, form.id


def test_every_command_has_forms_and_evidence():
    assert set(EVIDENCE) == {form.synopsis.split()[0] for form in FORMS} == set(COMMANDS)
    assert set(ATTRIBUTES_OF) <= {form.id for form in FORMS}
    assert set(ATTRIBUTES_OF.values()) <= set(ATTRIBUTES)


# fmt: off
@pytest.mark.parametrize(("command", "words", "note", "fields"), [
    ("sdxvolume", [],                                         "usage.syntax",   {}),
    ("sdxvolume", [""],                                       "usage.syntax",   {}),
    ("sdxproxy",  [""],                                       "usage.syntax",   {}),
    ("sdxvolume", ["-N"],                                     "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-v", "V1"],                         "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-F", "-c", "C1"],                   "usage.syntax",   {}),
    ("sdxvolume", ["-c", "C1"],                               "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", "C1", "V1"],                   "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", "C1", "--", "V1"],             "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", "C1", "-c", "C2"],             "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", "C1", "-v", ""],               "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", "C1", "-v", "a,,b"],           "usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", ""],                           "usage.syntax",   {}),
    ("sdxvolume", ["-R", "-c", "C1", "-v", "V1,V2"],          "name.letters",   {"string": "V1,V2"}),
    ("sdxvolume", ["-M", "-c", "C1", "-v", "V", "-s", "1"],   "usage.syntax",   {}),
    ("sdxvolume", ["-M", "-c", "C", "-g", "G", "-d", "D", "-v", "V", "-s", "1"], "usage.syntax", {}),
    ("sdxvolume", ["-S", "-c", "C1", "-v", "V1", "-s", "0"],  "size.illegal",   {"size": "0"}),
    ("sdxvolume", ["-S", "-c", "C1", "-v", "V1", "-s", "-5"], "size.illegal",   {"size": "-5"}),
    ("sdxvolume", ["-N", "-c"],                               "usage.argument", {"option": "-c"}),
    ("sdxvolume", ["-Nz", "-c", "C1"],                        "usage.option",   {"option": "-z"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "junk"],           "usage.option",   {"option": "junk"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "mode"],           "usage.option",   {"option": "mode"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "mode=xx"],        "usage.value",    {"option": "mode", "value": "xx"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "unlock=1"],       "usage.option",   {"option": "unlock=1"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "delay=1001"],     "usage.value",    {"option": "delay", "value": "1001"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "delay=-1"],       "usage.value",    {"option": "delay", "value": "-1"}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "allnodes,node=n"],"usage.syntax",   {}),
    ("sdxvolume", ["-N", "-c", "C1", "-e", "mode=rw,mode=ro"],"usage.syntax",   {}),
    ("sdxproxy",  [],                                         "usage.syntax",   {}),
    ("sdxproxy",  ["Frob", "-c", "C1"],                       "usage.option",   {"option": "Frob"}),
    ("sdxproxy",  ["part", "-c", "C1", "-p", "P"],            "usage.option",   {"option": "part"}),
    ("sdxproxy",  ["-c", "C1", "Part", "-p", "P"],            "usage.option",   {"option": "-c"}),
    ("sdxproxy",  ["Break", "-c", "C1", "-p", "P1,P2"],       "name.letters",   {"string": "P1,P2"}),
    ("sdxproxy",  ["Part", "-c", "C1", "-p", "P", "-a", "pjrm=on"], "attribute.value", {"attribute": "pjrm", "value": "on"}),
    ("sdxproxy",  ["Part", "-c", "C1", "-p", "P", "-a", "x=1"], "attribute.name", {"attribute": "x"}),
    ("sdxproxy",  ["Join", "-c", "C", "-m", "M", "-p", "P", "-a", "V=W"], "usage.syntax", {}),
    ("sdxproxy",  ["Join", "-c", "C", "-m", "M", "-p", "P", "-a", "V=W:no"], "attribute.value", {"attribute": "jrm", "value": "no"}),
    ("sdxproxy",  ["Join", "-c", "C", "-m", "M", "-p", "P", "-a", "V=W:on:on:on"], "usage.syntax", {}),
    ("sdxproxy",  ["Root", "-c", "C1"],                       "usage.syntax",   {}),
    ("sdxattr",   ["-V", "-c", "C", "-v", "V", "-a", "mode"], "usage.syntax",   {}),
    ("sdxattr",   ["-V", "-c", "C", "-v", "V", "-a", "mode="], "usage.syntax",  {}),
    ("sdxattr",   ["-V", "-c", "C", "-v", "V", "-a", "mode=rx"], "attribute.value", {"attribute": "mode", "value": "rx"}),
    ("sdxattr",   ["-V", "-c", "C", "-v", "V", "-a", "mode=rw,mode=ro"], "usage.syntax", {}),
    ("sdxattr",   ["-V", "-c", "C", "-v", "V", "-a", "colour=red"], "attribute.name", {"attribute": "colour"}),
    ("sdxattr",   ["-V", "-c", "C", "-v", "V", "-a", "name=" + "a" * 33], "name.long", {"string": "a" * 33}),
    ("sdxslice",  ["-F", "-c", "C", "-s", "V"],               "name.slice",     {}),
    ("sdxslice",  ["-F", "-c", "C", "-s", "D.V,V"],           "name.slice",     {}),
    ("sdxattr",   ["-S", "-c", "C", "-s", "V", "-a", "jrm=on"], "name.slice",   {}),
    ("sdxslice",  ["-F", "-c", "C", "-s", "D.V.W"],           "name.letters",   {"string": "D.V.W"}),
    ("sdxinfo",   ["-e", "wide"],                             "usage.option",   {"option": "wide"}),
    ("sdxinfo",   ["-X"],                                     "usage.option",   {"option": "-X"}),
    ("sdxinfo",   ["-IA"],                                    "usage.syntax",   {}),
    ("sdxinfo",   ["System"],                                 "usage.syntax",   {}),
    ("sdxconfig", ["Convert", "-e", "update", "-c", "C", "-d", "D"], "usage.syntax", {}),
])
# fmt: on
def test_wrong_typing_is_refused(command, words, note, fields):
    with pytest.raises(Refusal) as caught:
        grammar.match(command, words)
    assert (caught.value.note.id, caught.value.note.fields) == (note, fields)
    assert bool(caught.value.forms) == note.startswith("usage.")


@pytest.mark.parametrize(("words", "flag"), [
    (["-M", "-z"], "-M"), (["-M", "-c"], "-M"), (["-M", "x"], "-M"), (["-c", "C", "-M", "-c", "D"], "-M"),
    (["-NcC", "-v"], "-N"), (["-z", "-M"], ""), (["-M", "-N", "-c", "C"], ""),
])  # fmt: skip
def test_usage_is_that_of_the_form_whose_letter_was_typed(words, flag):
    with pytest.raises(Refusal) as caught:
        grammar.match("sdxvolume", words)
    meant = [form for form in forms_of("sdxvolume") if f" {flag} " in form.synopsis] if flag else forms_of("sdxvolume")
    assert list(caught.value.forms) == meant


def test_zeros_in_front_of_a_number_change_nothing():
    line = "-M -c C -g G -v V -s"
    for size in ("5", "05", "0" * 40 + "5"):
        grammar.match("sdxvolume", [*line.split(), size, "-e", f"delay={'0' * 40}1000"])
    for size in ("0" * 40, "1" + "0" * 15, "1" + "0" * 5000, "٥", "0x5", " 5"):
        with pytest.raises(Refusal) as caught:
            grammar.match("sdxvolume", [*line.split(), size])
        assert caught.value.note == ("size.illegal", {"size": size})


def test_options_come_in_any_order_and_written_together():
    plain = grammar.match("sdxvolume", ["-N", "-c", "C1", "-v", "V1,V2", "-e", "mode=ro,unlock"])
    assert grammar.match("sdxvolume", ["-emode=ro,unlock", "-vV1,V2", "-NcC1"]) == plain
    assert plain[1]["volume"] == ["V1", "V2"]
    assert plain[1]["e"] == {"mode": "ro", "unlock": True}
    assert grammar.match("sdxinfo", ["-VS", "-D"])[1]["letters"] == "DSV"


def test_a_repeated_name_counts_once():
    assert grammar.match("sdxvolume", ["-F", "-c", "C", "-v", "a,b,a"])[1]["volume"] == ["a", "b"]


def test_a_name_of_32_characters_is_fine_and_33_are_not():
    assert grammar.match("sdxinfo", ["-c", "a" * 32])[1]["class"] == "a" * 32
    with pytest.raises(Refusal) as caught:
        grammar.match("sdxinfo", ["-c", "a" * 33])
    assert caught.value.note.id == "name.long"


@pytest.mark.parametrize("name", ["-x", "_x", "../x", "a b", "a/b", "a\x1b[31m", "é", "a\n", "a:b", "a=b", "\udce9"])
def test_a_name_is_letters_digits_hyphen_underline_and_begins_with_letter_or_digit(name):
    with pytest.raises(Refusal) as caught:
        grammar.match("sdxinfo", ["-c" + name])
    assert caught.value.note == ("name.letters", {"string": name})


@given(st.sampled_from(COMMANDS), st.lists(st.one_of(st.text(max_size=8), st.sampled_from(
    ["-c", "-v", "-p", "-N", "-F", "-a", "-e", "Part", "Root", "C1", "V1", "a=b", "mode=rw", "--", "-", "0=V:on"])), max_size=7))
def test_anything_typed_matches_or_is_refused(command, words):
    try:
        form, arguments = grammar.match(command, words)
    except Refusal as refused:
        assert refused.note.id.split(".")[0] in {"usage", "name", "size", "attribute"}
    else:
        assert form in forms_of(command)
        assert "letters" in arguments
