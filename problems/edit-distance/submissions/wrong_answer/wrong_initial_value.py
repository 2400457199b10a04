class Solution:
    def edit_distance(self, source: str, target: str) -> int:
        row = list(range(len(target) + 1))
        for i, old in enumerate(source, 1):
            above, row = row, [0]
            for j, new in enumerate(target, 1):
                if old == new:
                    row.append(above[j - 1])
                else:
                    row.append(1 + min(above[j], row[j - 1], above[j - 1]))
        return row[-1]
