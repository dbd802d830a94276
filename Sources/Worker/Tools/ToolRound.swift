import Native
import Shared

/// Runs the calls of one round that have no result yet, all at once, and records each result as it comes.
///
/// Running it again after a crash repeats the calls whose result was not recorded, under the same key.
@LoopActor struct ToolRound {
    let caller: ToolCaller
    let metrics: ToolMetrics
    let log: Log
    let tools: [Tool]
    let job: Job
    let checkpoint: Checkpoint
    /// From 0.
    let number: Int
    let deadline: MonotonicInstant

    /// The results by the calls' places.
    ///
    /// - Throws: when a result could not be recorded, because the lease is lost; tools may have been called.
    func run(_ calls: [(index: Int, call: ToolCall)]) async throws(LeaseLost) -> [Int: String] {
        let running = calls.map { index, call in
            (index: index, task: LoopActor.loop.spawn { [self] in await result(of: call, index) })
        }
        let results = await withTaskCancellationHandler {
            await Self.results(of: running)
        } onCancel: {
            for one in running { one.task.cancel() }
        }
        guard let results else { throw LeaseLost() }
        return results
    }

    /// nil when one has none; all are waited for.
    private static func results(of running: [(index: Int, task: Task<String?, Never>)]) async -> [Int: String]? {
        var results: [Int: String] = [:]
        for one in running { results[one.index] = await one.task.value }
        return results.count == running.count ? results : nil
    }

    /// nil when the lease is lost.
    private func result(of call: ToolCall, _ index: Int) async -> String? {
        do {
            try await checkpoint.requireLease()
            let start = MonotonicInstant.now()
            let result = try await result(of: call, key: "\(job.id.rawValue)-\(number)-\(index)")
            report(call, result, took: .now() - start)
            try await checkpoint.record(ToolRecord.step(number, index), result.text)
            return result.text
        } catch {
            return nil
        }
    }

    private func result(of call: ToolCall, key: String) async throws(CancellationError) -> ToolResult {
        guard let tool = tools.first(where: { $0.name == call.name }) else {
            return ToolResult(.refused, "There is no tool of that name.")
        }
        return try await caller.run(
            ToolCaller.Call(
                tool: tool, arguments: call.arguments, key: key, traceparent: job.traceparent,
                limit: max(.milliseconds(1), deadline - .now())))
    }

    private func report(_ call: ToolCall, _ result: ToolResult, took: Duration) {
        metrics.ended(result.outcome, took: took)
        // The AI may ask for names that nobody gave.
        let isKnown = tools.contains { $0.name == call.name }
        log.info(
            .toolCall, "Tool called",
            [
                .jobID: .text(job.id.rawValue), .business: .text(job.tenant.rawValue),
                .tool: .text(isKnown ? call.name : "?"), .reason: .text(result.outcome.rawValue),
                .status: .int(result.status ?? 0), .durationMS: .milliseconds(took),
            ])
    }
}
