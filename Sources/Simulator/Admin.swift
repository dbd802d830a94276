import Native

/// The simulator's own calls: what was delivered, and what is to go wrong.
@LoopActor final class Admin {
    private let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// `?contact=` one contact only, `&after=` its number, `&wait_ms=` up to 60,000 for the next one when there is none.
    func messages(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let after = request.query("after").flatMap { Int($0) } ?? 0
        let wait = request.query("wait_ms").flatMap { Int($0) } ?? 0
        let contact = request.query("contact").flatMap { $0.isEmpty ? nil : $0 }
        let found = await desk.witness.messages(
            contact: contact, after: after, waiting: .milliseconds(min(max(wait, 0), 60_000)))
        var json = JSONWriter(reserving: 256 + found.count * 200)
        json.beginArray()
        for delivery in found { delivery.write(to: &json) }
        json.endArray()
        return .json(body: json.bytes)
    }

    /// Read marks and typing indicators, oldest first.
    func marks(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        var json = JSONWriter()
        json.beginArray()
        for mark in desk.marks { mark.write(to: &json) }
        json.endArray()
        return .json(body: json.bytes)
    }

    func forgetMessages(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        desk.witness.removeAll()
        desk.statistics = Statistics()
        return HTTPResponse(status: 204)
    }

    /// The body is what came with the contact's message of that id, for whoever fetches it.
    func putMedia(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        desk.media[words["id"]] = (request.header("Content-Type") ?? "application/octet-stream", request.body)
        return HTTPResponse(status: 204)
    }

    func statistics(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        .json(body: desk.statistics.json(remembered: desk.witness.count))
    }

    func setFaults(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        do {
            desk.faults.set(try FaultChange.read(request.body))
            return HTTPResponse(status: 204)
        } catch {
            switch error {
            case .malformed(let reason), .unexpected(let reason): return .failure(400, "bad_request", reason)
            }
        }
    }

    func health(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse { .json(body: #"{"status":"ok"}"#) }

    func resetFaults(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        desk.faults.reset()
        return HTTPResponse(status: 204)
    }
}
