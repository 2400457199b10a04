class Solution:
    def longest_palindrome(self, text: str) -> str:
        best = ""
        for centre in range(len(text)):
            left = right = centre
            while left >= 0 and right < len(text) and text[left] == text[right]:
                left -= 1
                right += 1
            if right - left - 1 > len(best):
                best = text[left + 1 : right]
        return best
