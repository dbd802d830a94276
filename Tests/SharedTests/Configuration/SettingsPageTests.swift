import Foundation
import Shared
import Testing

@Suite("docs/settings.md")
struct SettingsPageTests {
    /// Rows of the page's table: name, default, meaning.
    private func rows() throws -> [[String]] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../../docs/settings.md")
        return try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `lists every variable that the program reads, in its order, with its default and meaning`() throws {
        let reports = try Configuration(environment: [:], role: .tool).reports
        let expected = reports.map { ["`\($0.name)`", $0.defaultValue.map { "`\($0)`" } ?? "-", $0.meaning] }
        #expect(try rows() == expected)
    }
}
