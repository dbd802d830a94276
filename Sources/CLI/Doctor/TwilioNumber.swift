import Native

/// What Twilio has for one number: where it posts the messages that come to it.
struct TwilioNumber: Equatable {
    var url: String?
    var method: String?
    var fallbackURL: String?

    /// Of the Senders resource, where WhatsApp senders are (twilio.com/docs/whatsapp/api/senders); nil when the number
    /// is not among them.
    @LoopActor static func sender(_ number: String, in answer: WebAnswer) -> TwilioNumber? {
        answer.json { json in
            let sender = json["senders"]?.items.first { $0["sender_id"]?.string == "whatsapp:" + number }
            return sender.map { sender in
                let webhook = sender["webhook"]
                return TwilioNumber(
                    url: webhook?["callback_url"]?.string, method: webhook?["callback_method"]?.string,
                    fallbackURL: webhook?["fallback_url"]?.string)
            }
        } ?? nil
    }

    /// Of the IncomingPhoneNumbers resource, where numbers of text messages are
    /// (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
    @LoopActor static func phone(_ number: String, in answer: WebAnswer) -> TwilioNumber? {
        answer.json { json in
            let phone = json["incoming_phone_numbers"]?.items.first { $0["phone_number"]?.string == number }
            return phone.map { phone in
                TwilioNumber(
                    url: phone["sms_url"]?.string, method: phone["sms_method"]?.string,
                    fallbackURL: phone["sms_fallback_url"]?.string)
            }
        } ?? nil
    }

    /// The host of the Senders resource, without a slash at its end: Twilio has one for each product, and whatever
    /// stands in for it one for all.
    static func messagingURL(_ api: String) -> String {
        let api = api.withoutTrailingSlashes
        guard api.hasPrefix("https://api."), api.hasSuffix(".twilio.com") else { return api }
        return "https://messaging." + api.dropFirst("https://api.".count)
    }
}
