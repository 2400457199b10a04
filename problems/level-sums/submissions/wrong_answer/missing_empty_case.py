class Solution:
    def level_sums(self, root: Optional[TreeNode]) -> List[int]:
        sums = [0]
        queue = deque([(root, 0)])
        while queue:
            node, depth = queue.popleft()
            if node is None:
                continue
            if depth == len(sums):
                sums.append(0)
            sums[depth] += node.val
            queue.append((node.left, depth + 1))
            queue.append((node.right, depth + 1))
        return sums
