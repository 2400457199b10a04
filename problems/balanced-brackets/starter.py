def is_balanced(text: str) -> bool:
    pass
