import Native
import Shared

/// `keep_media`: fetches what came with a message and keeps it in `MEDIA_DIR`, with what was heard in it as a text beside it;
/// the message's row then names the files.
///
/// Running it twice writes the same files again.
@LoopActor struct KeepMediaHandler: JobHandler {
    static let name = "keep_media"
    let version = 1

    /// nil: nothing is kept.
    let archive: MediaArchive?
    let businesses: BusinessCache
    let fetcher: MediaFetcher
    let messages: MessageStore
    let log: Log

    /// For one file.
    private static let limit: Duration = .seconds(120)

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let archive else { return .giveUp(reason: "MEDIA_DIR is not set here") }
        guard let kept = try? JSON.read(job.job.payload, { MediaToKeep(payload: $0) }) ?? nil else {
            return .giveUp(reason: "payload is no message with media")
        }
        do throws(StoreError) {
            // Who is gone has nothing kept.
            guard let business = try await businesses.business(kept.message.tenant) else { return .done() }
            return try await keep(kept, of: business, archive, job)
        } catch {
            return Task.isCancelled ? .lost : .retry(after: nil, reason: "media: \(error)", refund: error.isOutage)
        }
    }

    private func keep(
        _ kept: MediaToKeep, of business: Business, _ archive: MediaArchive, _ job: LeasedJob
    ) async throws(StoreError) -> JobOutcome {
        for (place, media) in kept.media.enumerated() {
            let file = KeptFile(
                business: business.id, job: kept.job, place: place,
                acceptedAt: WallTime(milliseconds: Int64(kept.acceptedAtMS)))
            let path: String
            do {
                let (bytes, claim) = try await fetcher.fetch(
                    media, of: kept.message, for: business, within: Self.limit)
                path = try await archive.keep(
                    bytes, as: file, KeptFile.fileExtension(of: bytes, claim: claim))
                if let heard = kept.heard[place] {
                    _ = try await archive.keep(Array(heard.utf8), as: file, "transcript.txt")
                }
            } catch {
                if let outcome = outcome(of: error, job) { return outcome }
                continue
            }
            guard
                try await messages.noteFile(
                    path, place: place, business: business.id, job: kept.job.rawValue)
            else { return .retry(after: nil, reason: "the message's row is not there yet", refund: false) }
        }
        return .done()
    }

    /// nil: that file will never be had, and the others may be.
    private func outcome(of error: any Error, _ job: LeasedJob) -> JobOutcome? {
        if Task.isCancelled { return .lost }
        switch error {
        case MediaFault.cancelled: return .lost
        case MediaFault.unavailable(let detail): return .retry(after: nil, reason: "media: \(detail)", refund: false)
        case let fault as MediaFault:
            log.warning(
                .mediaFailed, "Media could not be kept",
                [.jobID: .text(job.job.id.rawValue), .error: .text(fault.detail)])
            return nil
        // A disk that is full or away is an outage, and no fault of the job's.
        default: return .retry(after: .seconds(30), reason: "MEDIA_DIR: \(error)", refund: true)
        }
    }

    /// The jobs that keep what came with messages.
    ///
    /// - Parameters:
    ///   - steps: of the job that answered them.
    ///   - job: that one.
    static func jobs(for messages: [AnsweredMessage], steps: [String: String], after job: Job) -> [Job] {
        messages.compactMap { answered in
            guard let kept = MediaToKeep(answered, steps: steps) else { return nil }
            return Job(
                id: JobID("media-\(kept.job)"), name: name, lane: .recordings, tenant: job.tenant, conversation: nil,
                traceparent: job.traceparent, payload: kept.payload)
        }
    }
}
