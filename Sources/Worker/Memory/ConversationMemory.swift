import Native
import Shared

/// The memory of conversations: in Redis beside the queue, under business and contact, and told again from Postgres
/// when Redis has lost it.
///
/// It is written in the step that ends a message's job, so that a message is remembered once.
@LoopActor struct ConversationMemory {
    let queue: RedisQueue
    let messages: MessageStore
    let window: MemoryWindow
    let silence: PostgresSilence
    let log: Log

    /// For Postgres. It is part of the time in which a contact is to get an answer.
    private static let patience: Duration = .milliseconds(500)

    /// What is remembered of the conversation of a job's message, without that message. Never fails: an answer without
    /// memory is better than none.
    func recall(_ message: InboundMessage, _ job: LeasedJob) async -> Recollection {
        await recall(message.contact, of: message.tenant, job)
    }

    /// What is remembered of the conversation of a job.
    func recall(_ contact: String, of business: String, _ job: LeasedJob) async -> Recollection {
        let lines: [[UInt8]]
        do throws(QueueError) { lines = try await queue.memory(of: job.lease.group) } catch {
            log.warning(.redisConnection, "Memory could not be read", [.error: .text("\(error)")])
            return .nothing
        }
        var recollection = Recollection(lines.compactMap(MemoryLine.init))
        guard !recollection.isWhole else { return recollection }
        do throws(StoreError) {
            let rows = try await silence.ask { () throws(StoreError) in
                try await messages.history(
                    business: business, contact: contact, limit: window.turns, except: job.job.id,
                    within: Self.patience)
            }
            guard let rows else { return recollection }
            recollection.complete(from: MemoryTurn.turns(of: SpokenRow.messages(rows)).suffix(window.turns))
        } catch {
            log.warning(.postgresConnection, "Memory could not be rebuilt", [.error: .text("\(error)")])
        }
        return recollection
    }

    /// What the AI is told of it.
    func messages(of recollection: Recollection) -> [ChatMessage] {
        window.latest(of: recollection.turns).flatMap(\.messages)
    }
}
