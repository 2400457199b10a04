class Solution:
    def reverse_groups(self, head: Optional[ListNode], size: int) -> Optional[ListNode]:
        nodes = []
        while head is not None:
            nodes.append(head)
            head = head.next
        for start in range(0, len(nodes) - size + 1, size):
            nodes[start : start + size] = nodes[start : start + size][::-1]
        for node, following in zip(nodes, nodes[1:] + [None]):
            node.next = following
        return nodes[0]
