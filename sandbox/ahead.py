"""The tester's requests to the candidate; those that can be foreseen from a test's code are sent ahead, in one message.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import collections
from typing import Callable, Deque, List, Tuple

from sandbox import wire


class Ahead:
    """Sends the requests of one test; `exchange(payload)` sends one to the candidate and returns its answer."""

    def __init__(self, exchange: Callable[[bytes], bytes]) -> None:
        self._exchange = exchange
        self._is_first = True
        self._expected: List[bytes] = []
        self._answers: Deque[Tuple[bytes, bytes]] = collections.deque()

    def begin(self) -> None:
        """Forget the previous test; the next request tells the candidate's process to do so, too."""
        self._is_first = True
        self._expected.clear()
        self._answers.clear()

    def expect(self, requests: List[bytes]) -> None:
        """Expect the test to begin with these requests.

        The first is sent alone, so that a program that fails it is not run on all of them; the others go together.
        """
        self._expected = requests

    @property
    def is_open(self) -> bool:
        """Whether requests were sent that the test has not made yet."""
        return bool(self._answers)

    def answer(self, request: bytes) -> bytes | None:
        """Return the candidate's answer to a request; it may have been received ahead.

        None where another request was sent ahead in this one's place.
        """
        if self._is_first:
            self._is_first = False
            if self._expected[:1] == [request]:
                del self._expected[0]
            else:
                self._expected.clear()
            return self._exchange(wire.FIRST_REQUEST + request[1:])
        expected, self._expected = self._expected, []
        if len(expected) > 1 and expected[0] == request:
            answers = self._exchange(wire.REQUESTS_AHEAD + wire.pack({}, *expected))
            self._answers.extend(zip(expected, wire.unpack(answers)[1]))
        if not self._answers:
            return self._exchange(request)
        sent, answer = self._answers.popleft()
        return answer if request == sent else None
