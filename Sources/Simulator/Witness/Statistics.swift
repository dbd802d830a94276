import Native

/// What was asked of each stand-in since the start.
struct Statistics: Sendable {
    struct Counts: Sendable {
        var calls = 0
        var delivered = 0
        /// Sends whose id was known: answered, not delivered again.
        var duplicates = 0
        /// Calls that met a fault.
        var faults = 0
    }

    var counts: [Service: Counts] = [:]

    subscript(service: Service) -> Counts {
        get { counts[service] ?? Counts() }
        set { counts[service] = newValue }
    }

    /// - Parameter remembered: deliveries that the witness still has.
    func json(remembered: Int) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        for service in Service.allCases {
            json.key(named: service.rawValue)
            json.beginObject()
            json.field("calls", self[service].calls)
            json.field("delivered", self[service].delivered)
            json.field("duplicates", self[service].duplicates)
            json.field("faults", self[service].faults)
            json.endObject()
        }
        json.field("remembered", remembered)
        json.endObject()
        return json.bytes
    }
}
