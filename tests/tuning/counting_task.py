"""A task with a known best prompt, and a scripted model for it: answers are right if the prompt says `count` and `twice`.

With `count` alone every second one is, with neither every fifth one.
"""

import json
import re
import time

BEST = "Answer. Please count. Please twice."
WORDS = ("count", "twice")


def write_set(path, size=42):
    """Write questions `What is n + 1?`, as JSON lines; return the path."""
    rows = ({"id": f"sum-{n}", "question": f"What is {n} + 1?", "answer": n + 1} for n in range(size))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def is_right(prompt, number):
    said = [word in prompt for word in WORDS]
    return all(said) or (said[0] and number % 2 == 0) or number % 5 == 0


def answer(request, delay_s=0.0):
    """Answer by what the prompt says, so that it does not matter who asks when."""
    time.sleep(delay_s)
    if request.system.startswith("You improve a text"):
        prompt = request.user.split("```")[1].strip()
        missing = next((word for word in WORDS if word not in prompt), "again")
        return f"```\n{prompt} Please {missing}.\n```"
    if "you say how it should change" in " ".join(request.system.split()):
        return "It has to say how."
    number = int(re.search(r"(\d+) \+ 1", request.user)[1])
    prompt = request.system or request.user
    return f"So.\nAnswer: {number + 1 if is_right(prompt, number) else number + 7}"
