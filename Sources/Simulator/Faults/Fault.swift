/// What is to go wrong with one stand-in, and how often. A plain value: each call asks it and gets its lot.
struct Fault: Sendable, Equatable {
    var mode = FaultMode.ok
    /// Wait before each send, or answer of the AI. Also without a fault.
    var latencyMS = 0
    /// Calls it still applies to; nil: all until changed.
    var count: Int?
    /// Whether it applies to every call, or only to those that send.
    var hitsAllCalls = false
    /// The business that it applies to; nil: all.
    var tenant: String?

    /// What kind of call asks.
    enum Call { case send, status, other }

    /// What one call gets.
    struct Lot: Sendable, Equatable {
        var mode: FaultMode
        var latencyMS: Int
    }

    /// Takes the lot of one call, and counts it when the fault applies to it.
    ///
    /// - Parameter caller: the business that calls, where that is known.
    mutating func draw(_ call: Call, of caller: String? = nil) -> Lot {
        let wait = call == .send || hitsAllCalls ? latencyMS : 0
        guard mode != .ok, applies(to: call), tenant == nil || tenant == caller else {
            return Lot(mode: .ok, latencyMS: wait)
        }
        let lot = Lot(mode: mode, latencyMS: wait)
        if let count {
            self.count = count - 1
            if count <= 1 {
                mode = .ok
                self.count = nil
                tenant = nil
            }
        }
        return lot
    }

    private func applies(to call: Call) -> Bool {
        switch call {
        case .send: true
        case .status: hitsAllCalls || mode == .cannotSend
        case .other: hitsAllCalls && mode != .cannotSend
        }
    }
}
