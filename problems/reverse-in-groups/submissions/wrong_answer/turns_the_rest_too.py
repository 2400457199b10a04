class Solution:
    def reverse_groups(self, head: Optional[ListNode], size: int) -> Optional[ListNode]:
        values = []
        while head:
            values.append(head.val)
            head = head.next
        for start in range(0, len(values), size):
            values[start : start + size] = values[start : start + size][::-1]
        result = None
        for value in reversed(values):
            result = ListNode(value, result)
        return result
