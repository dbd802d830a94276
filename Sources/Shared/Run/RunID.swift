import Native

/// A name for this run of this process that no other has.
package enum RunID {
    /// `worker-` and 12 hexadecimal digits.
    package static func make(_ role: String) -> String { "\(role)-\(Hex.encode(randomBytes(6)))" }
}
