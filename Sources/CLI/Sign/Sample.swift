import Native

/// What a sample webhook tells.
struct Sample: Equatable {
    enum Content: Equatable {
        /// A contact's text.
        case message(String)
        /// That a message of ours was delivered, which nobody sent.
        case status
        /// Nothing that is put on the queue. For a trial of the proof alone.
        case nothing
    }

    let content: Content
    /// The contact's phone, digits.
    let contact: String
    /// Of the message. No other has it.
    let id: String
    let time: WallTime

    var seconds: Int { Int(time.milliseconds / 1000) }

    init(_ content: Content, contact: String, id: String = Hex.encode(randomBytes(16)), time: WallTime = .now()) {
        self.content = content
        self.contact = contact
        self.id = id
        self.time = time
    }
}
