extension IgnoreReason {
    /// Why a message from there is nothing to answer, whatever it says; nil: a person or a group wrote it.
    init?(of address: ContactAddress) {
        if address.rawValue == "status@broadcast" {
            self = .status
        } else if address.isBroadcast {
            self = .broadcast
        } else if address.isNewsletter {
            self = .newsletter
        } else if address.isBot || address.isAnnouncer {
            // Another program's answers, and WhatsApp's own announcements.
            self = .technical
        } else {
            return nil
        }
    }
}
