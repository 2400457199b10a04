def is_balanced(text: str) -> bool:
    partner = {")": "(", "]": "[", "}": "{"}
    stack = []
    for char in text:
        if char in "([{":
            stack = stack + [char]
        elif char in partner:
            if not stack or stack[-1] != partner[char]:
                return False
            stack = stack[:-1]
    return not stack
