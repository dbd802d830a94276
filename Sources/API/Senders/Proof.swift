import Native
import Shared

extension [Secret] {
    /// Whether the text is one of these, in a time that does not tell which or how much of it.
    func contains(_ given: String) -> Bool { prove { constantTimeEquals(given, $0) } }
}

extension [Secret] {
    /// Those of a business's settings that are set.
    init(settings: String?...) { self = settings.compactMap { $0.flatMap { $0.isEmpty ? nil : Secret($0) } } }
}

extension HTTPRequest {
    /// Lends the body's JSON to `read`, and says to the sender what is wrong with it.
    func json<T>(_ read: @LoopActor (JSONElement) throws(JSONError) -> T) throws(APIError) -> T {
        do throws(JSONError) { return try JSON.read(body, read) } catch { throw .badRequest(error.message) }
    }
}

extension JSONError {
    /// What and where, for the sender.
    var message: String {
        switch self {
        case .malformed(let detail): "the body is not valid JSON: \(detail)"
        case .unexpected(let detail): detail
        }
    }
}

enum ContentType {
    /// Whether a `Content-Type` names JSON, with or without parameters.
    static func isJSON(_ value: String?) -> Bool {
        if value == "application/json" { return true }
        guard let type = plain(value) else { return false }
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }

    /// Whether it names a form, with or without parameters.
    static func isForm(_ value: String?) -> Bool {
        let form = "application/x-www-form-urlencoded"
        return value == form || plain(value) == form
    }

    private static func plain(_ value: String?) -> String? {
        value?.split(separator: ";").first?.trimmingSpaces().lowercased()
    }
}
