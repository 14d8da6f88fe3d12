"""One learner of a class, without a browser: logs in at a hub, opens a chapter, runs it, moves sliders.

Requests, messages and their order are those of the login page, of nbgitpuller's page, of JupyterLab
and of front/panel.js. Not made: the download of JupyterLab's own scripts, and drawing.
"""

import asyncio
import json
import random
import time
import uuid
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"  # JupyterLab's own
PATIENCE = 120  # seconds for an answer of hub, server or kernel
LAST_MOVES = 15  # seconds for the answer to the last moves
TELL, STORED, AROUND, AT_ONCE = 0.25, 300, 30, 3  # as in front/panel.js


class Failure(Exception):
    """What went wrong for a learner, in one sentence."""


def json_bytes(part):
    return json.dumps(part).encode()


class Kernel:
    """A kernel behind its websocket: sends requests, keeps replies, hands on what widgets say."""

    def __init__(self, socket, session):
        self.socket, self.session = socket, session
        self.replies, self.states, self.comms = {}, [], {}  # comms: {comm id: its state}
        self.opened = []  # comm ids in order
        self.hear = {}  # {comm id: called with the content of a message}
        self.news = asyncio.Event()
        self.lost = False
        self.listening = asyncio.create_task(self._listen())

    def send(self, type, content, channel="shell"):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": type,
            "session": self.session,
            "username": "",
            "version": "5.4",
        }
        header["date"] = datetime.now(UTC).isoformat()
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.write_message(serialize_msg_to_ws_v1(message, channel, json_bytes), binary=True)
        return header["msg_id"]

    def tell(self, comm, data):
        return self.send("comm_msg", {"comm_id": comm, "data": data})

    async def _listen(self):
        while (frame := await self.socket.read_message()) is not None:
            _, (header, parent, _, content, *_) = deserialize_msg_from_ws_v1(frame)
            type, content = json.loads(header)["msg_type"], json.loads(content)
            if type.endswith("_reply"):
                self.replies[json.loads(parent)["msg_id"]] = content
            elif type == "status":
                self.states.append(content["execution_state"])
            elif type == "comm_open":
                self.comms[content["comm_id"]] = content["data"].get("state", {})
                self.opened.append(content["comm_id"])
            elif type == "comm_msg":
                comm, data = content["comm_id"], content["data"]
                if data.get("method") == "update" and comm in self.comms:
                    self.comms[comm].update(data["state"])
                if comm in self.hear:
                    self.hear[comm](data)
            self.news.set()
        self.lost = True
        self.news.set()

    async def until(self, true, what, seconds=PATIENCE):
        """Wait until true(); Failure names `what` was waited for."""
        end = time.monotonic() + seconds
        while not true():
            left = end - time.monotonic()
            if self.lost:
                raise Failure(f"the connection to the kernel was lost while waiting for {what}")
            if left <= 0:
                raise Failure(f"no {what} within {seconds} s")
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), left)
            except TimeoutError:
                pass

    async def until_lost(self, seconds=PATIENCE):
        """Until the connection is gone."""
        await asyncio.wait_for(self.listening, seconds)

    async def ask(self, type, content, channel="shell"):
        id = self.send(type, content, channel)
        await self.until(lambda: id in self.replies, f"answer to {type}")
        return self.replies[id]

    async def close(self):
        self.listening.cancel()
        self.socket.close()
        await asyncio.gather(self.listening, return_exceptions=True)


