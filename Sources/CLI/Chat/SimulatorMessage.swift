import Native

/// A message that the contact got, as the simulator tells it.
struct SimulatorMessage: Equatable {
    /// Grows with every message of the simulator.
    let sequence: Int
    let provider: String
    let business: String
    let text: String
    let time: WallTime

    /// An array of them, in order. What has no sequence or text is left out.
    @LoopActor static func list(_ body: [UInt8]) throws(JSONError) -> [SimulatorMessage] {
        try JSON.read(body) { root in
            root.items.compactMap { item in
                guard let sequence = item["seq"]?.int, let text = item["text"]?.string else { return nil }
                return SimulatorMessage(
                    sequence: sequence, provider: item["provider"]?.string ?? "?",
                    business: item["tenant"]?.string ?? "?", text: text,
                    time: WallTime(milliseconds: Int64(item["at_ms"]?.int ?? 0)))
            }
        }
    }
}
