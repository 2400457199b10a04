from collections import defaultdict, deque


class Solution:
    def level_sums(self, root):
        sums = defaultdict(int)
        queue = deque([(root, 0)])
        while queue:
            node, depth = queue.popleft()
            if node is not None:
                sums[depth] += node.val
                queue.extend(((node.left, depth + 1), (node.right, depth + 1)))
        return [sums[depth] for depth in range(len(sums))]
