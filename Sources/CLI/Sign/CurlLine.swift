/// A request as a line for `sh`. curl posts where there is a body, and gets where there is none.
struct CurlLine: CustomStringConvertible {
    let request: SampleRequest
    /// Where the API is, without a slash at its end.
    let base: String
    /// Whether secrets are left to the shell's variables.
    var isMasked = false

    var description: String {
        var words = ["curl", "-sS", "-i", "--globoff", "-w", #"'\n'"#]
        words.append(url)
        for header in request.headers { words += ["-H", word(header)] }
        if !request.body.isEmpty { words += ["--data-binary", Self.quoted(request.body)] }
        return words.joined(separator: " ")
    }

    private var url: String {
        guard isMasked, let target = request.maskedTarget else { return Self.quoted(base + request.target) }
        return Self.expanded(base, variable: "") + Self.expanded(target, variable: SenderKeys.verifyVariable)
    }

    private func word(_ header: SampleRequest.Header) -> String {
        guard isMasked, let place = header.place else { return Self.quoted("\(header.name): \(header.value)") }
        return #""\#(header.name): \#(place.shellVariable)""#
    }

    /// In single quotes, inside which nothing is special to `sh` but the quote itself.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }

    /// In single quotes but for `$variable`.
    private static func expanded(_ text: String, variable: String) -> String {
        guard !variable.isEmpty, let place = text.firstRange(of: "$" + variable) else { return quoted(text) }
        return quoted(String(text[..<place.lowerBound])) + "\"$\(variable)\""
            + quoted(String(text[place.upperBound...]))
    }
}
