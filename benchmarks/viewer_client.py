"""Viewers without a browser: they speak Streamlit's protocol and ask for ticks as its frontend does.

What the frontend of Streamlit 1.67 does, read from its bundle: it keeps one timer for each fragment with ``run_every``, asks
for a rerun whenever it rings, whether or not the one before was answered, sends along what the widgets show and which large
messages it has kept, and forgets all timers when the whole page runs. A server that is behind answers several by one run.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

KEPT_FOR_RUNS = 2  # of its fragment, after which the frontend lets a large message go
GRACE_S = 12.0  # how long after the window an answer is waited for; what has none by then was missed
STEP = re.compile(r"live-numbers[^>]*><div><dt>[^<]*</dt><dd>([\d,]+)")


@dataclass(slots=True, kw_only=True)
class Tick:
    """One rerun that a timer asked for; ``seconds`` until its run ended, None where it had no run of its own."""

    fragment: str
    asked_at: float
    seconds: float | None = None


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one viewer saw."""

    opened_s: float | None = None  # from the connection to the end of the page's first run
    ticks: list[Tick] = field(default_factory=list)
    steps: list[tuple[float, int]] = field(default_factory=list)  # when, and up to which step of training
    intervals: dict[str, float] = field(default_factory=dict)  # of each fragment that refreshes
    num_bytes: int = 0
    num_messages: int = 0
    failure: str = ""


class Viewer:
    """One open tab on a live run."""

    def __init__(self, address: str, run_id: str) -> None:
        self.address, self.run_id = address, run_id
        self.seen = Seen()
        self._page = ""
        self._waiting: dict[str, list[Tick]] = defaultdict(list)  # asked for, and no run has begun since
        self._answered: dict[str, list[Tick]] = defaultdict(list)  # what the run that has begun will answer
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._widgets: dict[str, WidgetState] = {}
        self._kept: dict[str, int] = {}  # hash of a large message: runs since it was needed last

    async def watch(self, until: float) -> None:
        """Open the page, look on until then, and wait a while for what is still to come."""
        began_at, url = time.monotonic(), self.address.replace("http", "ws", 1)
        protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN"]
        try:
            async with connect(
                f"{url}/_stcore/stream", origin=self.address, subprotocols=protocols,
                compression=None, max_size=None, open_timeout=60, ping_interval=None,
            ) as socket:  # fmt: skip
                self._socket = socket
                await socket.send(self._rerun())
                await self._listen(socket, began_at, until)
        except OSError as reason:
            self.seen.failure = str(reason)
        finally:
            self._forget_timers()

    async def _listen(self, socket: ClientConnection, began_at: float, until: float) -> None:
        while (left := until + GRACE_S - time.monotonic()) > 0:
            if time.monotonic() >= until:
                self._forget_timers()
                if not any([*self._waiting.values(), *self._answered.values()]):
                    return
            try:
                async with asyncio.timeout(min(left, 1.0)):
                    data = await socket.recv()
            except TimeoutError:
                continue
            self.seen.num_bytes += len(data)
            self.seen.num_messages += 1
            self._hear(ForwardMsg.FromString(bytes(data)), began_at)

    def _hear(self, message: ForwardMsg, began_at: float) -> None:
        kind, now = message.WhichOneof("type"), time.monotonic()
        fragments = list(message.metadata.run.fragment_ids)
        if message.metadata.cacheable:
            self._kept[message.hash] = 0
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
            if not fragments:
                self._forget_timers()
            for each in fragments:
                self._answered[each] += self._waiting.pop(each, [])
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self._set_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for each in message.stop_auto_rerun.fragment_ids:
                self._forget_timer(each)
        elif kind == "ref_hash":
            self._kept[message.ref_hash] = 0
        elif kind == "script_finished":
            self._finish(fragments, began_at, now)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._look_at(message.delta.new_element, now)

    def _finish(self, fragments: list[str], began_at: float, now: float) -> None:
        if self.seen.opened_s is None and not fragments:
            self.seen.opened_s = now - began_at
        for fragment in fragments:
            first, *_missed = self._answered.pop(fragment, []) or [None]
            if first is not None:
                first.seconds = now - first.asked_at
        self._kept = {hash_: runs + 1 for hash_, runs in self._kept.items() if runs < KEPT_FOR_RUNS}

    def _look_at(self, element: Element, now: float) -> None:
        kind = element.WhichOneof("type")
        if kind in ("html", "bidi_component"):
            told = element.html.body if kind == "html" else element.bidi_component.bytes.decode(errors="replace")
            if (found := STEP.search(told)) is not None:
                self.seen.steps.append((now, int(found[1].replace(",", ""))))
        elif kind in ("button_group", "radio", "selectbox", "text_input"):
            self._remember(kind, getattr(element, kind))

    def _remember(self, kind: str, widget: Any) -> None:
        """Keep what a widget shows, as far as the server set it: it goes along with each rerun."""
        state = WidgetState(id=widget.id)
        if kind == "button_group":
            state.string_array_value.data.extend(widget.raw_values)
        elif shown := widget.value if kind == "text_input" else widget.raw_value:
            state.string_value = shown
        if widget.set_value:
            self._widgets[widget.id] = state

    def _set_timer(self, fragment: str, interval: float) -> None:
        if fragment in self._timers and self.seen.intervals.get(fragment) == interval:
            return
        self._forget_timer(fragment)
        self.seen.intervals[fragment] = interval
        self._timers[fragment] = asyncio.create_task(self._ring(fragment, interval))

    async def _ring(self, fragment: str, interval: float) -> None:
        at = time.monotonic()
        while True:
            at += interval
            await asyncio.sleep(at - time.monotonic())
            tick = Tick(fragment=fragment, asked_at=time.monotonic())
            self.seen.ticks.append(tick)
            self._waiting[fragment].append(tick)
            await self._socket.send(self._rerun(fragment))

    def _forget_timer(self, fragment: str) -> None:
        if (timer := self._timers.pop(fragment, None)) is not None:
            timer.cancel()

    def _forget_timers(self) -> None:
        for fragment in list(self._timers):
            self._forget_timer(fragment)

    def _rerun(self, fragment: str = "") -> bytes:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name = f"run={self.run_id}", "" if self._page else "live"
        asked.page_script_hash, asked.fragment_id, asked.is_auto_rerun = self._page, fragment, bool(fragment)
        asked.widget_states.widgets.extend(self._widgets.values())
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.timezone, asked.context_info.locale = "UTC", "en-US"
        asked.context_info.url = f"{self.address}/live"
        return message.SerializeToString()


async def watch_together(address: str, run_id: str, *, num_viewers: int, ramp_s: float, until: float) -> list[Seen]:
    """Let viewers come one after the other within ``ramp_s`` and look on until then."""
    viewers = [Viewer(address, run_id) for _ in range(num_viewers)]

    async def come(number: int) -> None:
        await asyncio.sleep(ramp_s * number / num_viewers)
        await viewers[number].watch(until)

    await asyncio.gather(*(come(number) for number in range(num_viewers)))
    return [each.seen for each in viewers]


def main() -> None:
    """Write what the viewers saw to standard output, as JSON; ``--until`` is a moment of this machine's monotonic clock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("run_id")
    for name, kind in (("num-viewers", int), ("ramp-s", float), ("until", float)):
        parser.add_argument(f"--{name}", type=kind, required=True)
    asked = vars(parser.parse_args())
    seen = asyncio.run(watch_together(**asked))
    json.dump([asdict(each) for each in seen], sys.stdout)


if __name__ == "__main__":
    main()
