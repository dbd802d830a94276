import Native

/// How far a message has come, as `messages.update` says it: Baileys' status as a word, in some versions as its number.
///
/// Source: `renderStatus.ts` of EvolutionAPI/evolution-api.
@LoopActor enum EvolutionStatus {
    /// nil for what is no news of a delivery: `PENDING` is what our row says from the start, `DELETED` and `EDITED` say
    /// something else of the message.
    static func read(_ value: JSONElement) -> DeliveryStatus? {
        switch value.string?.uppercased() ?? value.int.map(String.init) {
        case "ERROR", "0": .failed
        case "SERVER_ACK", "2": .sent
        case "DELIVERY_ACK", "3": .delivered
        case "READ", "4", "PLAYED", "5": .read
        default: nil
        }
    }
}
