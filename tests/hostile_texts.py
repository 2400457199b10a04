"""Texts that make Python's own parsers raise what they do not document."""

DEEP = 3000
JSON = {
    "nested lists": "[" * DEEP + "]" * DEEP,
    "nested objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "nested a little": "[" * 400 + "]" * 400,
    "an integer of 5,000 digits": "[" + "9" * 5000 + "]",
    "a NUL byte": '["\0"]',
    "half a surrogate pair": '["\\ud800"]',
    "half a surrogate pair as a key": '{"\\udfff": 1}',
    "no UTF-8": b'["\xff"]',
    "UTF-16": '["a"]'.encode("utf-16"),
    "a great many values": "[" + "[]," * 2_100_000 + "[]]",
    "cut short": '[{"a": ',
    "nothing": "",
}
TOML = {
    "nested lists": "a = " + "[" * DEEP + "]" * DEEP,
    "nested tables": "a = " + "{a=" * DEEP + "1" + "}" * DEEP,
    "nested a little": "a = " + "[" * 300 + "]" * 300,
    "dotted keys": ".".join(["a"] * DEEP) + " = 1",
    "an integer of 5,000 digits": "a = " + "9" * 5000,
    "a hexadecimal integer of a million digits": "a = 0x" + "f" * 1_000_000 + "g",
    "a NUL byte": 'a = "\0"',
    "half a surrogate pair": 'a = "\\ud800"',
    "no UTF-8": b'a = "\xff"',
    "a date that is none": "a = 9999-99-99",
    "longer than a megabyte": "# " + "x" * (1 << 20),
    "cut short": "a = [",
}
PYTHON = {
    "nested lists": "a = " + "[" * DEEP + "]" * DEEP,
    "1,500 nots": "a = " + "not " * 1500 + "b",
    "20,000 nots": "a = " + "not " * 20_000 + "b",
    "1,500 minuses": "a = " + "-" * 1500 + "b",
    "a sum of 1,500": "a = " + "+".join(["b"] * 1500),
    "1,500 attributes": "a = b" + ".c" * 1500,
    "1,500 branches": "if a: b\n" + "elif a: b\n" * 1500,
    "an integer of 5,000 digits": "a = " + "9" * 5000,
    "a NUL byte": "a = '\0'",
    "half a surrogate pair": "a = '\ud800'",
    "blocks in blocks": "".join(f"{' ' * it}if a:\n" for it in range(120)) + " " * 120 + "b",
    "cut short": "def f(:",
}


def encoded(text):
    """Return a text as the bytes of a file."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
