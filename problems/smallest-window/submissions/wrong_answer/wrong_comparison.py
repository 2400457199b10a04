class Solution:
    def smallest_window(self, text: str, letters: str) -> str:
        needed = Counter(letters)
        missing = len(letters)
        best = ""
        left = 0
        for right, char in enumerate(text):
            if needed[char] > 0:
                missing -= 1
            needed[char] -= 1
            while missing == 0:
                if not best or right - left + 1 > len(best):
                    best = text[left : right + 1]
                needed[text[left]] += 1
                if needed[text[left]] > 0:
                    missing += 1
                left += 1
        return best
