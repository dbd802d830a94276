import Native
import Shared

/// The requests that were asked for, and what keeps others closed. A plain value.
struct SignedSamples {
    let options: SignOptions
    /// Where the API is, without a slash at its end.
    let base: String
    private(set) var requests: [SampleRequest] = []
    /// Senders without a secret, and the variable that would hold it.
    private(set) var closed: [(sender: ProviderName, variable: String)] = []
    /// What whoever pastes a line should know.
    private(set) var notes: [String] = []

    init(_ options: SignOptions, _ keys: SenderKeys, base: String) {
        self.options = options
        self.base = base
        for sender in options.senders {
            let content: Sample.Content = options.kind == .status ? .status : .message(options.text)
            let request =
                options.kind == .verify
                ? MetaSample.verification(keys, challenge: String(UInt32.random(in: 1_000_000_000...4_000_000_000)))
                : SampleRequest.make(sender, Sample(content, contact: options.contact), keys, base: base)
            if let request {
                requests.append(request)
                note(request, keys)
            } else {
                let variable = options.kind == .verify ? SenderKeys.verifyVariable : SenderKeys.variable(of: sender)
                closed.append((sender, variable))
            }
        }
    }

    private mutating func note(_ request: SampleRequest, _ keys: SenderKeys) {
        let sender = request.sender
        if options.isMasked {
            for case .setting? in request.headers.map(\.place) {
                let place = keys.place(of: sender)
                notes.append("\(place.shellVariable) stands for \(place) of \(keys.business)")
            }
        }
        if sender == .twilio, keys.publicURL == nil {
            notes.append("PUBLIC_URL is not set, so Twilio's webhook is closed; signed over \(base)")
        }
        if sender == .meta, keys.metaNumber == nil, options.kind != .verify {
            notes.append(
                "META_PHONE_NUMBER_ID is not set: Meta's sample is for a number that no business has")
        }
    }

    /// 1 when the one sender that was asked for is closed.
    var status: Int32 { options.sender != nil && !closed.isEmpty ? 1 : 0 }

    var text: String {
        let isMasked = options.isMasked
        if options.isJSON { return json }
        return requests.map { request in
            let line = "\(CurlLine(request: request, base: base, isMasked: isMasked))\n"
            return options.sender == nil ? "# \(request.sender.rawValue)\n\(line)" : line
        }.joined()
    }

    private var json: String {
        var json = JSONWriter()
        json.beginArray()
        for request in requests {
            json.object { json in
                json.field("sender", request.sender.rawValue)
                json.field("method", request.method)
                json.field("url", base + (options.isMasked ? request.maskedTarget ?? request.target : request.target))
                json.field("signed_url", ifPresent: request.signedURL)
                json.object("headers") { json in
                    for header in request.headers {
                        json.key(named: header.name)
                        json.value(options.isMasked ? header.place?.shellVariable ?? header.value : header.value)
                    }
                }
                json.field("body", request.body)
                json.field("curl", "\(CurlLine(request: request, base: base, isMasked: options.isMasked))")
            }
        }
        json.endArray()
        return json.text + "\n"
    }
}
