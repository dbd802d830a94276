import Native
import Shared

/// What is to be said of the gateways that a business sends through, by their own words.
@LoopActor enum GatewayFindings {
    /// Baileys: `GET /whatsapp/{business}/status`.
    static func baileys(_ business: String, _ url: String, _ answer: WebAnswer) -> Finding {
        finding("baileys gateway", business, url, answer, refused: .variable("INTERNAL_SECRET")) {
            guard answer.json({ $0["canSend"]?.bool ?? false }) == true else {
                return answer.field("lastError") ?? "it is not connected to WhatsApp"
            }
            return nil
        }
    }

    /// Evolution: `GET /instance/connectionState/{instance}`.
    ///
    /// - Parameter key: where the key of our calls is.
    static func evolution(_ business: String, _ url: String, _ answer: WebAnswer, key: SecretPlace) -> Finding {
        finding("evolution server", business, url, answer, refused: key) {
            let state = answer.json { ($0["instance"]?["state"] ?? $0["state"])?.string } ?? nil
            return state == "open" ? nil : "the instance is \(state ?? "in no state it tells")"
        }
    }

    /// WAHA: `GET /api/sessions/{session}`.
    ///
    /// - Parameter key: where the key of our calls is.
    static func waha(_ business: String, _ url: String, _ answer: WebAnswer, key: SecretPlace) -> Finding {
        finding("waha server", business, url, answer, refused: key) {
            let state = answer.field("status")
            return state == "WORKING" ? nil : "the session is \(state ?? "in no state it tells")"
        }
    }

    /// - Parameter trouble: why it cannot send although it answers; nil: it can.
    private static func finding(
        _ check: String, _ business: String, _ url: String, _ answer: WebAnswer, refused key: SecretPlace,
        trouble: () -> String?
    ) -> Finding {
        switch answer {
        case .none(let reason):
            return .wrong(check, "no answer at \(url): \(reason)", do: "Start it, or set its URL as it is")
        case .reply(200, _, _):
            guard let trouble = trouble() else { return .right(check, "\(url) can send for \(business)") }
            return .wrong(
                check, "\(url) cannot send for \(business): \(trouble)",
                do: "Pair it with the phone again; replies go out by the business's other providers")
        case .reply(401, _, _), .reply(403, _, _):
            return .wrong(check, "\(url) refuses our calls", do: "Give it and us the same \(key)")
        case .reply(404, _, _):
            return .wrong(check, "\(url) does not know \(business)", do: "Pair the business there first")
        case .reply(let status, _, _):
            return .wrong(check, "\(url) answers \(status) when asked about \(business)", do: "Look at its log")
        }
    }
}
