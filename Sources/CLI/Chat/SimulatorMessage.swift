import Native

/// A message that the contact got, as the simulator tells it.
struct SimulatorMessage: Equatable {
    /// Grows with every message of the simulator.
    let sequence: Int
    let provider: String
    /// The business, from the gateway; the account or sender, from other providers, who know no businesses.
    let tenant: String
    let text: String
    let time: WallTime

    /// Whether it may have been sent by that business. Only the gateway's messages tell.
    func mayBe(from business: String) -> Bool { provider != "baileys" || tenant == business }

    /// An array of them, in order. What has no sequence or text is left out.
    @LoopActor static func list(_ body: [UInt8]) throws(JSONError) -> [SimulatorMessage] {
        try JSON.read(body) { root in
            root.items.compactMap { item in
                guard let sequence = item["seq"]?.int, let text = item["text"]?.string else { return nil }
                return SimulatorMessage(
                    sequence: sequence, provider: item["provider"]?.string ?? "?",
                    tenant: item["tenant"]?.string ?? "?", text: text,
                    time: WallTime(milliseconds: Int64(item["at_ms"]?.int ?? 0)))
            }
        }
    }
}
