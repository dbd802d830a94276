"""The peer's web side: the same job as Rejoinder's webhook, in Flask with RQ.

It proves the sender, checks the shape, drops repeats and enqueues; it leaves out what Rejoinder does beyond that
(one atomic step, limits, order in a conversation, metrics), so that the comparison favours the peer.
"""

import hmac
import os

from flask import Flask, request
from redis import Redis
from rq import Queue

SECRET = os.environ["INTERNAL_SECRET"]
DEDUPE_SECONDS = 86400

app = Flask(__name__)
redis = Redis.from_url(os.environ["REDIS_URL"])
queue = Queue("default", connection=redis)


@app.post("/webhook/whatsapp/incoming")
def incoming():
    if not hmac.compare_digest(request.headers.get("X-Internal-Secret", ""), SECRET):
        return {"error": "unauthorized"}, 401
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("payload"), dict):
        return {"error": "bad_request"}, 400
    accepted = duplicates = ignored = 0
    for message in body["payload"].get("messages", []):
        key = message["key"]
        text = (message.get("message") or {}).get("conversation")
        if key.get("fromMe") or not text:
            ignored += 1
            continue
        seen = f"seen:{body['tenantId']}:{key['remoteJid']}:{key['id']}"
        if not redis.set(seen, 1, nx=True, ex=DEDUPE_SECONDS):
            duplicates += 1
            continue
        queue.enqueue("jobs.answer", body["tenantId"], key["remoteJid"], key["id"], text, message.get("pushName"))
        accepted += 1
    return {"ok": True, "accepted": accepted, "duplicates": duplicates, "ignored": ignored}


@app.get("/health/ready")
def ready():
    return {"ok": bool(redis.ping())}
