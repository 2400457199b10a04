OPENERS, CLOSERS = "([{", ")]}"


def is_balanced(text: str) -> bool:
    due = deque()
    for char in text:
        at = OPENERS.find(char)
        if at >= 0:
            due.append(CLOSERS[at])
        elif char in CLOSERS:
            if len(due) == 0 or due[-1] != char:
                return False
            due.pop()
    return len(due) == 0
