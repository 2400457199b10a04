from typing import Optional


class Solution:
    def reverse_groups(self, head: "Optional[ListNode]", size: int) -> "Optional[ListNode]":
        nodes = []
        node = head
        while node is not None:
            nodes.append(node)
            node = node.next
        for start in range(0, len(nodes) - size + 1, size):
            nodes[start : start + size] = nodes[start : start + size][::-1]
        for node, following in zip(nodes, nodes[1:] + [None]):
            node.next = following
        return nodes[0] if nodes else None
