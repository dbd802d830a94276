import Native
import Shared

/// Listens to what contacts say and looks at their pictures. What cannot be had is told to the AI in words: it is no reason
/// not to answer.
@LoopActor final class MessageReader {
    let fetcher: MediaFetcher
    let transcriber: Transcriber
    let gate: MediaGate
    /// Whether the AI takes pictures. `AI_VISION`
    let sees: Bool
    let metrics: MediaMetrics
    let log: Log

    init(
        fetcher: MediaFetcher, transcriber: Transcriber, gate: MediaGate, sees: Bool, metrics: MediaMetrics, log: Log
    ) {
        self.fetcher = fetcher
        self.transcriber = transcriber
        self.gate = gate
        self.sees = sees
        self.metrics = metrics
        self.log = log
    }

    /// For everything that came with a job's messages, waiting for a place included.
    static let limit: Duration = .seconds(300)
    /// Unicode scalars of what was heard in one voice message.
    private static let longestTranscript = 16_000

    /// How much longer than others the messages may take.
    func patience(for messages: [AnsweredMessage]) -> Duration {
        messages.allSatisfy { items(of: $0).isEmpty } ? .zero : Self.limit
    }

    /// Lends the turns that the AI is told, one for each message, and how long it took to make them. What was heard is recorded with the job, so that
    /// nobody pays for it twice; pictures are fetched again. The place is held as long as `use` has the turns.
    func read<T: Sendable>(
        _ messages: [AnsweredMessage], for business: Business, _ job: LeasedJob,
        _ use: @LoopActor ([ChatMessage], Duration) async -> T
    ) async throws(LeaseLost) -> T {
        if let turns = turns(of: messages, job.checkpoint) { return await use(turns, .zero) }
        return try await look(at: messages, for: business, job, use)
    }

    /// Not put into `read`: most messages have nothing to look at, and its frame would wait for the AI with them.
    @inline(never) private func look<T: Sendable>(
        at messages: [AnsweredMessage], for business: Business, _ job: LeasedJob,
        _ use: @LoopActor ([ChatMessage], Duration) async -> T
    ) async throws(LeaseLost) -> T {
        let start = MonotonicInstant.now(), hasPlace = try await takePlace()
        defer { if hasPlace { gate.leave() } }
        var turns: [ChatMessage] = []
        for message in messages {
            var perceptions: [PerceivedMessage.Perception] = []
            for item in items(of: message) {
                let left = hasPlace ? Self.limit - (MonotonicInstant.now() - start) : .zero
                perceptions.append(try await perceive(item, of: message.message, business, job, within: left))
            }
            turns.append(PerceivedMessage(message: message.message, perceptions: perceptions).turn)
        }
        return await use(turns, MonotonicInstant.now() - start)
    }

    private func items(of message: AnsweredMessage) -> [PerceivedMessage.Item] {
        PerceivedMessage.items(of: message.message, sees: sees, from: message.firstMedia)
    }

    /// Where nothing is left to be read; else nil.
    private func turns(of messages: [AnsweredMessage], _ checkpoint: Checkpoint) -> [ChatMessage]? {
        var turns: [ChatMessage] = []
        for message in messages {
            let known = items(of: message).map { checkpoint[InboundMessage.heardStep($0.index)] }
            guard known.allSatisfy({ $0 != nil }) else { return nil }
            let heard = known.map { PerceivedMessage.Perception.heard($0 ?? "") }
            turns.append(PerceivedMessage(message: message.message, perceptions: heard).turn)
        }
        return turns
    }

    /// False when there was none within the limit.
    private func takePlace() async throws(LeaseLost) -> Bool {
        let gate = gate
        do {
            try await withDeadline(Self.limit) { try await gate.enter() }
            return true
        } catch is DeadlineExceeded {
            return false
        } catch {
            throw LeaseLost()
        }
    }

    private func perceive(
        _ item: PerceivedMessage.Item, of message: InboundMessage, _ business: Business, _ job: LeasedJob,
        within limit: Duration
    ) async throws(LeaseLost) -> PerceivedMessage.Perception {
        if let heard = job.checkpoint[InboundMessage.heardStep(item.index)] { return .heard(heard) }
        let start = MonotonicInstant.now()
        do throws(MediaFault) {
            let media = try await fetcher.fetch(
                item.media, of: message, for: business, wanted: item.family, within: limit)
            let perception: PerceivedMessage.Perception =
                switch item.family {
                case .image: .seen(dataURL: "data:\(media.type.mimeType);base64,\(Base64.encode(media.bytes))")
                case .audio:
                    .heard(
                        try await hear(media, item, business, job, within: limit - (MonotonicInstant.now() - start)))
                }
            note(item, nil, job, MonotonicInstant.now() - start)
            return perception
        } catch {
            if error == .cancelled { throw LeaseLost() }
            note(item, error, job, MonotonicInstant.now() - start)
            return item.family == .image ? .unseen : .unheard
        }
    }

    private func hear(
        _ media: FetchedMedia, _ item: PerceivedMessage.Item, _ business: Business, _ job: LeasedJob,
        within limit: Duration
    ) async throws(MediaFault) -> String {
        let text = try await transcriber.transcribe(
            media, for: business, traceparent: job.job.traceparent, within: limit)
        let kept = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.longestTranscript)))
        do throws(LeaseLost) {
            try await job.checkpoint.record(InboundMessage.heardStep(item.index), kept)
        } catch { throw .cancelled }
        return kept
    }

    private func note(_ item: PerceivedMessage.Item, _ fault: MediaFault?, _ job: LeasedJob, _ took: Duration) {
        metrics.ended(item.family, isRead: fault == nil)
        let id = LogValue.text(job.job.id.rawValue), kind = LogValue.text(item.family.rawValue)
        if let fault {
            log.warning(
                .mediaFailed, "A voice message or picture could not be read",
                [.jobID: id, .kind: kind, .error: .text(fault.detail), .durationMS: .milliseconds(took)])
        } else {
            log.info(
                .mediaRead, "A voice message or picture was read",
                [.jobID: id, .kind: kind, .durationMS: .milliseconds(took)])
        }
    }
}
