import Native
import Shared

/// What is to be said of the API, here and behind its outside URL.
///
/// Whose API answers is told by the id that it shows: that of a process which Redis knows. So it may stand behind a load
/// balancer, and no secret goes to a server of which nothing is known.
@LoopActor struct APIFindings {
    /// Ids of the processes that Redis knows; nil: Redis does not answer.
    let processes: [String]?

    /// Whether the answer of `/api/webhook/health` is one of this deployment's.
    func isOurs(_ answer: WebAnswer) -> Bool {
        guard let processes, let id = answer.field("process") else { return false }
        return processes.contains(id)
    }

    /// - Parameters:
    ///   - ready: the answer of `/health/ready`.
    ///   - overview: that of `/api/webhook/health`.
    func local(_ url: String, ready: WebAnswer, overview: WebAnswer) -> Finding {
        switch ready {
        case .none(let reason):
            return .wrong(
                "api", "no API answers at \(url): \(reason)",
                do: "Start rejoinder-api, or set API_HOST and API_PORT as it has them")
        case .reply(200, _, _): break
        case .reply(let status, _, _):
            let reason = ready.field("reason") ?? "it answers \(status)"
            return .wrong("api", "the API at \(url) is not ready: \(reason)", do: "Look at its log")
        }
        if processes == nil { return .right("api", "the API at \(url) is ready") }
        guard isOurs(overview) else {
            return .wrong(
                "api", "what answers at \(url) is not an API of this Redis",
                do: "Give the API and this command the same REDIS_URL, and look at API_PORT")
        }
        return .right("api", "the API at \(url) is ready")
    }

    func publicURL(_ url: String, overview: WebAnswer) -> Finding {
        let check = "public url"
        guard url.hasPrefix("https://") || Self.isLoopback(url) else {
            return .wrong(
                check, "PUBLIC_URL \(url) is not https: Meta calls no other, and secrets go over the net in clear",
                do: "Put a proxy with a certificate before the API")
        }
        switch overview {
        case .none(let reason):
            return .wrong(
                check, "PUBLIC_URL \(url) cannot be reached from here: \(reason)",
                do: "Look at its name, the proxy, the certificate and the firewall")
        case .reply(let status, _, _):
            guard let processes else { return .unknown(check, "\(url) answers; whose API it is only Redis can tell") }
            guard let id = overview.field("process") else {
                return .wrong(
                    check, "PUBLIC_URL \(url) answers \(status), and not as the API does",
                    do: "Let the proxy pass all paths on to the API")
            }
            guard processes.contains(id) else {
                return .wrong(
                    check, "PUBLIC_URL \(url) leads to the API of another deployment",
                    do: "Let the proxy pass it on to this one, or set PUBLIC_URL to this one's")
            }
        }
        if Self.isLoopback(url) {
            return .unknown(
                check, "\(url) leads to this API, and nobody outside this machine can reach it",
                do: "For Meta and Twilio set PUBLIC_URL to the outside https URL")
        }
        return .right(check, "\(url) leads to this API")
    }

    static func noPublicURL(needsIt: Bool) -> Finding {
        needsIt
            ? .wrong(
                "public url", "PUBLIC_URL is not set: Twilio signs it, and its webhooks are refused",
                do: "Set PUBLIC_URL to the outside https URL of the API")
            : .unknown("public url", "PUBLIC_URL is not set; only Twilio and Meta need it")
    }

    static func isLoopback(_ url: String) -> Bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { host in
            guard url.hasPrefix(host) else { return false }
            let next = url.dropFirst(host.count).first
            return next == nil || next == ":" || next == "/"
        }
    }
}
