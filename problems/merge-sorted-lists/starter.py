class Solution:
    def merge(self, first: Optional[ListNode], second: Optional[ListNode]) -> Optional[ListNode]:
        pass
