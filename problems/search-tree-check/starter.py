class Solution:
    def is_search_tree(self, root: Optional[TreeNode]) -> bool:
        pass
