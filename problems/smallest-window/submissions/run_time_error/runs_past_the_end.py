class Solution:
    def smallest_window(self, text: str, letters: str) -> str:
        needed = Counter(letters)
        missing = len(letters)
        best = ""
        left = right = 0
        while left < len(text):
            while missing > 0:
                if needed[text[right]] > 0:
                    missing -= 1
                needed[text[right]] -= 1
                right += 1
            if not best or right - left < len(best):
                best = text[left:right]
            needed[text[left]] += 1
            if needed[text[left]] > 0:
                missing += 1
            left += 1
        return best
