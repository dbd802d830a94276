import Native

/// What is to be said of the URL that Twilio has for a number.
enum TwilioNumberFindings {
    static let check = "twilio url"
    /// Without it Twilio posts once: a message is lost when the API answers 503 for a moment.
    static let repeats = "#rc=5&rp=all"

    /// - Parameter expected: the URLs that are right, without a fragment; the first one is the one to set.
    static func finding(_ number: String, _ found: TwilioNumber, expected: [String]) -> Finding {
        let advice = "Set it to \(expected[0])\(repeats)"
        guard let url = found.url, !url.isEmpty else {
            return .wrong(check, "Twilio has no webhook URL for \(number)", do: advice)
        }
        let parts = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard expected.contains(parts[0]) else {
            return .wrong(check, "Twilio posts messages to \(number) to \(url)", do: advice)
        }
        var problems: [String] = []
        if found.method.map({ $0.uppercased() != "POST" }) == true {
            problems.append("it is called with GET, not POST")
        }
        if !repeatsErrors(parts.count > 1 ? parts[1] : "") {
            problems.append("it lacks \(repeats), so that a message is lost when the API answers 503 for a moment")
        }
        if (found.fallbackURL ?? "").isEmpty {
            problems.append("there is no fallback URL, which Twilio calls when the first has failed for good")
        }
        guard problems.isEmpty else {
            return .wrong(
                check, "\(number): \(problems.joined(separator: "; "))",
                do:
                    "Set it to POST \(parts[0])\(repeats), and a fallback URL: the same one, by another way if there is one"
            )
        }
        return .right(check, "Twilio posts messages to \(number) here, repeats them, and has a fallback URL")
    }

    /// - Parameter isSandbox: its URL is set in Twilio's console alone.
    static func unlisted(_ number: String, isSandbox: Bool, expected: String) -> Finding {
        .unknown(
            check,
            isSandbox
                ? "\(number) is Twilio's sandbox, whose URL only its console shows"
                : "Twilio lists no sender \(number) for this account",
            do: "Its URL is to be \(expected)\(repeats)")
    }

    /// - Parameter secrets: where the account's SID and token are.
    static func unasked(
        _ number: String, _ answer: WebAnswer, expected: String, secrets: (sid: SecretPlace, token: SecretPlace)
    ) -> Finding {
        let advice = "The URL of \(number) is to be \(expected)\(repeats)"
        switch answer {
        case .reply(401, _, _), .reply(403, _, _):
            return .wrong(
                check, "Twilio refuses the account's SID or token",
                do: "Set \(secrets.sid) and \(secrets.token) as Twilio's console shows them")
        case .reply(let status, _, _): return .unknown(check, "Twilio answers \(status)", do: advice)
        case .none(let reason): return .unknown(check, "Twilio cannot be asked: \(reason)", do: advice)
        }
    }

    /// Whether a fragment has Twilio repeat what was answered with a 5xx
    /// (twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
    static func repeatsErrors(_ fragment: String) -> Bool {
        var count = 1, policies: [Substring] = ["ct"]
        for field in fragment.split(separator: "&") {
            let words = field.split(separator: "=", maxSplits: 1)
            guard words.count == 2 else { continue }
            if words[0] == "rc" { count = Int(words[1]) ?? 0 }
            if words[0] == "rp" { policies = words[1].split(separator: ",") }
        }
        return (1...5).contains(count) && policies.contains { $0 == "all" || $0 == "5xx" }
    }
}
