import Native
import Shared

/// `rejoinder config`: the values in force, and every variable with its default and meaning.
struct ConfigCommand {
    let json: Bool

    /// Returns what to print. A wrong environment ends the process with status 78, all faults on the error output.
    func output(environment: [String: String]) -> String {
        let configuration = Configuration.load(role: .tool, environment: environment)
        return json ? Self.json(configuration.reports) : Self.table(configuration.reports)
    }

    static func table(_ reports: [SettingReport]) -> String {
        let width = reports.map(\.name.count).max() ?? 0
        return reports.map { report in
            let name = report.name + String(repeating: " ", count: width - report.name.count)
            let origin = report.isSet ? "set" : report.defaultValue == nil ? "not set" : "default"
            var text = "\(name)  \(report.value ?? "-")  (\(origin)"
            if report.isSet, let standard = report.defaultValue { text += "; default \(standard)" }
            return text + ")\n" + String(repeating: " ", count: width + 2) + report.meaning + "\n"
        }.joined()
    }

    static func json(_ reports: [SettingReport]) -> String {
        var json = JSONWriter()
        json.beginArray()
        for report in reports {
            json.beginObject()
            json.field("name", report.name)
            json.field("value", orNull: report.value)
            json.field("default", orNull: report.defaultValue)
            json.field("set", report.isSet)
            json.field("meaning", report.meaning)
            json.endObject()
        }
        json.endArray()
        return json.text + "\n"
    }
}
