class Solution:
    def longest_palindrome(self, text: str) -> str:
        pass
