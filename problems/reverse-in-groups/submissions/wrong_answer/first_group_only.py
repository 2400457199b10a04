class Solution:
    def reverse_groups(self, head: Optional[ListNode], size: int) -> Optional[ListNode]:
        node = head
        for _ in range(size):
            if node is None:
                return head
            node = node.next
        turned = node
        for _ in range(size):
            head.next, turned, head = turned, head, head.next
        return turned
