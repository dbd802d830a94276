extension String {
    /// A URL to put a path behind. Every URL of a provider's and `PUBLIC_URL` goes through it once, where it is read.
    package var withoutTrailingSlashes: String {
        var rest = self[...]
        while rest.hasSuffix("/") { rest.removeLast() }
        return String(rest)
    }
}
