import Native

/// One stand-in's part of `POST /simulator/faults`.
struct FaultChange: Sendable, Equatable {
    var mode: FaultMode
    var latencyMS: Int?
    var count: Int?
    var hitsAllCalls: Bool
    var tenant: String?

    func applied(to fault: Fault) -> Fault {
        Fault(
            mode: mode, latencyMS: latencyMS ?? fault.latencyMS, count: count, hitsAllCalls: hitsAllCalls,
            tenant: tenant)
    }

    /// Reads `{"gateway":{"mode":"hang","latency_ms":50,"count":3,"calls":"all"},…}`; the gateway's
    /// also with a `tenant`.
    @LoopActor static func read(_ body: [UInt8]) throws(JSONError) -> [Service: FaultChange] {
        try JSON.read(body) { (root) throws(JSONError) in
            guard root.isObject else { throw .unexpected("an object with a fault for each service") }
            var changes: [Service: FaultChange] = [:]
            for (name, value) in root.fields {
                guard let service = Service(rawValue: name) else { throw .unexpected("no service is called \(name)") }
                changes[service] = try FaultChange(value, of: service)
            }
            return changes
        }
    }

    @LoopActor private init(_ json: JSONElement, of service: Service) throws(JSONError) {
        guard let mode = FaultMode(rawValue: json["mode"]?.string ?? "ok"), mode.isKnown(to: service) else {
            throw .unexpected("\(service.rawValue).mode is one of \(FaultMode.names(of: service))")
        }
        self.mode = mode
        latencyMS = try Self.number(json["latency_ms"], "latency_ms", in: 0...600_000)
        count = try Self.number(json["count"], "count", in: 1...1_000_000_000)
        hitsAllCalls = json["calls"]?.string == "all"
        tenant = json["tenant"]?.string
        guard tenant == nil || service == .gateway else { throw .unexpected("only the gateway's faults have a tenant") }
    }

    @LoopActor private static func number(
        _ json: JSONElement?, _ name: String, in range: ClosedRange<Int>
    ) throws(JSONError) -> Int? {
        guard let json else { return nil }
        guard let number = json.int, range.contains(number) else {
            throw .unexpected("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
