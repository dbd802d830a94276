import Native

/// Looks after the gateway's sockets: one that is connected and cannot send is restarted, while nothing is being sent.
///
/// The gateway refuses a restart while a send is active; it is asked beforehand all the same, so that one that does not refuse
/// interrupts nothing either.
@LoopActor package struct GatewayCare {
    package enum Outcome: Equatable, Sendable, CaseIterable {
        case able
        /// Not paired, not connected, or about to be: a restart mends none of it.
        case unable
        /// The gateway did not answer.
        case silent
        /// It is to be restarted, and something is being sent.
        case busy
        case restarted
    }

    private let http: HTTPClient
    private let gateway: GatewayCalls

    /// For one call. A gateway that takes longer is left alone until the next look.
    private static let timeout: Duration = .seconds(2)

    package init(http: HTTPClient, gateway: GatewayCalls) {
        self.http = http
        self.gateway = gateway
    }

    /// Asks once, and restarts at most once. Twice at the same time restarts once: the second finds it starting.
    package func tend(_ business: String) async -> Outcome {
        guard let status = await call("GET", business, "status"), status.status == 200 else { return .silent }
        let state = try? JSON.read(status.body) { json in
            (
                canSend: json["canSend"]?.bool == true, isOpen: json["connected"]?.bool == true,
                isStarting: json["starting"]?.bool == true
            )
        }
        guard let state else { return .silent }
        if state.canSend { return .able }
        guard state.isOpen, !state.isStarting else { return .unable }
        // What is not said to be idle is taken to be busy.
        guard let sending = await call("GET", business, "sending-status"), sending.status == 200,
            (try? JSON.read(sending.body) { $0["isSending"]?.bool }) == false
        else { return .busy }
        guard let answer = await call("POST", business, "restart") else { return .silent }
        switch answer.status {
        case 200..<300: return .restarted
        case 409: return .busy
        default: return .unable
        }
    }

    private func call(_ method: String, _ business: String, _ name: String) async -> HTTPClient.Response? {
        try? await http.send(gateway.request(method, gateway.url(business, name), timeout: Self.timeout))
    }
}
