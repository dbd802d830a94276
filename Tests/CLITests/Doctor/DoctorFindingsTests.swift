import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("What a doctor makes of answers", .onLoop)
@LoopActor struct DoctorFindingsTests {
    nonisolated static let url = "https://bot.example.com"

    // MARK: Servers

    @Test func `a Redis that is fit, one that forgets, one that is too old, one that is full`() {
        func look(_ info: String) -> [Finding.Status] {
            ServerFindings.redis(ServerInfo(info), took: .microseconds(400)).map(\.status)
        }
        let fit = "redis_version:7.2.4\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n"
        #expect(look(fit) == [.right])
        #expect(look(fit.replacing("aof_enabled:1", with: "aof_enabled:0")) == [.right, .wrong])
        #expect(look(fit.replacing("7.2.4", with: "6.0.1")) == [.wrong])
        #expect(look(fit.replacing("noeviction", with: "allkeys-lru")) == [.wrong])
        #expect(look(fit + "used_memory:80\r\nmaxmemory:100\r\n") == [.right, .wrong])
        #expect(ServerFindings.redis(ServerInfo(fit), took: .microseconds(400))[0].text.contains("0.4 ms"))
    }

    @Test(arguments: [(0, Finding.Status.right), (9, .right), (-9, .right), (11, .wrong), (-11, .wrong)])
    func `clocks may differ by ten seconds`(seconds: Int, status: Finding.Status) {
        let finding = ServerFindings.clock(of: "Redis", ahead: .seconds(seconds))
        #expect(finding.status == status)
        if status == .wrong { #expect(finding.text.contains(seconds < 0 ? "11 s behind" : "11 s ahead of")) }
    }

    @Test func `a schema that lacks something is to be migrated`() {
        #expect(ServerFindings.database(missing: 0).status == .right)
        #expect(ServerFindings.database(missing: 2).advice == "Run `rejoinder migrate`")
    }

    // MARK: The API

    private let ours = WebAnswer.reply(200, #"{"status":"healthy","process":"api-1"}"#)
    private let others = WebAnswer.reply(200, #"{"status":"healthy","process":"api-9"}"#)
    private let ready = WebAnswer.reply(200, #"{"status":"ready"}"#)

    @Test func `an API is this deployment's when Redis knows its process`() {
        let judge = APIFindings(processes: ["api-1", "worker-1"])
        #expect(judge.isOurs(ours) && !judge.isOurs(others) && !judge.isOurs(.none("refused")))
        #expect(!judge.isOurs(.reply(200, "<html>")) && !judge.isOurs(.reply(200, "{}")))
        #expect(!APIFindings(processes: nil).isOurs(ours))
    }

    @Test func `the API on this machine: ready, not ready, another's, not there`() {
        let judge = APIFindings(processes: ["api-1"]), url = "http://127.0.0.1:8080"
        #expect(judge.local(url, ready: ready, overview: ours).status == .right)
        #expect(judge.local(url, ready: ready, overview: others).status == .wrong)
        let waiting = WebAnswer.reply(503, #"{"status":"not_ready","reason":"Redis is not connected"}"#)
        #expect(judge.local(url, ready: waiting, overview: ours).text.contains("Redis is not connected"))
        #expect(judge.local(url, ready: .none("refused"), overview: .none("refused")).status == .wrong)
        #expect(APIFindings(processes: nil).local(url, ready: ready, overview: .none("")).status == .right)
    }

    @Test func `the outside URL: right, http, unreachable, a proxy's page, another deployment's`() {
        let judge = APIFindings(processes: ["api-1"])
        #expect(judge.publicURL(Self.url, overview: ours).status == .right)
        #expect(judge.publicURL("http://bot.example.com", overview: ours).status == .wrong)
        #expect(judge.publicURL(Self.url, overview: .none("Could not resolve host")).status == .wrong)
        #expect(judge.publicURL(Self.url, overview: .reply(502, "<html>")).status == .wrong)
        #expect(judge.publicURL(Self.url, overview: others).status == .wrong)
        #expect(judge.publicURL("http://127.0.0.1:8080", overview: ours).status == .unknown)
        #expect(judge.publicURL("http://127.0.0.1:8080", overview: others).status == .wrong)
        #expect(judge.publicURL("http://127.0.0.1.evil.com", overview: ours).status == .wrong)
        #expect(APIFindings(processes: nil).publicURL(Self.url, overview: ours).status == .unknown)
        #expect(APIFindings.noPublicURL(needsIt: true).status == .wrong)
        #expect(APIFindings.noPublicURL(needsIt: false).status == .unknown)
    }

    // MARK: Proofs

    private func proof(
        _ right: WebAnswer, _ wrong: WebAnswer, of sender: ProviderName = .meta,
        _ place: SecretPlace = .variable("META_APP_SECRET")
    ) -> Finding {
        ProofFindings.webhook("subject", sender, place, right: right, wrong: wrong, at: Self.url)
    }

    @Test func `a right proof is to be taken, and a wrong one refused`() {
        #expect(proof(.reply(200), .reply(401)).status == .right)
        for (right, wrong) in [
            (WebAnswer.reply(401), WebAnswer.reply(401)), (.reply(404), .reply(404)), (.reply(503), .reply(401)),
            (.reply(200), .reply(200)), (.reply(401), .reply(200)), (.reply(200), .reply(403)),
            (.reply(200), .none("reset")), (.none("refused"), .none("refused")), (.reply(415), .reply(401)),
        ] { #expect(proof(right, wrong).status == .wrong, "\(right) \(wrong)") }
        #expect(proof(.reply(401), .reply(401)).advice?.contains("META_APP_SECRET") == true)
    }

    @Test func `advice on a refused proof names where that very secret is`() throws {
        func advice(_ sender: ProviderName, _ place: SecretPlace) throws -> String {
            try #require(proof(.reply(401), .reply(401), of: sender, place).advice)
        }
        let token = SecretPlace("TWILIO_AUTH_TOKEN", isOwn: false)
        #expect(
            try advice(.twilio, token) == "Give the API and this command the same TWILIO_AUTH_TOKEN and PUBLIC_URL")
        let own = try advice(.twilio, SecretPlace("TWILIO_AUTH_TOKEN", isOwn: true))
        #expect(own.contains("businesses.settings.twilio_auth_token") && !own.contains("TWILIO_AUTH_TOKEN"))
        #expect(own.contains("DATABASE_URL and PUBLIC_URL"))
    }

    @Test func `Meta's question is to be answered with its challenge, and 403 for another token`() {
        func verify(_ right: WebAnswer, _ wrong: WebAnswer) -> Finding.Status {
            ProofFindings.verification(challenge: "42", right: right, wrong: wrong, at: Self.url).status
        }
        #expect(verify(.reply(200, "42"), .reply(403)) == .right)
        #expect(verify(.reply(200, "42"), .reply(200, "42")) == .wrong)
        #expect(verify(.reply(200, "<42>"), .reply(403)) == .wrong)
        #expect(verify(.reply(403), .reply(403)) == .wrong)
        #expect(verify(.reply(404), .reply(404)) == .wrong)
        #expect(verify(.none("refused"), .none("refused")) == .wrong)
    }

    // MARK: Gateways, processes

    @Test func `a gateway tells in its own words whether it can send`() {
        func baileys(_ answer: WebAnswer) -> Finding { GatewayFindings.baileys("shop", "http://g", answer) }
        #expect(baileys(.reply(200, #"{"connected":true,"canSend":true}"#)).status == .right)
        let mute = baileys(.reply(200, #"{"connected":true,"canSend":false,"lastError":"logged out"}"#))
        #expect(mute.status == .wrong && mute.text.contains("logged out"))
        for answer in [WebAnswer.reply(401), .reply(404), .reply(500), .none("refused"), .reply(200, "<html>")] {
            #expect(baileys(answer).status == .wrong)
        }
        func evolution(_ answer: WebAnswer, isOwn: Bool = false) -> Finding {
            GatewayFindings.evolution("s", "u", answer, key: SecretPlace("EVOLUTION_API_KEY", isOwn: isOwn))
        }
        func waha(_ answer: WebAnswer, isOwn: Bool = false) -> Finding {
            GatewayFindings.waha("s", "u", answer, key: SecretPlace("WAHA_API_KEY", isOwn: isOwn))
        }
        #expect(evolution(.reply(401)).advice == "Give it and us the same EVOLUTION_API_KEY")
        #expect(
            evolution(.reply(403), isOwn: true).advice
                == "Give it and us the same businesses.settings.evolution_api_key")
        #expect(waha(.reply(401), isOwn: true).advice == "Give it and us the same businesses.settings.waha_api_key")
        #expect(evolution(.reply(200, #"{"instance":{"state":"open"}}"#)).status == .right)
        #expect(evolution(.reply(200, #"{"instance":{"state":"close"}}"#)).status == .wrong)
        #expect(waha(.reply(200, #"{"status":"WORKING"}"#)).status == .right)
        #expect(
            waha(.reply(200, #"{"status":"SCAN_QR_CODE"}"#)).text.contains("SCAN_QR_CODE"))
    }

    @Test func `workers work and one scheduler leads`() {
        func statuses(_ roles: [String], _ leads: Bool) -> [Finding.Status] {
            ProcessFindings.findings(roles: roles, leads: leads).map(\.status)
        }
        #expect(statuses(["api", "worker", "scheduler", "scheduler"], true) == [.right, .right])
        #expect(statuses(["api", "scheduler"], true) == [.wrong, .right])
        #expect(statuses(["worker", "scheduler"], false) == [.right, .wrong])
        #expect(statuses(["worker"], false) == [.right, .wrong])
    }
}
