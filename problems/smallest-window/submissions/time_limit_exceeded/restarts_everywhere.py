class Solution:
    def smallest_window(self, text: str, letters: str) -> str:
        best = ""
        for left in range(len(text)):
            needed = Counter(letters)
            missing = len(letters)
            for right in range(left, len(text)):
                if needed[text[right]] > 0:
                    missing -= 1
                needed[text[right]] -= 1
                if missing == 0:
                    if not best or right - left + 1 < len(best):
                        best = text[left : right + 1]
                    break
        return best
