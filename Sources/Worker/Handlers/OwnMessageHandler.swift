import Native
import Shared

/// `own_message`: a message went out under a business's number, and its id is none of ours. If the text is not ours either, a
/// person has written it: the bot falls silent for a time, and remembers what was said.
///
/// Running it twice does the same again: the silence counts from when the message was written, and rows have unique keys.
@LoopActor struct OwnMessageHandler: JobHandler {
    let version = OwnMessageJob.version

    let businesses: BusinessCache
    let store: BusinessStore
    /// Whose a message is that no business claims.
    let defaultBusiness: String?
    let queue: RedisQueue
    let memory: ConversationMemory
    let rows: RowWriter
    let log: Log

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let message = try? JSON.read(job.job.payload, { InboundMessage(payload: $0) }) ?? nil else {
            return .giveUp(reason: "payload is not a message")
        }
        do throws(StoreError) {
            guard let business = try await businesses.business(message.tenant) else {
                return try await passOn(message, job)
            }
            return try await run(message, business, job)
        } catch {
            return .unwritten("own message", error)
        }
    }

    /// One of a business that nobody knows is dropped: there is nobody to fall silent.
    private func passOn(_ message: InboundMessage, _ job: LeasedJob) async throws(StoreError) -> JobOutcome {
        guard let alias = BusinessAlias(tenant: message.tenant),
            let tenant = try await store.id(of: alias) ?? defaultBusiness
        else { return .done() }
        do throws(QueueError) {
            guard
                case .full = try await queue.enqueue(
                    OwnMessageJob.job(for: message.owned(by: tenant), traceparent: job.job.traceparent))
            else { return .done() }
            return .retry(after: nil, reason: "the business's queue is full", refund: true)
        } catch { return Self.outcome(error) }
    }

    private func run(
        _ message: InboundMessage, _ business: Business, _ job: LeasedJob
    ) async throws(StoreError) -> JobOutcome {
        if message.address.isGroup, business.settings.groups ?? .ignore == .ignore { return .done() }
        let left =
            AutomaticText.isOne(message.text, business.settings)
            ? nil : QuietTime.left(of: business.settings, since: message.sentAt, now: .now())
        var following: [Job] = []
        do throws(QueueError) {
            if try await isOurs(message) { return .done() }
            if let left { following.append(try await fallSilent(message, for: left)) }
        } catch { return Self.outcome(error) }
        let written = await rows.write(Self.exchange(message, job), job)
        if Task.isCancelled { return .lost }
        let said = message.text.map { [ChatMessage(role: .assistant, text: $0)] } ?? []
        let lines = said.isEmpty ? [] : await memory.recall(message, job).lines(adding: said)
        return .done(memory: lines, followOn: following + written.following)
    }

    /// By its text, which is kept from before the send on, so that it does not matter whether the send has ended; and by
    /// its id, where its row is written already.
    private func isOurs(_ message: InboundMessage) async throws(QueueError) -> Bool {
        if let digest = message.text.flatMap(SaidText.digest) {
            for conversation in Self.conversations(of: message) {
                if try await queue.hasSaid(digest, to: conversation, of: TenantID(message.tenant)) { return true }
            }
        }
        let id = message.provider == .waha ? WAHAMessageID.stanza(of: message.messageID) : message.messageID
        do throws(StoreError) {
            return try await rows.messages.isSent(
                business: message.tenant, provider: message.provider, providerMessageID: id)
        } catch {
            // Postgres is down: the text has told already.
            return false
        }
    }

    private func fallSilent(_ message: InboundMessage, for left: Duration) async throws(QueueError) -> Job {
        var told: Handover?
        for conversation in Self.conversations(of: message) {
            let handover = try await queue.handOver(
                conversation, of: TenantID(message.tenant), to: .phone, for: left, replaces: false)
            if conversation.rawValue == message.contact { told = handover }
        }
        log.info(
            .handover, "A person has written, the bot is silent",
            [
                .business: .text(message.tenant), .conversation: .masked(message.contact),
                .provider: .text(message.provider.rawValue), .durationMS: .milliseconds(left),
            ])
        return HandoverJob(business: message.tenant, contact: message.contact, told, now: .now()).job(message.messageID)
    }

    /// The conversation, and those that the same contact's messages may be in where only another address is told.
    private static func conversations(of message: InboundMessage) -> [ConversationID] {
        var names = [message.contact]
        for address in [message.address] + message.otherAddresses where !message.address.isGroup {
            for name in [address.phone, address.rawValue].compactMap({ $0 }) where !names.contains(name) {
                names.append(name)
            }
        }
        return names.map { ConversationID($0) }
    }

    private static func exchange(_ message: InboundMessage, _ job: LeasedJob) -> Exchange {
        Exchange(
            business: message.tenant, contact: message.contact,
            addresses: ([message.address] + message.otherAddresses).map(\.rawValue), inbound: [],
            replies: [
                ReplyRow(
                    provider: message.provider, providerMessageID: message.messageID, jobID: job.job.id.rawValue,
                    kind: .person, body: message.text ?? "[\(message.kind.rawValue)]", status: .sent,
                    sentAtMS: message.sentAt.milliseconds)
            ])
    }

    private static func outcome(_ error: QueueError) -> JobOutcome {
        error.mayPass
            ? .retry(after: nil, reason: "queue: \(error)", refund: true) : .giveUp(reason: "queue: \(error)")
    }
}
