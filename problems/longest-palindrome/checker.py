def check(args, expected, got):
    text = args[0]
    if type(got) is not str:
        return "expected a text, not " + type(got).__name__
    if got not in text:
        return "this is no piece of the given text"
    if got != got[::-1]:
        return "this is no palindrome"
    if len(got) < len(expected):
        return "this palindrome has %d characters, but there is a longer one" % len(got)
    return True
