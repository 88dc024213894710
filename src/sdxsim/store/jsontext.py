"""JSON text -> values, and back, at what a short-lived process can afford.

`import json` brings `re` and `enum`, 6 ms of every command; its C scanner and encoder alone bring
nothing. They are used directly where this interpreter has them as we know them, else through json:
same language either way.
"""

_LARGEST = 1 << 63


def _object(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _whole(digits):
    number = int(digits)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError("a number is too large")
    return number


def _refused(text):
    raise ValueError(f"{text} is no whole number")


# What json.JSONDecoder hands its scanner, and what json.loads takes: whole numbers of 64 bits, no NaN,
# no key twice.
_HOOKS = {"object_pairs_hook": _object, "parse_int": _whole, "parse_float": _refused, "parse_constant": _refused}


class _Context:
    strict, object_hook, array_hook = True, None, None
    memo = {}  # noqa: RUF012  the C scanner keeps its own, it only looks for the name


for _name, _hook in _HOOKS.items():
    setattr(_Context, _name, staticmethod(_hook))


def _scanner():
    try:
        from _json import make_scanner
    except ImportError:
        return None
    try:
        return make_scanner(_Context)
    except (AttributeError, TypeError):  # another interpreter's idea of a context
        return None


def parse(text):
    """The value that `text` is. Raises ValueError, RecursionError."""
    scan = _scanner()
    if scan is None:
        import json

        return json.loads(text, **_HOOKS)
    try:
        value, end = scan(text, 0)
    except StopIteration:
        raise ValueError("no JSON value") from None
    except SystemError:  # it wanted json.decoder's exception, which nobody has imported
        raise ValueError("malformed JSON") from None
    if text[end:].strip(" \t\r\n"):
        raise ValueError("more than one JSON value")
    return value


# What json.JSONEncoder(sort_keys=True) hands its encoder: no circle to look for (documents are trees), nothing
# it does not know, strings as ASCII, no indent, separators, keys sorted, none skipped, NaN allowed.
def _encoder():
    try:
        from _json import encode_basestring_ascii, make_encoder
    except ImportError:
        return None
    try:
        encode = make_encoder(None, _unknown, encode_basestring_ascii, None, ": ", ", ", True, False, True)
        return encode if "".join(encode({"b": [], "a": None}, 0)) == '{"a": null, "b": []}' else None
    except TypeError:  # another interpreter's idea of an encoder
        return None


def _unknown(value):
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _inline():
    """A function: value -> JSON in one line."""
    encode = _encoder()
    if encode is None:
        import json

        return json.JSONEncoder(sort_keys=True).encode
    return lambda value: "".join(encode(value, 0))


_DEPTH = 5  # containers down to here are spread over lines: one line an object of a class


def written(value, depth, indent):
    """`value` as sorted JSON, spread over lines down to a depth of 5 and in one line below."""
    inline = _inline()

    def lines(value, depth, indent):
        if depth == _DEPTH or not isinstance(value, (dict, list)) or not value:
            return inline(value)
        deeper = indent + " "
        if isinstance(value, dict):
            parts = [f"{inline(k)}: {lines(value[k], depth + 1, deeper)}" for k in sorted(value)]
            opening, closing = "{}"
        else:
            parts = [lines(item, depth + 1, deeper) for item in value]
            opening, closing = "[]"
        body = f",\n{deeper}".join(parts)
        return f"{opening}\n{deeper}{body}\n{indent}{closing}"

    return lines(value, depth, indent)
