extension String {
    /// At most so many Unicode scalars: what a stranger sends as a name may be as long as he likes.
    func cut(toScalars limit: Int) -> String {
        guard utf8.count > limit, unicodeScalars.count > limit else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    }
}
