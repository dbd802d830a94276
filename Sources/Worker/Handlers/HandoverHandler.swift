import Native
import Shared

/// `write_handover`: writes who has a conversation into its row. Doing it twice writes the same.
@LoopActor struct HandoverHandler: JobHandler {
    let version = HandoverJob.version

    let conversations: ConversationStore

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let change = try? JSON.read(job.job.payload, { HandoverJob(payload: $0) }) ?? nil else {
            return .giveUp(reason: "payload is no handover")
        }
        do throws(StoreError) {
            if change.isBot {
                try await conversations.setBot(business: change.business, contact: change.contact)
            } else {
                try await conversations.setHuman(
                    business: change.business, contact: change.contact,
                    until: change.untilMS.map { WallTime(milliseconds: Int64($0)) })
            }
            return .done()
        } catch {
            return .unwritten("handover", error)
        }
    }
}
