def mirrored(node):
    return node and TreeNode(node.val, mirrored(node.right), mirrored(node.left))


class Solution:
    def mirror(self, root):
        return mirrored(root)
