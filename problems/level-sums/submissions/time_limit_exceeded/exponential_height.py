class Solution:
    def level_sums(self, root: Optional[TreeNode]) -> List[int]:
        def height(node):
            if node is None:
                return 0
            if height(node.left) > height(node.right):
                return height(node.left) + 1
            return height(node.right) + 1

        sums = [0] * height(root)

        def visit(node, depth):
            if node:
                sums[depth] += node.val
                visit(node.left, depth + 1)
                visit(node.right, depth + 1)

        visit(root, 0)
        return sums
