/// Reads variables one after another and keeps every fault for the end, together with a report of all it read.
///
/// An empty value counts as not set. `NAME_FILE` names a file to read the value of `NAME` from (Docker secrets); its
/// last line feed is dropped.
package struct EnvironmentReader {
    private let environment: [String: String]
    private let readFile: (String) -> String?
    package private(set) var problems: [String] = []
    package private(set) var reports: [SettingReport] = []

    /// - Parameter readFile: a file's text, or nil when it cannot be read.
    package init(_ environment: [String: String], readFile: @escaping (String) -> String? = { _ in nil }) {
        self.environment = environment
        self.readFile = readFile
    }

    package mutating func reject(_ problem: String) { problems.append(problem) }

    // MARK: Text

    /// - Parameter standard: what stands in its place, for people.
    package mutating func optional(_ name: String, default standard: String? = nil, _ meaning: String) -> String? {
        let value = raw(name)
        report(name, value ?? standard, standard, meaning, isSet: value != nil)
        return value
    }

    package mutating func string(_ name: String, default standard: String, _ meaning: String) -> String {
        let value = raw(name)
        report(name, value ?? standard, standard, meaning, isSet: value != nil)
        return value ?? standard
    }

    /// A text whose default the reader of the value knows; `standard` tells people what it is.
    package mutating func optionalString(_ name: String, default standard: String, _ meaning: String) -> String? {
        let value = raw(name)
        report(name, value ?? standard, standard, meaning, isSet: value != nil)
        return value
    }

    package mutating func secret(
        _ name: String, required: Bool = false, example: String = "$(openssl rand -hex 32)", _ meaning: String
    ) -> Secret? {
        let value = raw(name)
        if required, value == nil { reject("\(name) is not set; example: \(name)=\(example)") }
        report(name, value.map { _ in Secret("").description }, nil, meaning, isSet: value != nil)
        return value.map(Secret.init)
    }

    /// A URL with one of `schemes`. A password in it is masked in the report.
    package mutating func url(
        _ name: String, default standard: String?, schemes: [String], example: String, _ meaning: String
    ) -> String? {
        let value = raw(name)
        report(name, (value ?? standard).map(Self.maskingPassword), standard, meaning, isSet: value != nil)
        guard let value else { return standard }
        let isFit = schemes.contains { value.hasPrefix($0 + "://") && value.utf8.count > $0.utf8.count + 3 }
        if !isFit || value.utf8.contains(where: { $0 <= 0x20 }) {
            let forms = schemes.map { $0 + "://" }.joined(separator: " or ")
            reject("\(name)=\"\(Self.maskingPassword(value))\" must begin with \(forms); example: \(name)=\(example)")
        }
        return value
    }

    // MARK: Numbers

    package mutating func int(
        _ name: String, default standard: Int, in range: ClosedRange<Int>, _ meaning: String
    ) -> Int {
        let value = raw(name)
        report(name, value ?? "\(standard)", "\(standard)", meaning, isSet: value != nil)
        return value.flatMap { number(name, $0, in: range, example: "\(standard)") } ?? standard
    }

    /// A number whose default the reader of the value knows; `standard` tells people what it is.
    package mutating func optionalInt(
        _ name: String, default standard: String, in range: ClosedRange<Int>, _ meaning: String
    ) -> Int? {
        let value = raw(name)
        report(name, value ?? standard, standard, meaning, isSet: value != nil)
        return value.flatMap { number(name, $0, in: range, example: "\(range.upperBound)") }
    }

    /// Rejects what is no number or out of range.
    private mutating func number(
        _ name: String, _ value: String, in range: ClosedRange<Int>, example: String
    ) -> Int? {
        if let number = Int(value), range.contains(number) { return number }
        reject(
            "\(name)=\"\(value)\" must be a whole number from \(range.lowerBound) to \(range.upperBound); "
                + "example: \(name)=\(example)")
        return nil
    }

    /// A number, also with a fraction, whose default the reader of the value knows.
    package mutating func optionalNumber(
        _ name: String, default standard: String, in range: ClosedRange<Double>, _ meaning: String
    ) -> Double? {
        let value = raw(name)
        report(name, value ?? standard, standard, meaning, isSet: value != nil)
        guard let value else { return nil }
        if let number = Double(value), range.contains(number) { return number }
        reject(
            "\(name)=\"\(value)\" must be a number from \(range.lowerBound) to \(range.upperBound); "
                + "example: \(name)=\(range.lowerBound)")
        return nil
    }

    package mutating func seconds(
        _ name: String, default standard: Int, in range: ClosedRange<Int> = 1...31_536_000, _ meaning: String
    ) -> Duration {
        .seconds(int(name, default: standard, in: range, meaning))
    }

    package mutating func flag(_ name: String, default standard: Bool, _ meaning: String) -> Bool {
        let standardText = standard ? "1" : "0"
        let value = raw(name)
        report(name, value ?? standardText, standardText, meaning, isSet: value != nil)
        switch value {
        case nil: return standard
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        case let value?:
            reject("\(name)=\"\(value)\" must be 1 or 0; example: \(name)=\(standardText)")
            return standard
        }
    }

    package mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default standard: Choice, _ meaning: String
    ) -> Choice where Choice.RawValue == String {
        let value = raw(name)
        report(name, value ?? standard.rawValue, standard.rawValue, meaning, isSet: value != nil)
        guard let value else { return standard }
        guard let choice = Choice(rawValue: value) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            reject("\(name)=\"\(value)\" must be one of \(names); example: \(name)=\(standard.rawValue)")
            return standard
        }
        return choice
    }

    // MARK: Parts

    private mutating func raw(_ name: String) -> String? {
        if let value = environment[name], !value.isEmpty { return value }
        guard let path = environment[name + "_FILE"], !path.isEmpty else { return nil }
        guard var text = readFile(path) else {
            reject("\(name)_FILE=\"\(path)\" cannot be read; example: \(name)_FILE=/run/secrets/\(name.lowercased())")
            return nil
        }
        while text.hasSuffix("\n") || text.hasSuffix("\r") { text.removeLast() }
        return text.isEmpty ? nil : text
    }

    private mutating func report(
        _ name: String, _ value: String?, _ standard: String?, _ meaning: String, isSet: Bool
    ) {
        reports.append(
            SettingReport(name: name, value: value, defaultValue: standard, meaning: meaning, isSet: isSet))
    }

    /// `scheme://user:•••@host/…`
    static func maskingPassword(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@"), let slashes = url.firstRange(of: "://")?.upperBound, slashes < at,
            let colon = url[slashes..<at].firstIndex(of: ":")
        else { return url }
        return url[...colon] + "•••" + url[at...]
    }
}
