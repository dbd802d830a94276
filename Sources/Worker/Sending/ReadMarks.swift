import Native
import Shared

/// Lets contacts see that their messages were read and that an answer is under way. Best effort: nothing waits for it, and
/// what cannot be done is left.
@LoopActor final class ReadMarks {
    private let http: HTTPClient
    private let calls: ReadMarkCalls
    private let log: Log
    private var underWay = 0

    /// Marks under way past which there are no further ones: a provider that hangs must not pile them up.
    private static let most = 1000

    init(http: HTTPClient, calls: ReadMarkCalls, log: Log) {
        self.http = http
        self.calls = calls
        self.log = log
    }

    /// - Parameter messages: all of one conversation, oldest first; none: nothing is done.
    func show(_ messages: [InboundMessage], to business: Business) {
        guard business.settings.readMarks ?? true, !messages.isEmpty, underWay < Self.most else { return }
        let requests = calls.requests(for: ReadMark(business: business, messages: messages))
        if requests.isEmpty { return }
        underWay += 1
        let id = messages[messages.count - 1].messageID
        LoopActor.loop.spawn { [self] in
            await send(requests, id)
            underWay -= 1
        }
    }

    private func send(_ requests: [HTTPClient.Request], _ id: String) async {
        for request in requests {
            do throws(HTTPClientError) {
                let answer = try await http.send(request)
                if answer.status < 300 { continue }
                report("HTTP \(answer.status)", id)
            } catch { report("\(error)", id) }
        }
    }

    private func report(_ reason: String, _ id: String) {
        log.debug(.readMarkFailed, "A read mark was not taken", [.messageID: .text(id), .reason: .text(reason)])
    }
}
