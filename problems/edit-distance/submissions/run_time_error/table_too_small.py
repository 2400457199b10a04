class Solution:
    def edit_distance(self, source: str, target: str) -> int:
        rows, columns = len(source) + 1, len(target) + 1
        best = [[i + j for j in range(len(target))] for i in range(rows)]
        for i in range(1, rows):
            for j in range(1, columns):
                if source[i - 1] == target[j - 1]:
                    best[i][j] = best[i - 1][j - 1]
                else:
                    best[i][j] = 1 + min(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1])
        return best[-1][-1]
