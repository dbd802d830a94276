/// As many multi handles of libcurl as the calls under way need, each for a bounded number of them.
///
/// libcurl looks through all its connections to a host for a free one before it makes another: with thousands under way in
/// one handle each further call took longer.
@LoopActor final class CurlFleet {
    /// Calls under way in one handle.
    private static let mostCalls = 256
    /// After which a handle that has had nothing to do, and is not the first, is closed with its connections.
    private static let idleTime: Duration = .seconds(60)

    private let keptConnections: Int
    /// Calls go to the first one that has room, so that few calls share few connections. Never empty before `close`.
    private var multis: [CurlMulti]
    private var isClosed = false

    /// - Parameter keptConnections: of each handle, kept for the next request. No more than twice `mostCalls` are: for as many
    ///   calls to one server, and to a second.
    init(keptConnections: Int) {
        self.keptConnections = min(keptConnections, 2 * Self.mostCalls)
        multis = [CurlMulti(keptConnections: self.keptConnections)]
    }

    var inFlight: Int { multis.reduce(0) { $0 + $1.inFlight } }

    func start(_ transfer: CurlTransfer) {
        guard !isClosed else { return transfer.end(.failure(.cancelled)) }
        closeIdle()
        if let free = multis.first(where: { $0.inFlight < Self.mostCalls }) { return free.start(transfer) }
        let another = CurlMulti(keptConnections: keptConnections)
        multis.append(another)
        another.start(transfer)
    }

    private func closeIdle() {
        guard multis.count > 1, let idleSince = multis[multis.count - 1].idleSince,
            MonotonicInstant.now() - idleSince > Self.idleTime
        else { return }
        multis.removeLast().close()
    }

    /// Cancels what runs and closes every connection. Nothing can be started any more.
    func close() {
        isClosed = true
        for multi in multis { multi.close() }
    }
}
