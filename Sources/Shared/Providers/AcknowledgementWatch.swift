import Native

/// Whether WhatsApp's server has what a gateway took: what receipts told, and what the gateway says when it is asked.
///
/// A gateway that tells nothing of any message, because it keeps no statuses, is believed to send what it took, and is not
/// asked again for a while.
@LoopActor final class AcknowledgementWatch {
    /// Who is asked, and how.
    struct Questions {
        /// By which it is remembered what the gateway tells.
        let name: String
        /// What stands in for the business in receipts that do not name it.
        let alias: String
        /// Why a message failed, where a receipt says no more.
        let refusal: String
        /// What became of the message.
        let state: @LoopActor () async -> SentState
        /// Whether the gateway says of any message that WhatsApp's server has it; nil when it does not answer.
        let tellsOfOthers: @LoopActor () async -> Bool?
    }

    private let told: ToldByReceipts
    /// Whether a gateway tells acknowledgements.
    private var telling = AnswerCache<Bool>(lifetime: .seconds(300))

    init(told: ToldByReceipts) { self.told = told }

    /// - Parameter patience: for an acknowledgement to come, by whatever way.
    func state(of message: SentMessage, patience: Duration, _ questions: Questions) async -> SentState {
        let tells = telling.find(questions.name, now: .now())
        if tells == false { return await receipt(of: message, questions, within: .zero) ?? .untold }
        var state = SentState.pending
        // Most come within a moment. Where no webhook tells of them, the gateway does.
        for wait in patience > .zero ? [patience * 0.3, patience * 0.7] : [.zero] where state == .pending {
            if let receipt = await receipt(of: message, questions, within: wait) { return receipt }
            if Task.isCancelled { return .unreachable }
            state = await questions.state()
        }
        if state == .untold { telling.keep(false, of: questions.name, now: .now()) }
        guard state == .pending, tells == nil else { return state }
        guard let tellsOfOthers = await questions.tellsOfOthers() else { return .unreachable }
        telling.keep(tellsOfOthers, of: questions.name, now: .now())
        return tellsOfOthers ? .pending : .untold
    }

    private func receipt(
        of message: SentMessage, _ questions: Questions, within patience: Duration
    ) async -> SentState? {
        await told.state(
            of: message.providerID, tenants: [message.business.id, questions.alias], refusal: questions.refusal,
            within: patience)
    }
}
