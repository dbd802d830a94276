"""Who sends the webhooks of the ingest benchmark, and how each proves itself."""

import base64
import hashlib
import hmac
import json
import secrets
import tempfile
import time
import urllib.parse
from pathlib import Path

from .contenders import HERE, SECRET

CONVERSATIONS = 20_000
TEXT = "When do you open on Friday, and do I need an appointment?"
PUBLIC_URL = "https://bench.example.com"
#: More than one thread of wrk sends to one API process in a second here.
MOST_PER_SECOND = 30_000


class Gateway:
    """Baileys: the secret is the same in each request, so wrk makes the bodies itself."""

    name = "Baileys"
    settings = {}

    def wrk(self, port, _seconds):
        """wrk's script, URL and the words behind it, with ids that no other run has."""
        return "webhook.lua", f"http://127.0.0.1:{port}/webhook/whatsapp/incoming", [
            SECRET, secrets.token_hex(6).upper(), CONVERSATIONS]


class Signing:
    """A sender that signs: its requests are made before the run and lie in a file until this is gone."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="rejoinder-bench-")

    def wrk(self, port, seconds):
        run = secrets.token_hex(6).upper()
        path = Path(self.folder.name) / "requests"
        with path.open("wb") as file:
            for count in range(seconds * MOST_PER_SECOND):
                request = self.request(run, count)
                file.write(b"%d\n" % len(request) + request)
        return "replay.lua", f"http://127.0.0.1:{port}/", [path]

    @staticmethod
    def http(path, headers, body):
        lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers, "", ""]
        return "\r\n".join(lines).encode() + body


class Twilio(Signing):
    """Some forty fields in a form in reality; here those of a text message."""

    name = "Twilio"
    settings = {"TWILIO_AUTH_TOKEN": SECRET, "PUBLIC_URL": PUBLIC_URL}

    def request(self, run, count):
        conversation = count % CONVERSATIONS
        phone, sid, path = 972500000000 + conversation, f"SM{run}{count:020X}", f"/webhook/twilio/bench_{conversation % 100}"
        form = {
            "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Dana", "MessageType": "text", "SmsSid": sid,
            "WaId": str(phone), "SmsStatus": "received", "Body": TEXT, "To": "whatsapp:+14155238886",
            "NumSegments": "1", "ReferralNumMedia": "0", "MessageSid": sid,
            "AccountSid": "AC00000000000000000000000000000001", "From": f"whatsapp:+{phone}", "ApiVersion": "2010-04-01"}
        signed = PUBLIC_URL + path + "".join(key + form[key] for key in sorted(form))
        signature = base64.b64encode(hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha1)).decode()
        return self.http(path, [
            "Content-Type: application/x-www-form-urlencoded", f"X-Twilio-Signature: {signature}"],
            urllib.parse.urlencode(form).encode())


class Meta(Signing):
    """One text message in Meta's envelope, 600 bytes."""

    name = "Meta"
    settings = {"META_APP_SECRET": SECRET}

    def request(self, run, count):
        conversation = count % CONVERSATIONS
        phone = str(972500000000 + conversation)
        body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{
            "field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "15550783881", "phone_number_id": str(106540352242922 + conversation % 100)},
                "contacts": [{"profile": {"name": "Dana"}, "wa_id": phone}],
                "messages": [{"from": phone, "id": f"wamid.HBgL{run}{count:016X}", "timestamp": str(int(time.time())),
                              "type": "text", "text": {"body": TEXT}}]}}]}]}, separators=(",", ":")).encode()
        signature = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        return self.http("/webhook/meta", [
            "Content-Type: application/json", f"X-Hub-Signature-256: sha256={signature}"], body)
