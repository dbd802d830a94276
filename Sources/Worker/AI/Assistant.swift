import Native
import Shared

/// Asks the AI, calls the tools that it asks for, and asks again with what came of them, until there is a text.
///
/// Every step is recorded before the next, so that a tool is not called twice: see `ToolRecord`.
@LoopActor final class Assistant {
    struct Question: Sendable {
        var business: Business
        /// Prompt, memory and message.
        var messages: [ChatMessage]
        /// Of everything together.
        var limit: Duration
        var job: Job
        /// An operator asked for the answer.
        var insists = false
    }

    let ai: ChatCompletions
    let caller: ToolCaller
    let settings: AISettings
    let metrics: ToolMetrics
    let log: Log

    init(ai: ChatCompletions, caller: ToolCaller, settings: AISettings, metrics: ToolMetrics, log: Log) {
        self.ai = ai
        self.caller = caller
        self.settings = settings
        self.metrics = metrics
        self.log = log
    }

    /// Never empty.
    func answer(_ question: Question, _ checkpoint: Checkpoint) async throws(AIError) -> String {
        let deadline = MonotonicInstant.now() + question.limit, tools = question.business.tools
        var record = ToolRecord(checkpoint.recorded)
        while true {
            let calls = record.open
            if !calls.isEmpty {
                // With no time left a tool would be called and not heard.
                guard deadline > .now() else { throw .transient("timeout", retryAfter: nil) }
                let round = ToolRound(
                    caller: caller, metrics: metrics, log: log, tools: tools, job: question.job, checkpoint: checkpoint,
                    number: record.rounds.count - 1, deadline: deadline)
                do throws(LeaseLost) {
                    for (index, result) in try await round.run(calls) { record.note(result, of: index) }
                } catch {
                    throw .cancelled
                }
            }
            let mayCall = !tools.isEmpty && record.rounds.count < settings.toolRounds && record.hasRoom
            switch try await ask(question, record, mayCall: mayCall, within: deadline - .now()) {
            case .text(let text): return text
            case .calls(let turn):
                // Words beside a call that may not be made are an answer.
                if !mayCall, !turn.text.isEmpty { return turn.text }
                guard mayCall else { throw .transient("asks for tools that it was not given", retryAfter: nil) }
                let kept = ToolRecord.bounded(turn)
                do throws(LeaseLost) {
                    try await checkpoint.record(
                        ToolRecord.step(record.rounds.count), String(decoding: kept.line, as: UTF8.self))
                } catch {
                    throw .cancelled
                }
                record.begin(kept)
            }
        }
    }

    private func ask(
        _ question: Question, _ record: ToolRecord, mayCall: Bool, within limit: Duration
    ) async throws(AIError) -> ChatAnswer {
        let business = question.business
        let request = ChatRequest(
            model: business.aiModel ?? settings.model, messages: question.messages + record.messages,
            tools: mayCall ? business.tools : [], temperature: settings.temperature(of: business.settings),
            maxTokens: settings.maxTokens(of: business.settings), tokensParameter: settings.tokensParameter)
        return try await ai.complete(
            ChatCompletions.Call(
                server: settings.server(of: business.settings), request: request, limit: limit,
                traceparent: question.job.traceparent, insists: question.insists))
    }
}
