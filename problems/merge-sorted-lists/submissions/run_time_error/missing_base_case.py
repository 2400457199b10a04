class Solution:
    def merge(self, first: Optional[ListNode], second: Optional[ListNode]) -> Optional[ListNode]:
        if first is None:
            return second
        if first.val <= second.val:
            first.next = self.merge(first.next, second)
            return first
        second.next = self.merge(first, second.next)
        return second
