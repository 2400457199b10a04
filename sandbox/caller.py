"""The tester's end of the channel: sends what the test asks to the candidate's process, and turns answers into objects.

A call is sent as a graph of objects, and so is its result; what the call changed in place is written back into the
caller's objects. Meanwhile the candidate may call functions of the test that it was given.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import asyncio
import builtins
import threading
import types
from typing import Any, Callable

from sandbox import ahead, aliases, foreign, foresight, mocks, objects, proxies, surroundings, values, waiting, wire

FILE = "test"
"""The file name under which the code of a test is compiled."""
_STOPS: dict[Any, type] = {"__next__": StopIteration, "__anext__": StopAsyncIteration}
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
UNFORESEEN = "the test did not ask what its text let expect"


class FromCandidate(Exception):
    """Marks exceptions that a proxy raised on the candidate's behalf."""


class Unjudged(BaseException):
    """The test did something that cannot be carried over to the candidate.

    A BaseException, so that no test catches it.
    """


class Unforeseen(BaseException):
    """The test asked something else than its text let expect. A BaseException, so that no test catches it."""


class Caller(proxies.Proxies):
    """Asks the candidate; `exchange(payload)` sends a request there and returns its answer.

    `may_equal`: the program's own `==` decides about objects that the test made.
    """

    def __init__(self, exchange: Callable[[bytes], bytes], may_equal: bool) -> None:
        super().__init__()
        self._exchange, self._may_equal = exchange, may_equal
        self.reason = ""
        """Why the test cannot be judged; "" where it can."""
        self.note = ""
        """A remark that may explain a failure, for the end of its message."""
        self._raised: dict[int, BaseException] = {}
        self._given = surroundings.Given()
        self._tasks = waiting.Tasks()
        self._turn = threading.RLock()
        self.thrown: frozenset[int] = frozenset()
        """Lines in a `with` of the test that raise an exception, or call the program, and look at no value."""
        self._table = aliases.Table()
        self._ahead = ahead.Ahead(exchange)

    def begin(self, code: bytes) -> None:
        """Forget the previous test, here and, with the next request, in the candidate's process."""
        self.clear()
        self._given.begin(code)
        for known in (self._raised, self._tasks, self._table):
            known.clear()
        self._ahead.begin()
        self.reason = self.note = ""

    def foresee(self, entry: str, calls: list[foresight.Call]) -> None:
        """Expect the test to begin with these calls; most of them are sent ahead (`Ahead.expect`)."""
        try:
            requests = [
                objects.pack([{"entry": entry, "args": args, "kwargs": kwargs, "do": "call"}], {}, self)[0]
                for args, kwargs in calls
            ]
        except values.Unencodable:
            return
        self._ahead.expect([wire.REQUEST + objects.dump(graph).encode("ascii") for graph in requests])

    @property
    def is_ahead(self) -> bool:
        """Whether the candidate was asked something that the test has not asked yet."""
        return self._ahead.is_open

    def ask(self, do: str, target: Any, **request: Any) -> Any:
        """Have the candidate's process do something and return its result; threads of the test take turns."""
        with self._turn:
            return self._ask(do, target, request)

    def _ask(self, do: str, target: Any, request: dict[str, Any]) -> Any:
        request["do"] = do
        if target is not None:
            request["target"] = target
        request.update(self._given.replaced())
        if do != "wait" and asyncio._get_running_loop() is not None:
            request["loop"] = True
        if self._is_reading:
            request["aside"] = True
        else:
            self.ask_again()
        graph, sent = self._packed(request)
        answer = self._told(self._answer(wire.REQUEST + objects.dump(graph).encode("ascii")))
        room = len(sent) + aliases.MAX_KEPT
        while answer[0] == "calls":
            reply = self._called(answer[1], sent, room)
            self.ask_again()
            answer = self._told(self._exchange(wire.REQUEST + objects.dump(reply).encode("ascii")))
        if answer[0] == "returned":
            return None if answer[1] is None else self._unpacked(answer[1], sent)
        if answer[0] == "undefined":
            raise KeyError(request["entry"])
        if answer[0] == "unreadable":
            error: BaseException = TypeError("the candidate answered %s" % answer[1])
        else:
            may_stop = {"wait": StopAsyncIteration}.get(do, _STOPS.get(request.get("name")))
            if request.get("name") in ("send", "throw") and getattr(type(target), "__library__", "") == "generator":
                may_stop = StopIteration
            error = self._error(answer, sent, may_stop)
        if id(error) not in self._handles:  # else it belongs to a function of the test
            self._raised[id(error)] = error
        raise error

    def _packed(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """Return the graph of a request, with the objects that both sides hold, and its objects by number."""
        kept = self._table.values()
        changed = [] if self._is_reading else self._copies.changed()
        try:
            graph, found = objects.pack([request, *kept, *changed], self._table.origins(), self)
            self.sent(found)
            return graph, found
        except values.Unencodable as error:
            if not kept:
                raise self.unjudged(str(error)) from None
        except ValueError:  # such as a stream that is closed
            if not kept:
                raise
        self._table.clear()  # the test has put something into a kept object that cannot cross over
        return self._packed(request)

    def _unpacked(self, text: Any, sent: list[Any]) -> Any:
        """Return the result of an answer, after the test's objects have been updated with what was changed."""
        graph = objects.load(text)
        if self._is_reading:
            return objects.unpack(graph, sent, self)[0][0]
        self._table.clear()
        self._is_reading = True  # hashing a member may ask the program meanwhile; such a request stands aside
        try:
            (result, *_), found, _ = objects.unpack(graph, sent, self)
        finally:
            self._is_reading = False
        self._table.begin(graph, found)
        return result

    def _answer(self, request: bytes) -> bytes:
        answer = self._ahead.answer(request)
        if answer is None:
            raise self.unforeseen()
        return answer

    def unforeseen(self) -> Unforeseen:
        """Return the exception that ends a test which asked something else than was expected."""
        self.reason = self.reason or UNFORESEEN
        return Unforeseen(UNFORESEEN)

    @staticmethod
    def _told(message: bytes) -> Any:
        answer = values.decode(message)
        return answer[1] if answer[0] == "evidence" else answer

    def _called(self, text: Any, home: list[Any], room: int) -> dict[str, Any]:
        """Call a function that the test lent the candidate; return the answer as a graph.

        Objects that either side shows the other for the first time are added to `home`, while there is room.
        """
        asked = objects.load(text)
        (request, *_), received, changeable = objects.unpack(asked, home, self)
        home.extend(received[number] for number in aliases.checked(asked, "given", room - len(home)))
        if id(request["target"]) not in self._handles:  # the program made the target up, or knows it by its name
            raise values.Malformed("nothing that the test has lent")
        try:
            answer = {"do": "answer", "value": self._do(request)}
        except Exception as error:
            self.keep(error)
            answer = {"do": "raise", "error": proxies.Own(error)}
        origins = {id(received[number]): number for number in changeable}
        try:
            seen = [received[number] for number in changeable]
            graph, given = objects.pack([answer, *seen, *self._copies.changed()], origins, self)
            self.sent(given)
        except values.Unencodable as error:
            raise self.unjudged(str(error)) from None
        # An object that a class made for the program counts as made by the program: it is equal to nothing but its
        # like.
        is_made = isinstance(request["target"], type)
        graph["given"] = [] if is_made else aliases.shown(graph, given, [answer], room - len(home))
        home.extend(given[number] for number in graph["given"])
        return graph

    def _do(self, request: dict[str, Any]) -> Any:
        do, target = request["do"], request["target"]
        if do == "next":
            return next(target)
        if do == "anext":
            return type(target).__anext__(target)
        if do == "wait":
            return self._tasks.state(target, request["cancel"])
        if do == "mock":
            return mocks.answer(target, request)
        return target(*request["args"], **request["kwargs"])

    def _error(self, answer: list[Any], sent: list[Any], may_stop: Any) -> BaseException:
        """Return the exception that the candidate raised, but never one that would end a test as a success.

        StopIteration would do so in a test that calls the candidate by map(). Only an iterator may raise it; `may_stop`
        is then that type.
        """
        if answer[1] == "SystemExit":
            return SystemExit(int(answer[2]) if answer[2].lstrip("-").isdigit() else answer[2] or None)
        found: Any = None
        if len(answer) > 5 and answer[5]:
            found, chain = self._unpacked(answer[5], sent)
            _link(chain)
        if not isinstance(found, Exception):
            known = getattr(builtins, str(answer[1]), None)
            is_known = isinstance(known, type) and issubclass(known, Exception)
            try:
                found = known(str(answer[2])) if is_known else None
            except TypeError:  # such as UnicodeDecodeError, which takes five arguments
                found = None
        is_stop = isinstance(found, (StopIteration, StopAsyncIteration))
        if found is None or (is_stop and not (may_stop and isinstance(found, may_stop))):
            return type(str(answer[1]), (FromCandidate,), {})(str(answer[2]))
        return found

    def is_raised(self, error: Any) -> bool:
        """Whether the candidate raised this exception."""
        return id(error) in self._raised

    def may_hide(self, error: Any) -> bool:
        """Whether a `with` of the program may end an exception, because it was raised where the test looks at no value.

        A failed assertion, and all else that a test raises because of a value it saw, is not the program's to hide.
        Neither is the program's own exception where an assertion asked for a value.
        """
        trace, line, is_tests = getattr(error, "__traceback__", None), None, False
        while trace is not None:
            is_tests = trace.tb_frame.f_code.co_filename == FILE
            line = trace.tb_lineno if is_tests else line
            trace = trace.tb_next
        if isinstance(error, AssertionError) or line not in self.thrown:
            return False
        return is_tests or self.is_raised(error)

    def unjudged(self, what: str) -> Unjudged:
        """Return the exception that ends a test which cannot be judged."""
        self.reason = self.reason or what
        return Unjudged(what)

    def made(self, value: Any) -> Any:
        """Mark an object of the program as made by the test itself; return it."""
        if id(value) in self._about:
            self._about[id(value)].made = True
        return value

    def operator(self, one: Any, name: str, args: tuple[Any, ...], fallback: Any) -> Any:
        """Compare or combine two objects; the program decides only if both are its own, or if the test made one of
        them.
        """
        is_made = self._about[id(one)].made
        tells_nothing = name in foreign.OPERATORS and args and isinstance(args[0], _FUNCTIONS)
        is_own = is_made and (self._may_equal or name not in foreign.COMPARISONS)
        is_asked = tells_nothing or is_own or (args and self._is_foreign(args[0]))
        if not is_asked:
            if fallback is not None:
                return fallback(one, *args)
            if is_made:
                raise self.unjudged("`%s` of an object of the program and a value of the test" % name)
            if name == "__contains__":
                return any(item is args[0] or item == args[0] for item in one)
            self.note = " (the program's own `%s` is not asked about values of the test)" % name
            return NotImplemented
        result = self.ask("special", one, name=name, args=list(args))
        return self.made(result) if is_made else result

    def _is_foreign(self, value: Any) -> bool:
        return id(value) in self._about or isinstance(value, foreign.ForeignType)

    def attribute(self, owner: Any, name: str) -> Any:
        """Return an attribute: as it was sent with the object if nothing was asked since, else the program's."""
        about = self._about.get(id(owner))
        if about is not None and about.fields is not None and name in about.fields:
            return about.fields[name]
        return self.ask("get", owner, name=name)


def _link(chain: Any) -> None:
    """Set the causes and contexts of exceptions."""
    for error, cause, context, is_told in chain:
        if isinstance(error, Exception) and all(it is None or isinstance(it, Exception) for it in (cause, context)):
            error.__cause__, error.__context__, error.__suppress_context__ = cause, context, not is_told
