import Native
import Shared

/// Does one kind of work.
@LoopActor protocol JobHandler {
    /// The version of the payload that this handler reads.
    var version: Int { get }

    /// Does the work. A job runs at least once: what running it twice does stands with each handler.
    func run(_ job: LeasedJob) async -> JobOutcome
}

/// Every kind of work this worker knows, by the job's name.
@LoopActor struct HandlerTable {
    private let handlers: [String: any JobHandler]

    init(_ handlers: [String: any JobHandler]) { self.handlers = handlers }

    /// A job of an unknown name or version is dead with that reason, never dropped.
    func run(_ job: LeasedJob) async -> JobOutcome {
        let name = job.job.name, version = job.job.version
        guard let handler = handlers[name] else { return .giveUp(reason: "unknown job \(name)") }
        guard handler.version == version else { return .giveUp(reason: "unknown version \(version) of \(name)") }
        return await handler.run(job)
    }
}