class Panel:
    """What a panel's page does with moves: front/panel.js without the pictures.

    waits: (when moved, milliseconds until it or something newer was to be seen);
    answers: (when asked, milliseconds until the kernel's answer).
    """

    def __init__(self, kernel, comm, waits, answers):
        self.kernel, self.comm, self.waits, self.answers = kernel, comm, waits, answers
        state = kernel.comms[comm]
        self.controls, self.at, self.ahead = state["controls"], dict(state["shown"]), state["ahead"]
        self.stored, self.tried = {}, set()
        self.open, self.next, self.hand, self.looking, self.telling = None, {}, None, False, None
        self.view, self.number = uuid.uuid4().hex, 0  # of this page, and of its questions
        self.moved, self.unseen = 0, []  # unseen: (number of the move, when)
        kernel.hear[comm] = self._heard
        self._store(self.at)

    def sliders(self):
        return [control for control in self.controls if "stops" in control]

    def _key(self, places):
        parts = [
            places[c["name"]]
            and places[c["name"]]["exact"]
            and (places[c["name"]].get("stop", places[c["name"]].get("text")))
            for c in self.controls
        ]
        return None if any(part is False or part is None for part in parts) else tuple(parts)

    def _store(self, places):
        if key := self._key(places):
            self.stored[key] = True
            if len(self.stored) > STORED:
                del self.stored[next(iter(self.stored))]

    def move(self, control, stop):
        name, now = control["name"], time.perf_counter()
        self.hand = control
        self.next[name] = {"stop": stop}
        self.at = {**self.at, name: {"stop": stop, "exact": True}}
        self.moved += 1
        self.unseen.append((self.moved, now))
        if self.telling:
            self.telling.cancel()
        if self._key(self.at) in self.stored:
            self._seen(self.moved)
            self.telling = asyncio.get_running_loop().call_later(TELL, self._send)
        else:
            self._send()

    def _seen(self, number):
        now = time.perf_counter()
        self.waits += [(when, 1000 * (now - when)) for each, when in self.unseen if each <= number]
        self.unseen = [(each, when) for each, when in self.unseen if each > number]

    def _send(self):
        if self.open or not self.next or self.kernel.lost:
            return
        self.number += 1
        ticket = [self.view, self.number]
        self.open = (ticket, self.moved, time.perf_counter())
        moves, self.next = self.next, {}
        self.kernel.tell(
            self.comm,
            {"method": "custom", "content": {"moves": moves, "ticket": ticket, "scale": 1, "moved": self.moved}},
        )

    def _heard(self, data):
        if data["method"] == "custom" and "ahead" in data["content"]:
            for state in data["content"]["ahead"]:
                self._store(state["shown"])
            self.looking = False
        elif data["method"] == "update":
            state = self.kernel.comms[self.comm]
            self._store(state["shown"])
            if self.open and state["ticket"] == self.open[0]:
                _, number, when = self.open
                self.answers.append((when, 1000 * (time.perf_counter() - when)))
                self.open = None
                self._seen(number)
                self._send()
            if not self.open and not self.next:
                self.at = dict(state["shown"])
        self._look_ahead()

    def _look_ahead(self):
        if self.looking or self.open or self.next or not self.hand or not self.ahead or self.kernel.lost:
            return
        name, stops = self.hand["name"], []
        for step in range(1, AROUND + 1):
            for stop in (self.at[name]["stop"] + step, self.at[name]["stop"] - step):
                key = 0 <= stop < len(self.hand["stops"]) and self._key(
                    {**self.at, name: {"stop": stop, "exact": True}}
                )
                if key and key not in self.stored and key not in self.tried:
                    stops.append(stop)
                    self.tried.add(key)
            if len(stops) >= AT_ONCE:
                break
        if stops:
            self.looking = True
            self.kernel.tell(self.comm, {"method": "custom", "content": {"ahead": name, "stops": stops}})


