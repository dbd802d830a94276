/// An HTTP call that a business lets its AI make.
package struct Tool: Sendable, Equatable, Codable {
    package var name: String
    package var description: String
    /// JSON schema of the arguments, as JSON text.
    package var parameters: String
    package var url: String
    package var method: String
    package var headers: [String: String]
    /// More than 0.
    package var timeoutMS: Int
    package var enabled: Bool

    package init(
        name: String, description: String = "", parameters: String = "{}", url: String, method: String = "POST",
        headers: [String: String] = [:], timeoutMS: Int = 5000, enabled: Bool = true
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.url = url
        self.method = method
        self.headers = headers
        self.timeoutMS = timeoutMS
        self.enabled = enabled
    }

    /// As OpenAI takes names of functions. Source: its API reference, "tools".
    package static func isValid(name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
    }

    /// For people.
    package static let nameRule = "1 to 64 letters, digits, _ and -"

    enum CodingKeys: String, CodingKey {
        case name, description, parameters, url, method, headers, enabled
        case timeoutMS = "timeout_ms"
    }
}
