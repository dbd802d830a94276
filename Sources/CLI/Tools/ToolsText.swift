import Native
import Shared

/// Tools as a person reads them. Of headers the names only: their values are secrets.
enum ToolsText {
    static func list(_ tools: [Tool]) -> String {
        if tools.isEmpty { return "No tool.\n" }
        var table = TextTable(
            columns: [
                .init(title: "NAME"), .init(title: "STATE"), .init(title: "METHOD"), .init(title: "URL"),
                .init(title: "TIMEOUT", isNumber: true), .init(title: "HEADERS"), .init(title: "DESCRIPTION"),
            ])
        for tool in tools {
            table.rows.append([
                Shown.line(tool.name), tool.enabled ? "enabled" : "disabled", Shown.line(tool.method),
                Shown.line(tool.url), "\(tool.timeoutMS) ms",
                tool.headers.isEmpty ? "-" : Shown.line(tool.headers.keys.sorted().joined(separator: ",")),
                Shown.line(tool.description, limit: 60),
            ])
        }
        return table.text
    }

    static func test(_ result: ToolResult, _ took: Duration) -> String {
        let status = result.status.map { ", HTTP \($0)" } ?? ""
        return "\(result.outcome.rawValue)\(status), \(took.milliseconds) ms. The AI would be told:\n"
            + Shown.printable(result.text) + "\n"
    }
}
