internal import Glibc

/// One client's connection: in which phase it is, and since when. libmicrohttpd owns the descriptor.
///
/// libmicrohttpd's own time limit restarts with every byte, so a client that drips would hold its place for ever;
/// these phases do not restart.
@LoopActor final class HTTPConnection {
    enum Phase {
        /// Nothing was read yet, or the next request did not begin. `isFirst`: since the connection was made.
        case waiting(isFirst: Bool)
        /// The request line was read; headers and body are arriving.
        case receiving
        /// The whole request was read: handler and answer take the time they take.
        case answering
        /// Answered and closed for writing by us. What still comes is read and dropped, so that the client gets to
        /// read the answer: closing a socket with unread bytes in it would reset the connection.
        case refused
    }

    let descriptor: Int32
    /// Its place in the server's `HTTPConnectionSet`.
    var place = 0
    private(set) var phase = Phase.waiting(isFirst: true)
    private(set) var since = MonotonicInstant.now()
    /// The request that is read or answered now.
    var exchange: HTTPExchange?

    init(descriptor: Int32) { self.descriptor = descriptor }

    var isWaiting: Bool { if case .waiting = phase { true } else { false } }
    var isReceiving: Bool { if case .receiving = phase { true } else { false } }
    var isRefused: Bool { if case .refused = phase { true } else { false } }

    func enter(_ phase: Phase) {
        self.phase = phase
        since = .now()
    }

    /// - Parameter keepsTime: the time of the request goes on from where the connection's waiting began.
    func beginReceiving(keepsTime: Bool) {
        phase = .receiving
        if !keepsTime { since = .now() }
    }

    /// How willingly it is closed to make room for another: those that were never of use first. nil: not at all.
    var expendability: Int? {
        switch phase {
        case .waiting(let isFirst): isFirst ? 2 : 1
        case .receiving: 2
        case .answering: nil
        // Already on its way out.
        case .refused: 3
        }
    }

    /// What its time is up for, or nil. Decides only.
    func overdue(now: MonotonicInstant, limits: HTTPServerLimits) -> Overdue? {
        let age = now - since
        switch phase {
        case .waiting(let isFirst):
            if isFirst, age >= limits.requestTime { return .request }
            return age >= limits.idleTime ? .idle : nil
        case .receiving: return age >= limits.requestTime ? .request : nil
        case .answering: return nil
        case .refused: return age >= limits.lingerTime ? .idle : nil
        }
    }

    enum Overdue { case request, idle }

    /// Answers past libmicrohttpd, which takes no response before a body has been read, and closes for writing.
    /// Only while libmicrohttpd itself has nothing to write: not in `answering`.
    func refuse(_ refusal: HTTPRefusal) {
        let bytes = refusal.wireBytes
        // Fits an empty send buffer. A client that left it full gets a cut answer, and deserves no more.
        _ = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(descriptor, Int32(SHUT_WR))
        enter(.refused)
    }

    /// Makes libmicrohttpd see the end of the connection, and close it.
    func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

extension HTTPServerLimits {
    /// How long what a refused client sends is still read.
    var lingerTime: Duration { min(.seconds(2), requestTime) }
    /// How often connections are looked over.
    var sweepInterval: Duration { max(.milliseconds(10), min(.seconds(1), min(requestTime, idleTime) / 4)) }
}
