import Native

extension DeliveryStatus {
    /// nil for the words that say nothing new of a message that Twilio has taken (`accepted`, `scheduled`, `queued`,
    /// `sending`), and for those that we know nothing of. Source: Twilio's "Message resource".
    package init?(twilio word: String) {
        switch word {
        case "sent": self = .sent
        // Of a message to several, some have it.
        case "delivered", "partially_delivered": self = .delivered
        case "read": self = .read
        case "undelivered", "failed", "canceled": self = .failed
        default: return nil
        }
    }

    /// Baileys' status by its name or its number, as Evolution tells it. nil for what is no news of a delivery: `PENDING`
    /// is what holds from the start, `DELETED` and `EDITED` say something else of the message.
    ///
    /// Source: `renderStatus.ts` of EvolutionAPI/evolution-api.
    package init?(baileys word: String) {
        switch word.uppercased() {
        case "ERROR", "0": self = .failed
        case "SERVER_ACK", "2": self = .sent
        case "DELIVERY_ACK", "3": self = .delivered
        case "READ", "4", "PLAYED", "5": self = .read
        default: return nil
        }
    }

    /// WAHA's `ackName`, or its `ack`. nil for what is no news of a delivery: `PENDING` is what holds from the start.
    package init?(waha word: String) {
        switch word {
        case "ERROR", "-1": self = .failed
        case "SERVER", "1": self = .sent
        case "DEVICE", "2": self = .delivered
        case "READ", "3", "PLAYED", "4": self = .read
        default: return nil
        }
    }

    /// WAHA's word for how far a message has come, its `ackName` or else its `ack`; nil: it says none.
    @LoopActor package static func wahaWord(_ message: JSONElement) -> String? {
        message["ackName"]?.string ?? message["ack"]?.int.map(String.init)
    }

    /// The furthest one that was told, in whatever order: a failure counts more than `sent`, and less than what proves it
    /// wrong. nil when nothing was.
    package static func furthest(_ told: some Sequence<DeliveryStatus>) -> DeliveryStatus? {
        told.max { $0.rank < $1.rank }
    }

    /// As `rejoinder_status_rank` of `0004-receipts.sql` has it.
    private var rank: Int {
        switch self {
        case .sent: 1
        case .failed: 2
        case .delivered: 3
        case .read: 4
        }
    }
}
