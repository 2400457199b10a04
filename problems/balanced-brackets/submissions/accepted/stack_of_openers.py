def is_balanced(text: str) -> bool:
    partner = {")": "(", "]": "[", "}": "{"}
    open_brackets = []
    for char in text:
        if char in "([{":
            open_brackets.append(char)
        elif char in partner:
            if not open_brackets or open_brackets.pop() != partner[char]:
                return False
    return not open_brackets
