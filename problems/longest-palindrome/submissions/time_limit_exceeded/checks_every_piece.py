class Solution:
    def longest_palindrome(self, text: str) -> str:
        best = text[0]
        for start in range(len(text)):
            for end in range(start, len(text)):
                left, right = start, end
                while left < right and text[left] == text[right]:
                    left += 1
                    right -= 1
                if left >= right and end - start + 1 > len(best):
                    best = text[start : end + 1]
        return best
