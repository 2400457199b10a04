import heapq
from typing import List


def window_maxima(nums: List[int], width: int) -> List[int]:
    heap = []
    maxima = []
    for i, level in enumerate(nums):
        heapq.heappush(heap, (-level, i))
        while heap[0][1] <= i - width:
            heapq.heappop(heap)
        if i + 1 >= width:
            maxima.append(-heap[0][0])
    return maxima
