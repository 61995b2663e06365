import pytest

from ssl_core.corpora import online
from ssl_core.errors import UserError
from ssl_core.models import elsewhere


def test_each_network_is_named_once_and_stands_at_one_revision():
    assert len({each.key for each in elsewhere.NETWORKS}) == len(elsewhere.NETWORKS)
    for each in elsewhere.NETWORKS:
        assert bool(each.package) != bool(each.repository), "from a package or from the hub"
        assert not each.repository or len(each.revision) == 40, "a whole commit, no branch"


def test_what_comes_with_the_installation_is_offered_without_a_connection(monkeypatch):
    monkeypatch.setattr(online, "is_online", lambda: False)
    assert [each.name for each in elsewhere.offered()][:1] == ["minilm-l6"]


def test_online_all_are_offered(monkeypatch):
    monkeypatch.setattr(online, "is_online", lambda: True)
    assert elsewhere.offered() == list(elsewhere.NETWORKS)


def test_a_run_is_no_network_of_others_and_an_unknown_one_is_told():
    assert elsewhere.named("0123456789ab") is None
    with pytest.raises(UserError, match="choose one of elsewhere:minilm-l6"):
        elsewhere.named("elsewhere:../x")
