class Solution:
    def is_search_tree(self, root: Optional[TreeNode]) -> bool:
        def within(node, low, high):
            if node = None:
                return True
            if not low < node.val < high:
                return False
            return within(node.left, low, node.val) and within(node.right, node.val, high)

        return within(root, -inf, inf)
