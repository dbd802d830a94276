import Native
import Shared

/// A webhook as its sender would post it, proof included. A plain value: `rejoinder sign` prints it, `rejoinder doctor`
/// sends it.
struct SampleRequest: Equatable {
    struct Header: Equatable {
        let name: String
        let value: String
        /// Where the value is kept, if it is a secret.
        var place: SecretPlace?
    }

    let sender: ProviderName
    var method = "POST"
    /// Path and query, as called.
    let target: String
    /// The same with a secret in the query as a shell's variable.
    var maskedTarget: String?
    var headers: [Header] = []
    var body = ""
    /// What a signature covers beside the body, where it does.
    var signedURL: String?

    /// As the sender would post it for a business.
    ///
    /// - Parameter base: where the API is, without a slash at its end. Signed by Twilio where `PUBLIC_URL` is not set.
    /// - Returns: nil when the sender is closed, because its secret is not set.
    static func make(_ sender: ProviderName, _ sample: Sample, _ keys: SenderKeys, base: String) -> SampleRequest? {
        guard let secret = keys.secret(of: sender) else { return nil }
        return switch sender {
        case .baileys: BaileysSample.request(sample, keys, secret)
        case .twilio: TwilioSample.request(sample, keys, secret, publicURL: keys.publicURL ?? base)
        case .meta: MetaSample.request(sample, keys, secret)
        case .evolution: EvolutionSample.request(sample, keys, secret)
        case .waha: WAHASample.request(sample, keys, secret)
        }
    }

    static let jsonType = Header(name: "Content-Type", value: "application/json")
}

extension JSONWriter {
    /// An object in one go; a field of that name, where there is one.
    mutating func object(_ name: StaticString? = nil, _ write: (inout JSONWriter) -> Void) {
        if let name { key(name) }
        beginObject()
        write(&self)
        endObject()
    }

    /// An array of one object or none.
    mutating func array(_ name: StaticString, _ write: ((inout JSONWriter) -> Void)?) {
        key(name)
        beginArray()
        if let write { object(nil, write) }
        endArray()
    }

    static func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object(nil, write)
        return json.text
    }
}
