"""Keeps warm workers: at most `size` of them, started when they are first needed, replaced when they are not clean."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from coderefine import interrupts
from coderefine.errors import CoderefineError
from coderefine.judge.worker import Worker, WorkerFault

MIN_MEMORY_MIB = 512
MAX_RUNS = 2000
"""How many programs a worker runs before it is replaced, clean or not, so that nothing can accumulate."""

_PATIENCE_S = 0.2
"""Seconds between two checks for a waiting Ctrl-C."""


class Pool:
    """A fixed number of places for workers; `lease` lends one."""

    def __init__(self, open_worker: Callable[[int], Worker], size: int) -> None:
        self._open_worker = open_worker
        self._places: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        self._size = size
        for _ in range(size):
            self._places.put(None)

    @contextmanager
    def lease(self, memory_mib: int) -> Iterator[Worker]:
        """Lend a worker whose sandbox holds candidates of `memory_mib`; waits while all workers are lent."""
        worker = self._take()
        try:
            if worker is not None and worker.memory_mib < memory_mib:
                worker.close()
                worker = None
            if worker is None:
                worker = self._open_worker(max(memory_mib, MIN_MEMORY_MIB))
            yield worker
        except BaseException:
            if worker is not None:
                worker.close()  # its state is unknown, also after Ctrl-C
            raise
        finally:
            if worker is not None and not worker.clean:
                worker.close()
                worker = None
            if worker is not None and worker.runs >= MAX_RUNS:
                worker.close()
                self._open_in_background(worker.memory_mib)
            else:
                self._places.put(worker)

    def prefetch(self, memory_mib: int) -> None:
        """Start workers in the background in all places that have none, so that they are warm when they are needed."""
        places = []
        with contextlib.suppress(queue.Empty):
            while True:
                places.append(self._places.get_nowait())
        for worker in places:
            if worker is not None:
                self._places.put(worker)
            else:
                self._open_in_background(max(memory_mib, MIN_MEMORY_MIB))

    def begin(self, memory_mib: int) -> threading.Thread:
        """Start one worker in the background for the next lease; it is ready when the returned thread has ended."""
        thread = threading.Thread(target=self._begin, args=(memory_mib,), daemon=True)
        thread.start()
        return thread

    def _begin(self, memory_mib: int) -> None:
        with contextlib.suppress(WorkerFault, CoderefineError), self.lease(memory_mib):
            pass  # the next lease meets the same failure, and reports it

    def _open_in_background(self, memory_mib: int) -> None:
        threading.Thread(target=self._open, args=(memory_mib,), daemon=True).start()

    def _open(self, memory_mib: int) -> None:
        worker = None
        try:
            worker = self._open_worker(memory_mib)
        except (WorkerFault, CoderefineError):
            pass  # the next lease of this place meets the same failure, and reports it
        finally:
            self._places.put(worker)

    def close(self) -> None:
        """End all workers, once; waits for those that are lent."""
        while self._size:
            worker = self._take()
            self._size -= 1
            if worker is not None:
                worker.close()

    def _take(self) -> Worker | None:
        """Wait for a free place; return its worker, or None where it has none yet."""
        while True:
            interrupts.check()
            with contextlib.suppress(queue.Empty):
                return self._places.get(timeout=_PATIENCE_S)
