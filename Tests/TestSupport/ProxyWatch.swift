/// Sees what a client sends over one connection of a `TCPProxy`, and may end that. Called on the connection's threads.
package protocol ProxyWatch: Sendable {
    /// What is to become of these bytes, which follow those before.
    func judge(_ bytes: [UInt8]) -> ProxyVerdict

    /// Something that the server said after `.passUnanswered` was dropped.
    func droppedReply()
}

package enum ProxyVerdict: Sendable {
    case pass
    /// Neither these bytes nor anything after them gets through, in either direction; neither end is told.
    case stop
    /// The server gets them, and the client hears nothing any more.
    case passUnanswered
}
