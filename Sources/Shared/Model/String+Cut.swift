extension String {
    /// At most so many Unicode scalars: what a stranger sends as a name may be as long as he likes.
    package func cut(toScalars limit: Int) -> String {
        // Bytes first, which a string knows, and then no further than the limit.
        guard utf8.count > limit,
            let end = unicodeScalars.index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex
        else { return self }
        return String(unicodeScalars[..<end])
    }
}
