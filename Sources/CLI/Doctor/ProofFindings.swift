import Native
import Shared

/// What is to be said of one sender's proof: a right one must be taken, a wrong one refused.
@LoopActor enum ProofFindings {
    /// - Parameters:
    ///   - subject: what proved itself, as in `meta` or `meta of shop_1`.
    ///   - place: where the secret is.
    ///   - wrong: the answer to the same webhook with another secret.
    static func webhook(
        _ subject: String, _ sender: ProviderName, _ place: SecretPlace, right: WebAnswer, wrong: WebAnswer,
        at base: String
    ) -> Finding {
        if wrong.status.map({ (200..<300).contains($0) }) == true {
            return .wrong(
                subject, "a webhook with a wrong secret is taken at \(base)",
                do: "Nothing may stand between that proves webhooks in the API's place; do not go on before it is found"
            )
        }
        switch right {
        case .none(let reason): return .wrong(subject, "no answer at \(base): \(reason)", do: "Look at the API")
        case .reply(200, _, _):
            guard wrong.status == 401 else {
                return .wrong(
                    subject, "a webhook with a wrong secret is answered \(told(wrong)) in place of 401",
                    do: "Look at what stands between \(base) and the API")
            }
            return .right(subject, "a right proof is taken at \(base), a wrong one refused")
        case .reply(401, _, _):
            return .wrong(
                subject, "the API refuses the proof made with the secret that is set here", do: remedy(sender, place))
        case .reply(404, _, _):
            return .wrong(
                subject, "there is no such webhook at \(base)",
                do: "Let the proxy pass all paths on, and the API be of this version")
        case .reply(503, _, _):
            return .wrong(
                subject, "the API cannot take webhooks: \(message(right))", do: "See what is said of Redis and Postgres"
            )
        case .reply:
            return .wrong(
                subject, "a right proof is answered \(told(right)): \(message(right))", do: "Look at the API's log")
        }
    }

    static func closed(_ sender: ProviderName, _ variable: String) -> Finding {
        .unknown(sender.rawValue, "closed: \(variable) is not set")
    }

    /// Meta's `GET`: the challenge comes back for the right token, and 403 for another.
    static func verification(challenge: String, right: WebAnswer, wrong: WebAnswer, at base: String) -> Finding {
        let check = "meta verify"
        switch right {
        case .none(let reason): return .wrong(check, "no answer at \(base): \(reason)", do: "Look at the API")
        case .reply(200, let body, _) where body == Array(challenge.utf8):
            guard wrong.status == 403 else {
                return .wrong(
                    check, "a wrong token is answered \(told(wrong)) in place of 403",
                    do: "Look at what stands between \(base) and the API")
            }
            return .right(check, "Meta's question is answered at \(base), a wrong token refused")
        case .reply(200, _, _):
            return .wrong(
                check, "the answer is not Meta's challenge alone", do: "Let the proxy pass the answer on as it is")
        case .reply(403, _, _), .reply(401, _, _):
            return .wrong(
                check, "the API refuses the token that is set here",
                do: "Give the API and this command the same META_VERIFY_TOKEN")
        case .reply:
            return .wrong(
                check, "Meta's question is answered \(told(right))", do: "Let the proxy pass GET \(MetaSample.path) on")
        }
    }

    private static func remedy(_ sender: ProviderName, _ place: SecretPlace) -> String {
        let publicURL = sender == .twilio ? " and PUBLIC_URL" : ""
        return switch place {
        case .variable(let name): "Give the API and this command the same \(name)\(publicURL)"
        case .setting:
            "Give the API and this command the same DATABASE_URL\(publicURL): the secret is \(place) there, and the API "
                + "may not have read it yet"
        }
    }

    private static func told(_ answer: WebAnswer) -> String {
        switch answer {
        case .none(let reason): "not at all (\(reason))"
        case .reply(let status, _, _): "\(status)"
        }
    }

    private static func message(_ answer: WebAnswer) -> String {
        answer.field("message") ?? answer.field("error") ?? "without a word"
    }
}
