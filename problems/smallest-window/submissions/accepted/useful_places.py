from collections import Counter, defaultdict, deque


class Solution:
    def smallest_window(self, text, letters):
        needed = Counter(letters)
        latest = defaultdict(deque)  # for each character, the last places where as many as needed stand
        places = [i for i, char in enumerate(text) if char in needed]
        full, first, best = 0, 0, None
        for i in places:
            mine = latest[text[i]]
            mine.append(i)
            if len(mine) > needed[text[i]]:
                mine.popleft()
            elif len(mine) == needed[text[i]]:
                full += 1
            if full == len(needed):
                while latest[text[places[first]]][0] != places[first]:
                    first += 1
                start = places[first]
                if best is None or i - start < best[1] - best[0]:
                    best = start, i
        return text[best[0] : best[1] + 1] if best else ""
