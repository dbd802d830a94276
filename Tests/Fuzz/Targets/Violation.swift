/// A promise that an input broke.
package struct Violation: Error, CustomStringConvertible {
    package let description: String
}

/// Throws unless the promise holds.
func hold(_ isKept: Bool, _ promise: @autoclosure () -> String) throws(Violation) {
    if !isKept { throw Violation(description: promise()) }
}
