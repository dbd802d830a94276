import Native

/// The metrics of one process, written in Prometheus' text format 0.0.4.
@LoopActor package final class Metrics {
    package typealias Labels = KeyValuePairs<MetricLabel, String>

    private enum Instrument {
        case counter(Counter)
        /// A counter that somebody else keeps.
        case total(@LoopActor () -> Double)
        case histogram(Histogram)
        case gauge(@LoopActor () -> Double)

        var type: String {
            switch self {
            case .counter, .total: "counter"
            case .histogram: "histogram"
            case .gauge: "gauge"
            }
        }
    }

    /// By name, then by the labels' text, in the order of their making.
    private var instruments: [MetricName: [(labels: String, instrument: Instrument)]] = [:]

    package init() {}

    /// The counter of that name and those labels; made at the first call.
    package func counter(_ name: MetricName, _ labels: Labels = [:]) -> Counter {
        if case .counter(let counter) = find(name, labels) { return counter }
        let counter = Counter()
        add(name, labels, .counter(counter))
        return counter
    }

    /// Asks `read`, which only grows, for the value at each scrape.
    package func total(_ name: MetricName, _ labels: Labels = [:], _ read: @escaping @LoopActor () -> Double) {
        add(name, labels, .total(read))
    }

    /// The histogram of that name and those labels; made at the first call with `bounds`, in seconds.
    package func histogram(
        _ name: MetricName, _ labels: Labels = [:], bounds: [Double] = Metrics.latencyBounds
    ) -> Histogram {
        if case .histogram(let histogram) = find(name, labels) { return histogram }
        let histogram = Histogram(bounds: bounds)
        add(name, labels, .histogram(histogram))
        return histogram
    }

    /// Asks `read` for the value at each scrape.
    package func gauge(_ name: MetricName, _ labels: Labels = [:], _ read: @escaping @LoopActor () -> Double) {
        add(name, labels, .gauge(read))
    }

    /// From half a millisecond to two minutes.
    package nonisolated static let latencyBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 12, 30, 60, 120,
    ]

    package var text: String {
        MetricName.allCases.map { name in
            guard let all = instruments[name], let first = all.first else { return "" }
            let head = "# HELP \(name.rawValue) \(name.help)\n# TYPE \(name.rawValue) \(first.instrument.type)\n"
            return head + all.map { lines(name.rawValue, $0.labels, $0.instrument) }.joined()
        }.joined()
    }

    private func lines(_ name: String, _ labels: String, _ instrument: Instrument) -> String {
        let braced = labels.isEmpty ? "" : "{\(labels)}"
        switch instrument {
        case .counter(let counter): return "\(name)\(braced) \(number(counter.value))\n"
        case .gauge(let read), .total(let read): return "\(name)\(braced) \(number(read()))\n"
        case .histogram(let histogram):
            let comma = labels.isEmpty ? "" : ","
            var total = 0, text = ""
            for (bound, count) in zip(histogram.bounds, histogram.counts) {
                total += count
                text += "\(name)_bucket{\(labels)\(comma)le=\"\(number(bound))\"} \(total)\n"
            }
            return text + "\(name)_bucket{\(labels)\(comma)le=\"+Inf\"} \(histogram.count)\n"
                + "\(name)_sum\(braced) \(number(histogram.sum))\n\(name)_count\(braced) \(histogram.count)\n"
        }
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private func find(_ name: MetricName, _ labels: Labels) -> Instrument? {
        let text = Self.text(labels)
        return instruments[name]?.first { $0.labels == text }?.instrument
    }

    private func add(_ name: MetricName, _ labels: Labels, _ instrument: Instrument) {
        instruments[name, default: []].append((Self.text(labels), instrument))
    }

    private static func text(_ labels: Labels) -> String {
        labels.map { label, value in
            let escaped = value.map { character in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }
            return "\(label.rawValue)=\"\(escaped.joined())\""
        }.joined(separator: ",")
    }
}
