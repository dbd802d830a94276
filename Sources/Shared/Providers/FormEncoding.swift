import Native

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5), as Twilio takes it.
package enum FormEncoding {
    package static func encode(_ fields: [(String, String)]) -> String {
        fields.map { percent($0.0) + "=" + percent($0.1) }.joined(separator: "&")
    }

    private static func percent(_ text: String) -> String {
        PercentEncoding.encode(text, sparing: "-._* ").replacing(" ", with: "+")
    }
}
