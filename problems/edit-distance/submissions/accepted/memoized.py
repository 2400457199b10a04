from functools import lru_cache


class Solution:
    def edit_distance(self, source: str, target: str) -> int:
        @lru_cache(maxsize=None)
        def strokes(i: int, j: int) -> int:
            if i == len(source) or j == len(target):
                return len(source) - i + len(target) - j
            if source[i] == target[j]:
                return strokes(i + 1, j + 1)
            return 1 + min(strokes(i + 1, j), strokes(i, j + 1), strokes(i + 1, j + 1))

        return strokes(0, 0)
