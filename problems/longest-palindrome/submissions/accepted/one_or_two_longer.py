class Solution:
    def longest_palindrome(self, text):
        start, length = 0, 0
        for end in range(1, len(text) + 1):
            # A palindrome that ends here is at most two characters longer than the best one so far.
            for longer in (2, 1):
                piece = text[max(0, end - length - longer) : end]
                if len(piece) == length + longer and piece == piece[::-1]:
                    start, length = end - len(piece), len(piece)
                    break
        return text[start : start + length]
