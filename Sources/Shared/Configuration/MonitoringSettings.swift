/// What worker and scheduler show of themselves.
package struct MonitoringSettings: Sendable {
    /// Health and metrics of worker and scheduler; nil: the executable's own default; 0: off. `METRICS_PORT`
    package let port: Int?

    init(_ reader: inout EnvironmentReader) {
        port = reader.optionalInt(
            "METRICS_PORT", default: "worker 9101, scheduler 9102", in: 0...65535,
            "port of health and metrics; 0 = off")
    }
}
