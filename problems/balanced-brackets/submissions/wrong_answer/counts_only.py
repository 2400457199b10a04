def is_balanced(text: str) -> bool:
    depth = Counter()
    for char in text:
        for opener, closer in ("()", "[]", "{}"):
            if char == opener:
                depth[opener] += 1
            elif char == closer:
                depth[opener] -= 1
                if depth[opener] < 0:
                    return False
    return not any(depth.values())
