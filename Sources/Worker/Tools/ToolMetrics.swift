import Native
import Shared

/// Calls of tools by how they ended.
@LoopActor struct ToolMetrics {
    private let seconds: Histogram
    private let calls: [ToolResult.Outcome: Counter]

    init(_ metrics: Metrics) {
        seconds = metrics.histogram(.toolSeconds)
        calls = Dictionary(
            uniqueKeysWithValues: ToolResult.Outcome.allCases.map {
                ($0, metrics.counter(.toolCalls, [.outcome: $0.rawValue]))
            })
    }

    func ended(_ outcome: ToolResult.Outcome, took: Duration) {
        calls[outcome]?.increment()
        // A refused one took no time of a tool's.
        if outcome != .refused { seconds.observe(took) }
    }
}
