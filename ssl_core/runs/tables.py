"""The store's tables: the only place where the page, the engine and the workers meet."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("spec", Text, nullable=False),  # RunSpec as JSON
    Column("submit_key", String(64), unique=True),  # one press of a button, however often it arrives
    Column("created_at", Float, nullable=False),  # seconds since 1970, as all *_at
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("worker", String(200)),  # the process that holds the run or held it last, see ssl_core.engine.processes
    Column("heartbeat_at", Float),
    Column("attempt", Integer, nullable=False, default=0),
    Column("guess", Text),  # the learner's predicted curve, JSON [[share of budget, nats], …]
    Column("result", Text),  # JSON, once done
    Column("failure", Text),  # UserError as JSON, once failed
)

metrics = Table(
    "metrics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("elapsed_s", Float, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("tokens_per_s", Float),
    Column("learning_rate", Float),
    Column("train_loss_nats", Float),
    Column("val_loss_nats", Float),  # empty where only the training loss was taken
    Index("metrics_of_run", "run_id", "id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("step", Integer, nullable=False),
    Column("elapsed_s", Float, nullable=False),
    Column("payload", Text, nullable=False),  # JSON
    Index("events_of_run", "run_id", "id"),
)

controls = Table(
    "controls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("action", String(16), nullable=False),  # pause, resume, step, stop, probe
    Column("payload", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("controls_of_run", "run_id", "id"),
)

engines = Table(
    "engines",
    metadata,
    Column("id", Integer, primary_key=True),  # one row: id 1
    Column("process", String(200), nullable=False),
    Column("device", String(120), nullable=False),
    Column("state", String(16), nullable=False),  # starting, idle, running; ended: it went in peace
    Column("heartbeat_at", Float, nullable=False),
    Column("wanted_at", Float),  # when somebody who may press Start was last here
)

engine_codes = Table(  # beside "engines", because stores from before it are there, and tables are only ever added
    "engine_codes",
    metadata,
    Column("id", Integer, primary_key=True),  # one row: id 1
    Column("process", String(200), nullable=False),
    Column("code", String(64), nullable=False),  # see ssl_core.engine.other_code
)

questions = Table(
    "questions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),  # a stem of ssl_core.analysis.MENU
    Column("payload", Text, nullable=False),  # JSON
    Column("fingerprint", String(64), nullable=False, unique=True),  # of kind, payload, and the weights that are asked about
    Column("asker", String(120), nullable=False),  # the place on a page that waits for the answer; "" where several do
    Column("status", String(16), nullable=False, index=True),  # waiting, held, answered, failed
    Column("created_at", Float, nullable=False),
    Column("asked_at", Float, nullable=False),  # when somebody last wanted to know
    Column("held_at", Float),
    Column("ended_at", Float),
    Column("worker", String(200)),  # the process that answers it or did so last
    Column("attempt", Integer, nullable=False, default=0),
    Column("answer", Text),  # JSON, once answered
    Column("file", String(80)),  # safetensors below paths.answers_folder(), where the answer has large arrays
    Column("num_bytes", Integer, nullable=False, default=0),  # answer and file together
    Column("failure", Text),  # UserError as JSON, once failed
    Column("may_retry", Boolean, nullable=False, default=False),  # asking the very same again may help
)
