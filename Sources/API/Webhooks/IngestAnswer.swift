import Native

/// What became of the messages of one webhook: the body of its `200`.
struct IngestAnswer: Equatable, Sendable {
    var accepted = 0
    var duplicates = 0
    var ignored = 0
    private(set) var rejected = 0
    private(set) var firstProblem: String?

    mutating func reject(_ problem: String) {
        rejected += 1
        if firstProblem == nil { firstProblem = problem }
    }

    var response: HTTPResponse { self == Self.oneMessage ? Self.responseToOneMessage : .json(status: 200, body: body) }

    /// What nearly every webhook brings. Written once: the server knows the answer again.
    private static let oneMessage = IngestAnswer(accepted: 1)
    private static let responseToOneMessage = HTTPResponse.json(status: 200, body: oneMessage.body)

    private var body: [UInt8] {
        var json = JSONWriter(reserving: 96)
        json.beginObject()
        json.field("ok", true)
        json.field("accepted", accepted)
        json.field("duplicates", duplicates)
        json.field("ignored", ignored)
        if rejected > 0 {
            json.field("rejected", rejected)
            json.field("message", ifPresent: firstProblem)
        }
        json.endObject()
        return json.bytes
    }
}