class Learner:
    """One of a class at `hub`; `times` gets what was reached when, by name."""

    def __init__(self, hub, name, chapter):
        self.hub, self.name, self.chapter = hub, name, chapter
        self.random = random.Random(name)
        # Nothing of this machine's settings: they might send loopback through a proxy.
        self.http = httpx.AsyncClient(
            base_url=hub.url, follow_redirects=True, timeout=PATIENCE, trust_env=False, headers={"User-Agent": name}
        )
        self.base = f"/user/{name}/"
        self.place = f"leverage-lab/notebooks/{chapter}.ipynb"
        self.link = {"repo": hub.course, "branch": "main", "depth": "1", "urlpath": f"lab/tree/{self.place}"}
        self.times, self.waits, self.answers, self.panels = {}, [], [], []
        self.asked_again = 0  # how often the hub said: too many at once, come again
        self.kernel = None

    def mark(self, name):
        self.times[name] = time.perf_counter()

    def since(self, start, end):
        return self.times[end] - self.times[start]

    def xsrf(self, path):
        """The token that goes with `path`: the cookie of the longest path wins, as in a browser."""
        found = [cookie for cookie in self.http.cookies.jar if cookie.name == "_xsrf" and path.startswith(cookie.path)]
        return max(found, key=lambda cookie: len(cookie.path)).value if found else ""

    async def page(self, url, **more):
        """A page; one that says "too many at once" is asked again when it says so."""
        while True:
            try:
                page = await self.http.get(url, **more)
            except httpx.HTTPError as error:
                raise Failure(f"{urlsplit(str(url)).path} gave no page ({type(error).__name__})") from None
            if page.status_code != 429:
                break
            self.asked_again += 1
            await asyncio.sleep(float(page.headers.get("Retry-After", 5)))
            url, more = page.url, {}
        if page.status_code != 200:
            raise Failure(f"{page.url.path} answered {page.status_code} {page.reason_phrase}")
        return page

    async def arrive(self, door="/hub/user-redirect/git-pull"):
        """Click the class's link: login, a server of one's own, the course pulled into one's folder. Door /hub/spawn:
        without the link."""
        self.mark("click")
        linked = {"params": self.link} if door.endswith("git-pull") else {}
        page = await self.page(door, **linked)
        if page.url.path == "/hub/login":
            form = {"username": self.name, "password": self.hub.password, "_xsrf": self.xsrf("/hub/login")}
            page = await self.http.post(str(page.url), data=form)
            if page.status_code == 429:
                self.asked_again += 1
                await asyncio.sleep(float(page.headers.get("Retry-After", 5)))
                page = await self.page(page.url)
            if page.status_code != 200 or page.url.path == "/hub/login":
                raise Failure(f"the login was refused ({page.status_code})")
        if page.url.path.startswith("/hub/spawn-pending/"):
            await self._ready(f"/hub/api/users/{self.name}/server/progress")
            page = await self.page(door if linked else self.base, **linked)
        if page.url.path != self.base + "git-pull":
            raise Failure(f"{door} led to {page.url.path}")
        self.mark("server")
        await self._pulled(page)
        await self.page(f"{self.base}lab/tree/{self.place}")
        self.mark("lab")

    async def _events(self, path, params):
        async with self.http.stream("GET", path, params=params, headers={"Accept": "text/event-stream"}) as stream:
            if stream.status_code != 200:
                raise Failure(f"{path} answered {stream.status_code}")
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    async def _ready(self, path):
        async for event in self._events(path, {"_xsrf": self.xsrf("/hub/")}):
            if event.get("failed"):
                raise Failure(f"the server did not start: {event.get('message')}")
            if event.get("ready"):
                return
        raise Failure("the hub stopped telling how the start goes on")

    async def _pulled(self, page):
        params = self.link | {"_xsrf": self.xsrf(self.base)}
        async for event in self._events(self.base + "git-pull/api", params):
            if event["phase"] == "error":
                raise Failure(f"the course could not be pulled: {event['message']}")
            if event["phase"] == "finished":
                return
        raise Failure("nbgitpuller stopped before it had finished")

    async def api(self, method, path, **more):
        answer = await self.http.request(
            method, f"{self.base}api/{path}", headers={"X-XSRFToken": self.xsrf(self.base)}, **more
        )
        if answer.status_code >= 400:
            raise Failure(f"{method} api/{path} answered {answer.status_code}: {answer.text[:200]}")
        return answer.json() if answer.content else None

    async def open(self):
        """Open the chapter: its file, a kernel, the connection to it."""
        notebook = (await self.api("GET", f"contents/{self.place}", params={"content": 1}))["content"]
        self.cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        wanted = {"path": self.place, "name": self.chapter, "type": "notebook", "kernel": {"name": "python3"}}
        self.session = await self.api("POST", "sessions", json=wanted)
        await self.connect()
        self.mark("kernel")

    async def connect(self):
        session = uuid.uuid4().hex
        address = f"{self.hub.url}{self.base}api/kernels/{self.session['kernel']['id']}/channels?session_id={session}"
        request = self.http.build_request("GET", address)  # with the cookies that belong to it
        socket = await websocket_connect(
            HTTPRequest("ws" + address[4:], headers={"Cookie": request.headers["Cookie"]}, connect_timeout=PATIENCE),
            subprotocols=[PROTOCOL],
            max_message_size=2**27,
        )
        self.kernel = Kernel(socket, session)
        await self.kernel.ask("kernel_info_request", {})

    async def run_all(self):
        """Run All, guess the first prediction, skip the others, until every panel is there."""
        kernel, start = self.kernel, len(self.kernel.opened)
        self.mark("run")
        how = {"silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        asked = [kernel.send("execute_request", {"code": code, **how}) for code in self.cells]
        first = asyncio.create_task(self._first_panel(start))
        try:
            await kernel.until(lambda: asked[-1] in kernel.replies, "end of the last cell")
            for number, id in enumerate(asked, start=1):
                reply = kernel.replies.get(id, {})
                if reply.get("status") != "ok":
                    raise Failure(
                        f"code cell {number} of {self.chapter}: {reply.get('status')} {reply.get('ename', '')} "
                        f"{reply.get('evalue', '')}".rstrip()
                    )
            self.mark("cells")
            await first
        finally:
            first.cancel()
        for card in self._closed(start):
            self._press(card, "skip")
        expected = sum(source.startswith(("panels.", "predict(")) for source in self.cells)
        await kernel.until(lambda: len(self._stages(start)) >= expected, f"{expected} panels")
        self.panels = [Panel(kernel, comm, self.waits, self.answers) for comm in self._stages(start)]
        self.mark("panels")

    def _stages(self, start):
        return [comm for comm in self.kernel.opened[start:] if "controls" in self.kernel.comms[comm]]

    def _closed(self, start):
        """The predictions that are not open yet."""
        return [comm for comm in self.kernel.opened[start:] if self.kernel.comms[comm].get("hidden") == ["open"]]

    def _press(self, card, button, **held):
        """As card.js does: one message with the button and what stands in the card."""
        question = {"press": button, "held": self.kernel.comms[card]["held"] | held, "ticket": uuid.uuid4().hex}
        self.kernel.tell(card, {"method": "custom", "content": question})

    async def _first_panel(self, start):
        """The first panel: it is there, or it opens when its prediction is guessed."""
        kernel = self.kernel
        await kernel.until(lambda: self._stages(start) or self._closed(start), "first panel")
        if not self._stages(start):
            card = self._closed(start)[0]
            circles = [part for part in kernel.comms[card]["parts"] if part["kind"] == "circles"]
            self._press(card, "lock", guess=circles[0]["options"][0][0] if circles else "10")
            await kernel.until(lambda: self._stages(start), "panel behind the first prediction")
        self.mark("panel")

    async def move(self, seconds, enough=None, rate=2.0):
        """Move sliders, `rate` a second, until `seconds` are over or `enough` is set: ten moves of a slider,
        then one of the next panel."""
        start = time.perf_counter() + self.random.random() / rate  # not all learners in step
        for number in range(round(rate * seconds)):
            if number % 10 == 0:
                panel = self.panels[number // 10 % len(self.panels)]
                control = self.random.choice(panel.sliders())
            await asyncio.sleep(max(0, start + number / rate - time.perf_counter()))
            if enough and enough.is_set():
                break
            if self.kernel.lost:
                raise Failure("the connection to the kernel was lost while sliders were moved")
            place, last = panel.at[control["name"]]["stop"], len(control["stops"]) - 1
            step = self.random.choice((-3, -2, -1, 1, 2, 3))
            panel.move(control, place + step if 0 <= place + step <= last else place - step)
        settled = lambda: not any(panel.unseen or panel.open or panel.next for panel in self.panels)
        await self.kernel.until(settled, "answer to the last moves", LAST_MOVES)

    async def come_again(self):
        """Start the server again from the hub's own page; its default address pulls too. Then the chapter."""
        await self.kernel.close()
        end = time.monotonic() + PATIENCE
        while True:
            try:
                await self.arrive("/hub/spawn")
                break
            except Failure:
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(1)  # the hub has not noticed yet, and the proxy leads to nobody
        await self.open()
        await self.run_all()

    async def restart(self):
        """Kernel → Restart Kernel and Run All Cells; as in JupyterLab, with a new connection."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                await self.api("POST", f"kernels/{self.session['kernel']['id']}/restart")
                break
            except Failure:
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(1)  # the server is at it of its own accord, and two restarts at once are refused
        await self.kernel.close()
        await self.connect()
        await self.run_all()

    async def leave(self):
        if self.kernel:
            await self.kernel.close()
        await self.http.aclose()


def first_words(error):
    """A failure in one line."""
    return str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
