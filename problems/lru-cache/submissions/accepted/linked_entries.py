class Entry:
    def __init__(self, key=None, value=None):
        self.key, self.value = key, value
        self.newer = self.older = self


class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = {}
        self.ring = Entry()  # ring.older is the newest entry, ring.newer the oldest

    def get(self, key):
        entry = self.entries.get(key)
        if entry is None:
            return -1
        self._unlink(entry)
        self._link_as_newest(entry)
        return entry.value

    def put(self, key, value):
        entry = self.entries.get(key)
        if entry is None:
            entry = self.entries[key] = Entry(key)
        else:
            self._unlink(entry)
        entry.value = value
        self._link_as_newest(entry)
        if len(self.entries) > self.capacity:
            oldest = self.ring.newer
            self._unlink(oldest)
            del self.entries[oldest.key]

    def recent(self):
        keys, entry = [], self.ring.older
        while entry is not self.ring:
            keys.append(entry.key)
            entry = entry.older
        return keys

    def _unlink(self, entry):
        entry.newer.older, entry.older.newer = entry.older, entry.newer

    def _link_as_newest(self, entry):
        entry.newer, entry.older = self.ring, self.ring.older
        entry.newer.older = entry.older.newer = entry
