"""Who may talk to the app, asked of a real server by a real WebSocket client that says whatever it likes of itself."""

import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tools import app_server

LOOPBACK = {"127.0.0.1", "::1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The app as ``streamlit run app.py`` starts it."""
    one = app_server.start(tmp_path_factory.mktemp("hosts"))
    yield one
    app_server.stop(one)


@pytest.fixture(scope="module")
def class_server(tmp_path_factory):
    """The app as the README says it is started for a class."""
    options = ("--server.address", "0.0.0.0", "--server.allowedHosts", "class.example.org")
    one = app_server.start(tmp_path_factory.mktemp("class"), options=options)
    yield one
    app_server.stop(one)


def may_connect(server, host, origin=None):
    """Whether a WebSocket connection to the server is let in that calls the server ``host``."""
    address = f"ws://{host}/_stcore/stream"
    led_here = socket.create_connection(("127.0.0.1", urlsplit(server.url).port), timeout=60)
    try:
        with connect(address, sock=led_here, origin=origin, subprotocols=["streamlit"], proxy=None):
            return True
    except InvalidStatus as refused:
        return refused.response.status_code != 403


def page_under(server, host, path="/"):
    """The status and text of a page asked for under the name ``host``."""
    asked = urllib.request.Request(f"{server.url}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def listens_on(server):
    family = [server.process, *psutil.Process(server.process.pid).children(recursive=True)]
    found = [each for one in family for each in psutil.Process(one.pid).net_connections("inet")]
    return {each.laddr.ip for each in found if each.status == psutil.CONN_LISTEN}


def test_it_listens_on_this_machine_alone(server):
    assert listens_on(server) <= LOOPBACK
    assert listens_on(server)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost."])
def test_this_machine_is_let_in_under_all_its_names(server, host):
    assert may_connect(server, f"{host}:8501", f"http://{host}:8501")
    assert may_connect(server, host)
    assert page_under(server, f"{host}:8501")[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.7", "evil@localhost"],
)
def test_a_forged_host_is_turned_away_although_its_origin_is_the_same(server, host):
    if "@" not in host:  # the client would take it for a password
        assert not may_connect(server, host, f"http://{host}")
        assert not may_connect(server, host)
    status, text = page_under(server, host)
    assert status == 403
    assert "does not answer under the name" in text
    assert "本应用不以" in text


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://evil.example:8501", "null", "http://localhost.evil.example"]
)
def test_a_page_from_elsewhere_is_turned_away(server, origin):
    assert not may_connect(server, "localhost:8501", origin)


def test_pages_assets_and_uploads_ask_for_an_allowed_name(server):
    for path in ("/live", "/live?run=1&lang=zh", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/static/x.js"):
        assert page_under(server, "evil.example", path)[0] == 403
    assert page_under(server, "localhost", "/live?lang=zh")[0] == 200
    assert page_under(server, "10.0.0.3", "/_stcore/health") == (200, "ok"), "proxies ask for this under any name"


def test_what_is_said_holds_nothing_of_a_strange_name(server):
    assert "<" not in page_under(server, "<script>alert(1)</script>")[1]


def test_for_a_class_it_listens_on_all_interfaces_under_the_name_given(class_server):
    assert listens_on(class_server) == {"0.0.0.0"}
    assert may_connect(class_server, "class.example.org:8501", "http://class.example.org:8501")
    assert may_connect(class_server, "class.example.org", "https://class.example.org"), "as a reverse proxy hands it on"
    assert not may_connect(class_server, "evil.example", "http://evil.example")
    assert page_under(class_server, "class.example.org", "/live")[0] == 200


def test_a_client_without_any_name_is_turned_away(server):
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 403 " in raw.makefile("rb").readline()
