import Native
import TestSupport
import Testing

@testable import CLI

@Suite("The URL that Twilio has", .onLoop)
@LoopActor struct TwilioNumberTests {
    nonisolated static let number = "+15550009999"
    nonisolated static let url = "https://bot.example.com/webhook/twilio/shop"

    private func finding(
        _ url: String?, method: String? = "POST", fallback: String? = "https://b.example.com/"
    ) -> Finding {
        TwilioNumberFindings.finding(
            Self.number, TwilioNumber(url: url, method: method, fallbackURL: fallback),
            expected: [Self.url, "https://bot.example.com/webhook/twilio"])
    }

    @Test func `the right URL posts, repeats a 5xx and has a fallback`() {
        #expect(finding(Self.url + "#rc=5&rp=all").status == .right)
        #expect(finding("https://bot.example.com/webhook/twilio#rp=5xx&rc=1", method: nil).status == .right)
    }

    @Test func `each fault is told with what to set`() {
        #expect(finding(nil).status == .wrong && finding("").status == .wrong)
        for wrong in [
            finding("https://old.example.com/webhook/twilio/shop#rc=5&rp=all"), finding(Self.url),
            finding(Self.url + "#rc=5"), finding(Self.url + "#rc=0&rp=all"), finding(Self.url + "#rc=9&rp=all"),
            finding(Self.url + "#rc=5&rp=all", method: "GET"), finding(Self.url + "#rc=5&rp=all", fallback: nil),
            finding(Self.url + "#rc=5&rp=all", fallback: ""), finding(Self.url + "/other#rc=5&rp=all"),
        ] {
            #expect(wrong.status == .wrong, "\(wrong.text)")
            #expect(wrong.advice?.contains(Self.url + "#rc=5&rp=all") == true)
        }
    }

    @Test(arguments: [
        ("", false), ("rc=5&rp=all", true), ("rp=all", true), ("rc=5&rp=ct,5xx", true), ("rc=5&rp=4xx,rt", false),
        ("rc=x&rp=all", false), ("rc&rp", false), ("rp=all&rc=5&ct=2000", true), ("rc=5&rp=allx", false),
    ])
    func `the fragment has Twilio repeat a 5xx when it says so`(fragment: String, repeats: Bool) {
        #expect(TwilioNumberFindings.repeatsErrors(fragment) == repeats)
    }

    @Test func `a WhatsApp sender is found in the Senders resource`() {
        let answer = WebAnswer.reply(
            200,
            #"{"meta":{"key":"senders"},"senders":[{"sid":"XE1","sender_id":"whatsapp:+1444"},{"sid":"XE2","sender_id":"#
                + #""whatsapp:+15550009999","webhook":{"callback_url":"u","callback_method":"POST","fallback_url":"f"}}]}"#
        )
        #expect(
            TwilioNumber.sender(Self.number, in: answer) == TwilioNumber(url: "u", method: "POST", fallbackURL: "f"))
        #expect(TwilioNumber.sender("+1444", in: answer) == TwilioNumber())
        #expect(TwilioNumber.sender("+1555", in: answer) == nil)
        #expect(TwilioNumber.sender(Self.number, in: .none("refused")) == nil)
        #expect(TwilioNumber.sender(Self.number, in: .reply(200, "[]")) == nil)
    }

    @Test func `a phone number is found in the IncomingPhoneNumbers resource`() {
        let answer = WebAnswer.reply(
            200,
            #"{"incoming_phone_numbers":[{"phone_number":"+15550009999","sms_url":"u","sms_method":"GET","#
                + #""sms_fallback_url":""}]}"#)
        #expect(
            TwilioNumber.phone(Self.number, in: answer) == TwilioNumber(url: "u", method: "GET", fallbackURL: ""))
        #expect(TwilioNumber.phone("+1", in: answer) == nil)
    }

    @Test(arguments: [
        ("https://api.twilio.com", "https://messaging.twilio.com"),
        ("https://api.dublin.ie1.twilio.com/", "https://messaging.dublin.ie1.twilio.com"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"), ("https://api.example.com/", "https://api.example.com"),
    ])
    func `the Senders resource is on the host that Twilio has for it`(api: String, messaging: String) {
        #expect(TwilioNumber.messagingURL(api) == messaging)
    }

    @Test func `where Twilio cannot be asked the URL to set is said`() {
        func unasked(_ answer: WebAnswer) -> Finding {
            TwilioNumberFindings.unasked(
                Self.number, answer, expected: Self.url,
                secrets: (.setting("twilio_account_sid"), .variable("TWILIO_AUTH_TOKEN")))
        }
        #expect(unasked(.none("Could not resolve host")).status == .unknown)
        #expect(unasked(.none("x")).advice?.contains(Self.url + "#rc=5&rp=all") == true)
        #expect(unasked(.reply(500)).status == .unknown)
        #expect(unasked(.reply(401)).status == .wrong)
        let advice = "Set businesses.settings.twilio_account_sid and TWILIO_AUTH_TOKEN as Twilio's console shows them"
        #expect(unasked(.reply(403)).advice == advice)
        #expect(TwilioNumberFindings.unlisted("+14155238886", isSandbox: true, expected: Self.url).status == .unknown)
    }
}
