class Solution:
    def is_search_tree(self, root: Optional[TreeNode]) -> bool:
        def within(node, low=None, high=None):
            if node is None:
                return True
            if node.val <= low or node.val >= high:
                return False
            return within(node.left, low, node.val) and within(node.right, node.val, high)

        return within(root)
