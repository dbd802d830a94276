import Native
import Shared

/// Asks the AI, calls the tools that it asks for, and asks again with what came of them, until there is a text.
///
/// Every step is recorded before the next, so that a tool is not called twice: see `ToolRecord`.
@LoopActor final class Assistant {
    /// A class, because each step of the call would hold a copy of the value, 300 bytes.
    final class Question: Sendable {
        let business: Business
        /// Prompt, memory and message.
        let messages: [ChatMessage]
        /// Of everything together.
        let limit: Duration
        let job: Job
        /// An operator asked for the answer.
        let insists: Bool

        init(business: Business, messages: [ChatMessage], limit: Duration, job: Job, insists: Bool = false) {
            self.business = business
            self.messages = messages
            self.limit = limit
            self.job = job
            self.insists = insists
        }
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
        let deadline = MonotonicInstant.now() + question.limit
        var record = ToolRecord(checkpoint.recorded)
        while true {
            if !record.open.isEmpty { try await callTools(question, checkpoint, &record, by: deadline) }
            let mayCall =
                !question.business.tools.isEmpty && record.rounds.count < settings.toolRounds && record.hasRoom
            switch try await ask(question, record, mayCall: mayCall, within: deadline - .now()) {
            case .text(let text): return text
            case .calls(let turn):
                // Words beside a call that may not be made are an answer.
                if !mayCall, !turn.text.isEmpty { return turn.text }
                guard mayCall else { throw .transient("asks for tools that it was not given", retryAfter: nil) }
                try await keep(turn, checkpoint, &record)
            }
        }
    }

    // The two steps of a tool's call are not put into `answer`: most answers have none, and its frame waits for the AI.

    /// Runs the calls of the last round that have no result yet.
    @inline(never) private func callTools(
        _ question: Question, _ checkpoint: Checkpoint, _ record: inout ToolRecord, by deadline: MonotonicInstant
    ) async throws(AIError) {
        // With no time left a tool would be called and not heard.
        guard deadline > .now() else { throw .transient("timeout", retryAfter: nil) }
        let round = ToolRound(
            caller: caller, metrics: metrics, log: log, tools: question.business.tools, job: question.job,
            checkpoint: checkpoint, number: record.rounds.count - 1, deadline: deadline)
        do throws(LeaseLost) {
            for (index, result) in try await round.run(record.open) { record.note(result, of: index) }
        } catch {
            throw .cancelled
        }
    }

    @inline(never) private func keep(
        _ turn: ChatMessage, _ checkpoint: Checkpoint, _ record: inout ToolRecord
    ) async throws(AIError) {
        let kept = ToolRecord.bounded(turn)
        do throws(LeaseLost) {
            try await checkpoint.record(
                ToolRecord.step(record.rounds.count), String(decoding: kept.line, as: UTF8.self))
        } catch {
            throw .cancelled
        }
        record.begin(kept)
    }

    private func ask(
        _ question: Question, _ record: ToolRecord, mayCall: Bool, within limit: Duration
    ) async throws(AIError) -> ChatAnswer {
        try await ai.complete(call(question, record, mayCall: mayCall, within: limit))
    }

    @inline(never) private func call(
        _ question: Question, _ record: ToolRecord, mayCall: Bool, within limit: Duration
    ) -> ChatCompletions.Call {
        let business = question.business
        let request = ChatRequest(
            model: business.aiModel ?? settings.model, messages: question.messages + record.messages,
            tools: mayCall ? business.tools : [], temperature: settings.temperature(of: business.settings),
            maxTokens: settings.maxTokens(of: business.settings), tokensParameter: settings.tokensParameter)
        return ChatCompletions.Call(
            server: settings.server(of: business.settings), request: request, limit: limit,
            traceparent: question.job.traceparent, insists: question.insists)
    }
}
