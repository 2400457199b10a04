def is_balanced(text: str) -> bool:
    partner = {")": "(", "]": "[", "}": "{"
    stack = []
    for char in text:
        if char in "([{":
            stack.append(char)
        elif char in partner:
            if not stack or stack.pop() != partner[char]:
                return False
    return not stack
