class Solution:
    def longest_palindrome(self, text: str) -> str:
        pieces = [text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1)]
        return max((piece for piece in pieces if piece == piece[::-1]), key=len)
