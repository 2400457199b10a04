class Solution:
    def level_sums(self, root: Optional[TreeNode]) -> List[int]:
        def height(node):
            return 1 + max(height(node.left), height(node.right)) if node else 0

        sums = [0] * height(root)

        def visit(node, depth):
            if node and depth < len(sums) - 1:
                sums[depth] += node.val
                visit(node.left, depth + 1)
                visit(node.right, depth + 1)

        visit(root, 0)
        return sums
