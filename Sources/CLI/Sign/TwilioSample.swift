import Shared

/// Twilio's forms, signed over the outside URL.
enum TwilioSample {
    static func request(
        _ sample: Sample, _ keys: SenderKeys, _ secret: Secret, publicURL: String
    ) -> SampleRequest {
        let target = "/webhook/twilio/\(keys.business.percentEncoded)" + (sample.content == .status ? "/status" : "")
        let form = form(sample, keys), url = publicURL + target
        return SampleRequest(
            sender: .twilio, target: target,
            headers: [
                .init(name: "Content-Type", value: "application/x-www-form-urlencoded"),
                .init(
                    name: "X-Twilio-Signature",
                    value: TwilioSignature.sign(url: url, form: form, token: secret.exposed)),
            ],
            body: FormEncoding.encode(form.map { ($0.name, $0.value) }), signedURL: url)
    }

    /// Twilio's sandbox, which all accounts share, where no number is set.
    private static let sandbox = "+14155238886"

    private static func form(_ sample: Sample, _ keys: SenderKeys) -> [(name: String, value: String)] {
        let id = "SM" + sample.id.prefix(32), business = "whatsapp:" + (keys.twilioNumber ?? sandbox)
        let contact = "whatsapp:+" + sample.contact
        let common = [
            ("MessageSid", id), ("SmsSid", id),
            ("AccountSid", keys.twilioAccount ?? "AC" + String(repeating: "0", count: 32)),
            ("ApiVersion", "2010-04-01"),
        ]
        func message(_ type: String, _ text: String) -> [(name: String, value: String)] {
            common + [
                ("SmsMessageSid", id), ("From", contact), ("To", business), ("WaId", sample.contact),
                ("ProfileName", "Sample"), ("MessageType", type), ("Body", text), ("NumMedia", "0"),
                ("NumSegments", "1"), ("SmsStatus", "received"),
            ]
        }
        switch sample.content {
        case .message(let text): return message("text", text)
        // Reactions are passed over.
        case .nothing: return message("reaction", "")
        case .status:
            return common + [
                ("From", business), ("To", contact), ("MessageStatus", "delivered"), ("SmsStatus", "delivered"),
                ("ChannelPrefix", "whatsapp"), ("EventType", "DELIVERED"),
            ]
        }
    }
}
