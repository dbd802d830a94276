import Native

/// A name as one segment of a URL's path (RFC 3986, section 3.3).
enum PathSegment {
    static func encode(_ name: String) -> String { PercentEncoding.encode(name, sparing: "-._~@") }
}
