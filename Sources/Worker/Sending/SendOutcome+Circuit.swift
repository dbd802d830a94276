import Shared

extension SendOutcome {
    /// What it says of the provider's server.
    var ofServer: Circuit.Outcome {
        switch self {
        case .sent: .success
        case .unknown: .failure
        case .refused(let refusal):
            switch refusal {
            case .providerDown: .failure
            // The server answered as it should.
            case .message, .contact: .success
            case .unable, .rateLimited, .tooFast: .nothing
            case .channel: .fatal
            }
        }
    }

    /// For logs and metrics.
    var code: String {
        switch self {
        case .sent: "sent"
        case .refused(let refusal): refusal.code
        case .unknown(let detail, _): detail
        }
    }
}
