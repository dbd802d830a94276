import Native

/// What all stand-ins share: the witness, the faults and the counts.
@LoopActor final class Desk {
    let witness: Witness
    let faults: FaultBoard
    var statistics = Statistics()
    /// What came with contacts' messages, by the message's id.
    var media: [String: (type: String, bytes: [UInt8])] = [:]

    /// The latest, oldest first.
    private(set) var marks: [Mark] = []
    private static let mostMarks = 10_000

    init(_ options: Options) {
        witness = Witness(capacity: options.remembered)
        faults = FaultBoard(options)
    }

    /// Counts a call and draws its lot, after its wait.
    ///
    /// - Parameter tenant: the business that calls, where that is known.
    func call(_ service: Service, _ kind: Fault.Call = .send, of tenant: String? = nil) async -> FaultMode {
        statistics[service].calls += 1
        let mode = await faults.draw(service, kind, of: tenant)
        if mode != .ok { statistics[service].faults += 1 }
        return mode
    }

    /// Notes one delivery.
    @discardableResult
    func deliver(_ service: Service, tenant: String, to: String, id: String, text: String) -> Delivery {
        statistics[service].delivered += 1
        return witness.deliver(service, tenant: tenant, to: to, id: id, text: text)
    }

    func mark(_ service: Service, _ kind: Mark.Kind, _ what: [String]) {
        if marks.count == Self.mostMarks { marks.removeFirst(Self.mostMarks / 2) }
        marks.append(Mark(service: service, kind: kind, what: what))
    }

    /// Ends a call that hangs: without an answer, when the faults are reset.
    func hang() async -> HTTPResponse {
        await faults.hang()
        return .closed
    }

    /// What a call answers that has delivered; nil: that it has.
    func answerAfterDelivery(_ mode: FaultMode) async -> HTTPResponse? {
        switch mode {
        case .deliverThenHang: await hang()
        case .deliverThenClose: .closed
        case .deliverThenGarble: .json(body: #"{"messages":"#)
        default: nil
        }
    }

    /// What a call answers in place of its own answer, and nothing is delivered; nil: its own.
    ///
    /// - Parameter broken: as the provider answers a fault of its own.
    func answer(to mode: FaultMode, broken: HTTPResponse) async -> HTTPResponse? {
        switch mode {
        case .hang, .deliverThenHang: await hang()
        case .close, .deliverThenClose: .closed
        case .error: broken
        default: nil
        }
    }
}

extension HTTPResponse {
    /// `{"error":…,"message":…}`.
    static func failure(
        _ status: Int, _ code: String, _ message: String, headers: [(String, String)] = []
    ) -> HTTPResponse {
        var json = JSONWriter()
        json.beginObject()
        json.field("error", code)
        json.field("message", message)
        json.endObject()
        return .json(status: status, body: json.bytes, headers: headers)
    }

    /// A JSON object whose fields `write` puts.
    static func object(status: Int = 200, _ write: (inout JSONWriter) -> Void) -> HTTPResponse {
        var json = JSONWriter()
        json.beginObject()
        write(&json)
        json.endObject()
        return .json(status: status, body: json.bytes)
    }
}

extension HTTPRequest {
    /// The password of basic authentication: `user:password`, in base64 as sent.
    var basicCredentials: String? {
        guard let header = header("Authorization"), header.hasPrefix("Basic ") else { return nil }
        return String(header.dropFirst(6))
    }
}
