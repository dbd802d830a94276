/// Text that must not be seen: it prints as dots wherever it ends up by accident.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself. Name it only where it is used for what it is.
    package let exposed: String

    package init(_ text: String) { exposed = text }

    package var description: String { "•••" }
    package var debugDescription: String { description }
}

extension Secret: CustomReflectable {
    /// So that `dump` and test failures do not print it either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
