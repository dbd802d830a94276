import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("API answers", .onLoop)
@LoopActor struct AnswerTests {
    func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func `a webhook's answer counts, and names rejected messages only when there are some`() {
        var answer = IngestAnswer()
        answer.accepted = 2
        answer.duplicates = 1
        #expect(text(answer.response) == #"{"ok":true,"accepted":2,"duplicates":1,"ignored":0}"#)
        answer.reject("payload.messages[1].key must be an object")
        answer.reject("another")
        #expect(
            text(answer.response)
                == #"{"ok":true,"accepted":2,"duplicates":1,"ignored":0,"rejected":1,"message":"payload.messages[1].key must be an object"}"#
                .replacing("\"rejected\":1", with: "\"rejected\":2"))
    }

    @Test(arguments: [
        ("application/json", true), ("application/json; charset=utf-8", true), ("APPLICATION/JSON", true),
        ("application/vnd.api+json", true), ("text/plain", false), ("application/jsonp", false), ("", false),
    ])
    func `JSON is told by its content type`(type: String, isJSON: Bool) { #expect(ContentType.isJSON(type) == isJSON) }

    @Test func `a missing content type is not JSON`() { #expect(!ContentType.isJSON(nil)) }

    @Test func `a refused proof tells nothing but that`() {
        #expect(text(APIError.unauthorized.response) == #"{"error":"unauthorized"}"#)
    }

    @Test(arguments: [(EnqueueResult.Bound.lane, 503), (.tenant, 429), (.group, 429)])
    func `a full queue is our trouble, a full business its own`(bound: EnqueueResult.Bound, status: Int) {
        let response = APIError.full(bound).response
        #expect(response.status == status)
        #expect(response.headers.contains { $0.0 == "Retry-After" })
    }

    @Test func `the overview sums all processes, and is degraded without a worker`() throws {
        var first = ProcessRegistry.Report(role: "worker"), second = first
        first.processed = 3
        first.cacheHits = 97
        second.processed = 4
        first.circuitsOpen = [.baileys: 2]
        second.circuitsOpen = [.baileys: 1]
        second.cacheMisses = 3
        var overview = Overview(process: "api-1", reports: [first, second], waiting: [:], providers: [.baileys])
        try JSON.read(overview.body) { root in
            #expect(root["status"]?.string == "healthy")
            #expect(root["processor"]?["processed"]?.int == 7)
            #expect(root["cache"]?["hitRate"]?.string == "97%")
            #expect(root["workers"]?.int == 2)
            #expect(root["providers"]?["twilio"]?["state"]?.string == "closed")
            #expect(root["providers"]?["baileys"]?["circuitsOpen"]?.int == 2)
        }
        overview = Overview(
            process: "api-1", reports: [ProcessRegistry.Report(role: "api")], waiting: [:], providers: [])
        #expect(overview.status == "degraded")
    }
}
