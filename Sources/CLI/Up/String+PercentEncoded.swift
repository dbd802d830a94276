import Native

extension String {
    /// For any part of a URL. A slash needs no cover where we use it.
    var percentEncoded: String { PercentEncoding.encode(self, sparing: "-._~/") }
}
